"""Where everybody is on the way, along straight lines from corner to corner.

Between two corners a quantity is one multiplication and one addition away, which
is what makes a large fleet cheap. A corner is a mark of the baseline, or where the
course of an episode bends; then that patient's line is another. All lines of a minute
are drawn at once, at its beginning (``bends``).
"""

from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from digital_twin import baselines, bends, vital_signs
from digital_twin.bends import Bends, Patients
from digital_twin.charted import Codes
from digital_twin.minutes import Minute
from digital_twin.quantities import FLUTTERING, row
from digital_twin.vital_signs import Level

T = TypeVar("T", Level, Codes)

_HEART, _SYSTOLIC = row("heart_rate_bpm"), row("systolic_mmhg")
_PULSE_PRESSURE, _DEFICIT = row("pulse_pressure_mmhg"), row("pulse_deficit_bpm")
_STRETCH: Final = np.float32(0.5)
"""How much of what systolic pressure flutters diastolic does not; our choice."""


class State(NamedTuple):
    """The line that each patient is on, ``since_s`` after the mark of the minute.

    ``lines`` and ``chart`` are as in ``Bends``; ``ahead`` are those of the minute.
    """

    since_s: float
    lines: Level
    chart: Codes
    ahead: Bends


def drawn(patients: Patients, minute: Minute) -> State:
    """Return the lines with which a minute begins, and those ahead."""
    usual = baselines.usual(
        patients.baseline, patients.body.set_points, patients.begins_h
    )
    ahead = bends.drawn(patients, usual, minute)
    begun = State(
        since_s=0.0,
        lines=np.concatenate([*usual, patients.body.spreads]),
        chart=bends.charted(patients),
        ahead=ahead,
    )
    return step(begun, minute.first, minute)


def step(state: State, seq: int, minute: Minute) -> State:
    """Return the lines in the period ``seq`` of the minute; some may bend in it."""
    ahead, turn = state.ahead, seq - minute.first
    begin, end = ahead.turns[turn], ahead.turns[turn + 1]
    lines, chart = state.lines, state.chart
    if begin < end:
        patient = ahead.patient[begin:end]
        lines = _with(lines, patient, ahead.lines[:, begin:end])
        chart = _with(chart, patient, ahead.chart[begin:end])
    return State(since_s=minute.since_s(seq), lines=lines, chart=chart, ahead=ahead)


def middles(state: State) -> Level:
    """Return what every quantity flutters around, shape (quantities, patients)."""
    starts, slopes, _ = bends.parts(state.lines)
    now = slopes * np.float32(state.since_s)
    now += starts
    return now


def levels(state: State, body: vital_signs.State) -> Level:
    """Return what every quantity is in truth, shape (quantities, patients)."""
    now, spreads = middles(state), bends.parts(state.lines)[2]
    fluttering = now[:FLUTTERING]
    pulse_pressure, deficit = now[_PULSE_PRESSURE], now[_DEFICIT]
    flutter = spreads * body.averaged
    deficit += spreads[_HEART] * (body.averaged[_HEART] - body.pulse)
    pulse_pressure += flutter[_SYSTOLIC] * _STRETCH
    fluttering += flutter
    return now


def _with(old: T, i: Codes, new: NDArray[Any]) -> T:
    changed = old.copy()
    changed[..., i] = new
    return changed
