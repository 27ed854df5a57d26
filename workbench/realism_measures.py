"""What a patient's numbers are like: level, spread, autocorrelation, missingness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from producers.contract import VITAL_SIGNS
from producers.recording_formats import Reading
from producers.recordings import Recording

Array = NDArray[np.float64]

SIGNS: Final = tuple(sign.name for sign in VITAL_SIGNS)
LEAST_VALUES: Final = 8
"""With fewer values a patient's spread means nothing; our choice."""


class Pace(NamedTuple):
    """How often patients are measured, and which lags are looked at, in steps."""

    name: str
    step_s: float
    lags: tuple[int, ...]
    curve: tuple[int, ...]

    def lag(self, steps: int) -> str:
        """Return a lag as people say it."""
        return f"{steps} {'s' if self.step_s == 1.0 else 'h'}"


SECONDS: Final = Pace("every second", 1.0, (1, 10, 60), (1, 2, 5, 10, 20, 30, 60, 90))
HOURS: Final = Pace("every hour", 3600.0, (1, 4), (1, 2, 3, 4, 6, 8))
PACES: Final = (SECONDS, HOURS)


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient's numbers at even times: a row of each sign, NaN where missing."""

    pace: Pace
    signs: Mapping[str, Array]


def patients(recordings: Sequence[Recording]) -> Iterator[Patient]:
    """Yield the patients whose numbers come every second or every hour."""
    for rows in _of_each(recordings):
        times_s = np.array([float(str(row["ts_ms"])) for row in rows]) / 1000.0
        pace = _pace(times_s)
        if pace is not None:
            yield Patient(pace, {sign: _even(rows, sign) for sign in SIGNS})


def _of_each(recordings: Sequence[Recording]) -> Iterator[list[Reading]]:
    """Yield the readings of each patient; a line that is no reading is left out."""
    found: dict[object, list[Reading]] = {}
    for recording in recordings:
        for reading in map(_reading, recording.entries):
            if "patient_id" in reading and "ts_ms" in reading:
                found.setdefault(reading["patient_id"], []).append(reading)
    yield from found.values()


def _reading(entry: Reading | bytes) -> Reading:
    if not isinstance(entry, bytes):
        return entry
    try:
        reading = orjson.loads(entry)
    except orjson.JSONDecodeError:
        return {}
    return reading if isinstance(reading, dict) else {}


def _pace(times_s: Array) -> Pace | None:
    if times_s.size < LEAST_VALUES:
        return None
    step_s = float(np.median(np.diff(times_s)))
    return next((pace for pace in PACES if pace.step_s == step_s), None)


def _even(rows: Sequence[Mapping[str, object]], sign: str) -> Array:
    values = [row.get(sign) for row in rows]
    return np.array([np.nan if v is None else float(str(v)) for v in values])


class Measure(NamedTuple):
    """One number about how a sign is in a patient; NaN where it cannot be said."""

    name: str
    steps: int = 0

    def of(self, values: Array) -> float:
        """Return it for ``values`` at even times."""
        known = values[~np.isnan(values)]
        if self.name == "missing":
            return float(1.0 - known.size / values.size)
        if known.size < LEAST_VALUES:
            return float("nan")
        if self.steps:
            return autocorrelation(values, self.steps)
        return {"level": float(np.median(known)), "spread": float(known.std())}[
            self.name
        ]


def measures(pace: Pace) -> tuple[Measure, ...]:
    """Return what is compared at a pace."""
    lags = (Measure(f"r({pace.lag(n)})", n) for n in pace.lags)
    return (Measure("level"), Measure("spread"), *lags, Measure("missing"))


def autocorrelation(values: Array, steps: int) -> float:
    """Return the correlation of ``values`` with themselves ``steps`` later.

    NaN where there are too few pairs, or where one side does not move.

    Examples
    --------
    >>> autocorrelation(np.tile([0.0, 1.0], 20), 1)
    -1.0
    """
    first, later = values[:-steps], values[steps:]
    both = ~(np.isnan(first) | np.isnan(later))
    first, later = first[both], later[both]
    if both.sum() < LEAST_VALUES or not first.std() * later.std():
        return float("nan")
    return round(float(np.corrcoef(first, later)[0, 1]), 9)


def chance(everyone: Sequence[Patient], sign: str, steps: int) -> float:
    """Return the standard error of a patient's autocorrelation, where none is left.

    Bartlett, M. S. (1946). On the theoretical specification and sampling properties of
    autocorrelated time-series. J R Stat Soc suppl. 8(1): 27-41: the sum of the squares
    of all autocorrelations (here the patients' medians, up to ``steps``, either way),
    over the number of pairs.
    """
    curve = [
        np.median(measured(everyone, sign, Measure("r", lag)))
        for lag in range(1, steps + 1)
    ]
    pairs = np.median([each.signs[sign].size - steps for each in everyone])
    return float(np.sqrt((1.0 + 2.0 * np.square(curve).sum()) / pairs))


def measured(everyone: Sequence[Patient], sign: str, measure: Measure) -> Array:
    """Return a measure of a sign in all patients who have the sign at all."""
    rows = [
        each.signs[sign] for each in everyone if not np.isnan(each.signs[sign]).all()
    ]
    found = np.array([measure.of(row) for row in rows])
    return np.asarray(found[~np.isnan(found)])
