"""What telemetry must show once a fix is applied: data, and how a twin measures it.

``jobs.verify_fixes`` says the same of real telemetry, in SQL.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digital_twin.cohort import Array

SLOT_S: Final = 5
"""Noise is what varies within so long: longer, and it would be the patient.

Our choice, as long as the flutter of a heart lasts (``digital_twin.quantities``).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Which statistic of which signal, against what, within which bounds, and when.

    ``settle_s`` after the fix was applied do not count; ``window_s`` then do. Five and
    twenty seconds are our choice: rounding averages out, and somebody can stand and
    wait for it.
    """

    signal: str
    statistic: str
    reference: str
    lowest: float
    highest: float
    settle_s: float = 5.0
    window_s: float = 20.0

    def met_by(self, value: float | None) -> bool:
        """Return whether ``value`` is within the bounds; a missing one is not."""
        return value is not None and self.lowest <= value <= self.highest

    def told(self, value: float | None) -> str:
        """Return in words what was seen beside what was wanted."""
        seen = "cannot be told" if value is None else f"is {value:.4g}"
        return (
            f"{_WHAT[self.statistic].format(self.signal)} {seen}, wanted {self._bounds}"
        )

    @property
    def _bounds(self) -> str:
        if self.lowest == self.highest:
            return f"{self.lowest:g}"
        return f"{self.lowest:g} to {self.highest:g}"


_WHAT: Final = {
    "mean": "the mean {} less that of the patient's other devices",
    "noise": "the noise of {} less that of the patient's other devices",
    "value": "the reported {}",
    "changed": "whether {} has changed (1: yes)",
    "equals": "whether {} is the one wanted (1: yes)",
}


class Seen(NamedTuple):
    """What a twin shows: one reading a second, shape (seconds,), and its new status."""

    own: Array
    other: Array
    before: float | str
    after: float | str
    wanted: float | str


def measured(expectation: Expectation, seen: Seen) -> float | None:
    """Return the statistic; None where there is nothing to make it of."""
    if expectation.statistic == "mean":
        return float(np.nanmean(seen.own) - np.nanmean(seen.other))
    if expectation.statistic == "noise":
        return noise(seen.own) - noise(seen.other)
    if expectation.statistic == "changed":
        return float(seen.after != seen.before)
    if expectation.statistic == "equals":
        return float(seen.after == seen.wanted)
    return seen.after if isinstance(seen.after, float) else None


def noise(values: Array) -> float:
    """Return the deviation within slots of five seconds, pooled.

    Parameters
    ----------
    values : ndarray, shape (seconds,)
        One reading a second; what does not fill a slot is left out.

    Examples
    --------
    Each slot's own level is not noise.

    >>> noise(np.array([1.0] * 5 + [9.0] * 5))
    0.0
    """
    slots = values[: len(values) // SLOT_S * SLOT_S].reshape(-1, SLOT_S)
    return float(np.sqrt(slots.var(axis=1, ddof=1).mean()))
