"""What the devices report of a cohort.

Monitors report whole numbers, temperature in tenths of a degree. They average over
seconds, so that one reading differs from the next by what the patient does and by
rounding; what is wrong with a device is an episode or a fault.
"""

import functools
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin import episodes
from digital_twin.charted import CHARTS, Codes
from digital_twin.cohort import Array
from digital_twin.kinds import KINDS
from digital_twin.monitoring import AT_BEDSIDE_EVERY_S, Monitoring
from digital_twin.onsets import Index
from digital_twin.quantities import row
from digital_twin.vital_signs import Level


class Signal(NamedTuple):
    """One number of a device: its name and its finest step."""

    name: str
    resolution: float = 1.0


SIGNALS: Final = (
    Signal("heart_rate_bpm"),
    Signal("pulse_rate_bpm"),
    Signal("spo2_pct"),
    Signal("respiratory_rate_per_min"),
    Signal("systolic_mmhg"),
    Signal("diastolic_mmhg"),
    Signal("temperature_c", resolution=0.1),
    Signal("signal_quality_pct"),
)
"""What a device reports; the order is the order of the rows.

The finest steps are our choice: what bedside monitors commonly show.
"""

QUALITY_PCT: Final[Mapping[str | None, float]] = {
    None: np.nan,
    "rest": 98.0,
    "moving": 75.0,
    "exercise": 55.0,
}
"""How far a device trusts its signal while the patient does that; our choice."""

Where = NDArray[np.bool_]

_INDEX: Final = {signal.name: i for i, signal in enumerate(SIGNALS)}
_FULL_SATURATION_PCT: Final = np.float32(100.0)
_NO_BREATH: Final = np.float32(0.0)
_TENTHS: Final = _INDEX["temperature_c"]
_QUALITY: Final = np.array([QUALITY_PCT[c.activity] for c in CHARTS], dtype=np.float32)
_SILENT: Final = np.array([kind.silent for kind in KINDS])
_MEASURED: Final = np.array([kind.measured for kind in KINDS])
_MISREPORTED: Final = np.array(
    [[signal.name in kind.reports for kind in KINDS] for signal in SIGNALS]
)
_REPORTED: Final = np.array(
    [[kind.reports.get(signal.name, 0.0) for kind in KINDS] for signal in SIGNALS],
    dtype=np.float32,
)


class Readings(NamedTuple):
    """What a cohort's devices read.

    ``values`` has the shape (signals, patients), NaN where nothing is reported;
    ``sent`` is false for a device that says nothing at all.
    """

    values: Level
    sent: Where


class Times(NamedTuple):
    """When each patient's reading is taken, and how long after the last one.

    ``phase``, from 0 to 1, is when in an interval a device measures what it does
    not measure with every reading.
    """

    at_s: Array
    phase: Array
    period_s: float


def observe(
    levels: Level,
    chart: Codes,
    faults: episodes.State,
    times: Times,
    monitoring: Monitoring,
) -> Readings:
    """Return what the devices make of the patients' true levels.

    Parameters
    ----------
    levels : ndarray, shape (quantities, patients)
        What is true.
    chart : ndarray, shape (patients,)
        Places in ``CHARTS``.
    faults
        The episodes the patients are in.
    times
        When their readings are taken.
    monitoring
        What is measured when.
    """
    values, sent = _measured(levels), np.ones(times.at_s.size, dtype=np.bool_)
    if monitoring.tells_activity:
        values[_INDEX["signal_quality_pct"]] = _QUALITY[chart]
    active = _active(faults, times.at_s)
    here = _at_bedside(active, faults, times)
    for every_s, rows in _scheduled(monitoring):
        due = _due(times, every_s)
        due[here] = True
        for signal in rows:
            np.putmask(values[signal], ~due, np.nan)
    if not active.size:
        return Readings(values, sent)
    kind = faults.kind[active]
    values[:, active] = np.where(
        _MISREPORTED[:, kind], _REPORTED[:, kind], values[:, active]
    )
    sent[active] = ~_SILENT[kind]
    return Readings(values, sent)


def _measured(levels: Level) -> Level:
    """Return what each sensor sees, in its finest steps."""
    heart, systolic = levels[row("heart_rate_bpm")], levels[row("systolic_mmhg")]
    values = np.empty((len(SIGNALS), heart.size), dtype=np.float32)
    values[0] = heart
    np.subtract(heart, levels[row("pulse_deficit_bpm")], out=values[1])
    np.minimum(levels[row("spo2_pct")], _FULL_SATURATION_PCT, out=values[2])
    np.maximum(levels[row("respiratory_rate_per_min")], _NO_BREATH, out=values[3])
    values[4] = systolic
    np.subtract(systolic, levels[row("pulse_pressure_mmhg")], out=values[5])
    np.multiply(levels[row("temperature_c")], np.float32(10.0), out=values[_TENTHS])
    np.rint(values[:-1], out=values[:-1])
    values[_TENTHS] /= np.float32(10.0)
    values[-1] = np.nan
    return values


@functools.cache
def _scheduled(monitoring: Monitoring) -> tuple[tuple[float, Index], ...]:
    """Return the rows that are measured together, with how often that is."""
    every_s = [monitoring.every_s.get(signal.name, 0.0) for signal in SIGNALS]
    often = sorted(set(every_s) - {0.0})
    return tuple((each, np.flatnonzero(np.array(every_s) == each)) for each in often)


def written(
    values: Level, times: Times, monitoring: Monitoring, rng: np.random.Generator
) -> Level:
    """Return ``values`` without what nobody writes down; most monitors write all."""
    if not monitoring.unwritten:
        return values
    values = values.copy()
    values[:, times.at_s < monitoring.begins_s] = np.nan
    for together, (best, worst) in monitoring.unwritten.items():
        share = best + (worst - best) * times.phase
        left_out = rng.random(times.phase.size) < share
        for name in together:
            np.putmask(values[_INDEX[name]], left_out, np.nan)
    return values


def _active(faults: episodes.State, at_s: Array) -> Index:
    """Return the patients in an episode at the time of their reading."""
    return np.flatnonzero((faults.onset_s <= at_s) & (at_s < faults.end_s))


def _due(times: Times, every_s: float) -> Where:
    """Return who is measured with this reading; with the first one, everybody."""
    turns = times.at_s / every_s + times.phase
    before = turns - times.period_s / every_s
    first = times.at_s < times.period_s
    return np.asarray((np.floor(turns) > np.floor(before)) | first)


def _at_bedside(active: Index, faults: episodes.State, times: Times) -> Index:
    cared_for: Index = np.compress(_MEASURED[faults.kind[active]], active)
    if not cared_for.size:
        return cared_for
    return np.asarray(cared_for[_due(times, AT_BEDSIDE_EVERY_S)[cared_for]])
