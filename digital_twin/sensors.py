"""What the devices report of a cohort.

Monitors report whole numbers, temperature in tenths of a degree. This minimal
device sends every quantity with every reading, pressure and temperature too; a
real ward measures those every few minutes or hours.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin import episodes
from digital_twin.cohort import Array
from digital_twin.episodes import NOTHING
from digital_twin.kinds import KINDS
from digital_twin.vital_signs import QUANTITIES


class Signal(NamedTuple):
    """One number of a device: its name, its own noise, its finest step."""

    name: str
    noise: float
    resolution: float = 1.0


SIGNALS: Final = (
    Signal("heart_rate_bpm", noise=0.5),
    Signal("pulse_rate_bpm", noise=0.8),
    Signal("spo2_pct", noise=0.3),
    Signal("respiratory_rate_per_min", noise=0.5),
    Signal("systolic_mmhg", noise=1.0),
    Signal("diastolic_mmhg", noise=1.0),
    Signal("temperature_c", noise=0.02, resolution=0.1),
)
"""What a device reports; the order is the order of the rows.

The noise is of a resting patient under good contact, well inside what
ISO 80601-2-61 (oximeters, 4 % root mean square) and IEC 60601-2-27 (heart rate,
10 %) let a device be wrong by.
"""

_NOISE = np.array([[signal.noise] for signal in SIGNALS])
_PER_STEP = np.array([[round(1.0 / signal.resolution)] for signal in SIGNALS])
_ROW: Final = {quantity.name: row for row, quantity in enumerate(QUANTITIES)}
_FULL_SATURATION_PCT: Final = 100.0
_FAULTY: Final = tuple(i for i, kind in enumerate(KINDS) if kind.reports)
_SILENT: Final = np.array([kind.silent for kind in KINDS])


class Readings(NamedTuple):
    """What a cohort's devices read.

    ``values`` has the shape (signals, patients), NaN where nothing is reported;
    ``sent`` is false for a device that says nothing at all.
    """

    values: Array
    sent: NDArray[np.bool_]


def observe(
    levels: Array, faults: episodes.State, at_s: Array, rng: np.random.Generator
) -> Readings:
    """Return what the devices make of the patients' true levels."""
    values = _measured(levels, rng)
    active = (faults.kind != NOTHING) & (faults.onset_s <= at_s) & (at_s < faults.end_s)
    for i in _FAULTY:
        _misreport(values, active & (faults.kind == i), KINDS[i].reports)
    return Readings(values, ~(active & _SILENT[faults.kind]))


def _measured(levels: Array, rng: np.random.Generator) -> Array:
    true = _signals(levels)
    noisy = true + _NOISE * rng.standard_normal(true.shape)
    spo2 = _index("spo2_pct")
    noisy[spo2] = np.minimum(noisy[spo2], _FULL_SATURATION_PCT)
    return np.asarray(np.rint(noisy * _PER_STEP) / _PER_STEP)


def _signals(levels: Array) -> Array:
    """Return what each sensor sees; the pulse follows the heart."""
    of = {name: levels[row] for name, row in _ROW.items()}
    of["pulse_rate_bpm"] = of["heart_rate_bpm"]
    of["diastolic_mmhg"] = of["systolic_mmhg"] - of["pulse_pressure_mmhg"]
    return np.array([of[signal.name] for signal in SIGNALS])


def _misreport(
    values: Array, where: NDArray[np.bool_], reports: Mapping[str, float]
) -> None:
    for name, value in reports.items():
        values[_index(name), where] = value


def _index(name: str) -> int:
    return [signal.name for signal in SIGNALS].index(name)
