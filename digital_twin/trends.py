"""Where everybody is on the way, along straight lines from corner to corner.

Between two corners a quantity is one multiplication and one addition away, which
is what makes a large fleet cheap. A corner is a mark of the baseline, or where the
course of an episode bends; then that patient's line is drawn anew.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from digital_twin import baselines, courses, episodes, vital_signs
from digital_twin.charted import Codes, number
from digital_twin.cohort import Array
from digital_twin.courses import AS_CHARTED
from digital_twin.episodes import Index
from digital_twin.quantities import FLUTTERING, row
from digital_twin.vital_signs import Level

T = TypeVar("T", Level, Array, Codes)

_LEAST_S: Final = 1e-3
_HEART, _SYSTOLIC = row("heart_rate_bpm"), row("systolic_mmhg")
_PULSE_PRESSURE, _DEFICIT = row("pulse_pressure_mmhg"), row("pulse_deficit_bpm")
_STRETCH: Final = np.float32(0.5)
"""How much of what systolic pressure flutters diastolic does not; our choice."""


class Patients(NamedTuple):
    """All that decides where a cohort is, and the hour of the day at time 0.

    ``on_oxygen`` is 1 for each patient who breathes oxygen from the start on;
    devices that do not tell activity have ``tells_activity`` false.
    """

    body: vital_signs.State
    baseline: baselines.State
    illness: episodes.State
    on_oxygen: Codes
    begins_h: float
    tells_activity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The line that each patient is on, until a time of their own.

    ``levels`` (now) and ``slopes_per_s`` have the shape (quantities, patients),
    ``spreads``, how far each quantity flutters, the shape (fluttering, patients).
    """

    levels: Level
    slopes_per_s: Level
    spreads: Level
    chart: Codes
    until_s: Array


def initial(patients: Patients, at_s: Array) -> State:
    """Return everybody's first line."""
    shape, n = patients.body.set_points.shape, at_s.size
    nowhere = State(
        levels=np.zeros(shape, dtype=np.float32),
        slopes_per_s=np.zeros(shape, dtype=np.float32),
        spreads=np.zeros((FLUTTERING, n), dtype=np.float32),
        chart=np.zeros(n, dtype=np.int64),
        until_s=np.full(n, -np.inf),
    )
    return _drawn(nowhere, np.arange(n), patients, at_s)


def step(
    state: State, patients: Patients, at_s: Array, dt_s: float, begun: Index
) -> State:
    """Return the lines ``dt_s`` later; those who ``begun`` an episode get a new one."""
    levels = state.slopes_per_s * np.float32(dt_s)
    levels += state.levels
    due = at_s > state.until_s
    due[begun] = True
    moved = State(
        levels=levels,
        slopes_per_s=state.slopes_per_s,
        spreads=state.spreads,
        chart=state.chart,
        until_s=state.until_s,
    )
    return _drawn(moved, np.flatnonzero(due), patients, at_s) if due.any() else moved


def levels(state: State, body: vital_signs.State) -> Level:
    """Return what every quantity is in truth, shape (quantities, patients)."""
    now = state.levels.copy()
    flutter = state.spreads * body.averaged
    heart = state.spreads[_HEART] * body.deviations[_HEART]
    now[_DEFICIT] += heart - flutter[_HEART]
    now[_PULSE_PRESSURE] += flutter[_SYSTOLIC] * _STRETCH
    flutter[_HEART] = heart
    now[:FLUTTERING] += flutter
    return now


def _drawn(state: State, i: Index, patients: Patients, at_s: Array) -> State:
    """Return ``state`` with the lines of patients ``i`` drawn anew."""
    now_s = at_s[i]
    until_s = np.maximum(patients.baseline.mark_s + baselines.MARK_S, now_s)
    ill = np.flatnonzero(courses.COURSE[patients.illness.kind[i]])
    course = courses.course(patients.illness, i[ill])
    until_s[ill] = np.minimum(until_s[ill], course.corner_s(now_s[ill]))
    ends = np.stack([now_s, until_s])
    levels = baselines.usual(
        patients.baseline, patients.body.set_points, i, ends, patients.begins_h
    )
    spreads, chart = patients.body.spreads[:, i], _chart(patients, i)
    if ill.size:
        progress = course.progress(ends[:, ill])
        moved, steadier = courses.moved(course, progress, levels[..., ill])
        levels[..., ill] += moved
        spreads[:, ill] *= 1.0 + steadier[0]
        chart[ill] = _of_ill(patients, i[ill], courses.chart(course, progress[0]))
    slopes = (levels[1] - levels[0]) / np.maximum(until_s - now_s, _LEAST_S)
    return State(
        levels=_with(state.levels, i, levels[0]),
        slopes_per_s=_with(state.slopes_per_s, i, slopes),
        spreads=_with(state.spreads, i, spreads),
        chart=_with(state.chart, i, chart),
        until_s=_with(state.until_s, i, until_s),
    )


def _chart(patients: Patients, i: Index) -> Codes:
    activity = patients.baseline.activity[i] * patients.tells_activity
    return number(patients.on_oxygen[i], np.zeros_like(activity), activity)


def _of_ill(patients: Patients, i: Index, told: courses.Chart) -> Codes:
    activity = _unless(told.activity, patients.baseline.activity[i])
    return number(
        _unless(told.on_oxygen, patients.on_oxygen[i]),
        told.consciousness,
        activity * patients.tells_activity,
    )


def _unless(told: Codes, charted: Codes) -> Codes:
    return np.where(told == AS_CHARTED, charted, told)


def _with(old: T, i: Index, new: NDArray[Any]) -> T:
    changed = old.copy()
    changed[..., i] = new
    return changed
