"""A cohort's time, cut into minutes, which are planned as a whole, and into periods.

What happens in a minute is laid out once, at its beginning; from period to period
only those are touched to whom something happens.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array

MINUTE_S: Final = 60.0


class Minute(NamedTuple):
    """The periods from ``first`` to before ``until``; it is counted from ``mark_s``."""

    mark_s: float
    first: int
    until: int
    period_s: float

    def since_s(self, seq: int) -> float:
        """Return how long after the mark a period begins."""
        return seq * self.period_s - self.mark_s

    def period(self, at_s: Array | float) -> NDArray[np.int64]:
        """Return the period of each time, of those that are in the minute."""
        period = np.floor(np.asarray(at_s) / self.period_s).astype(np.int64)
        return np.asarray(np.clip(period, self.first, self.until - 1))

    def turns(self, period: NDArray[np.int64]) -> list[int]:
        """Return where each period's part of a table in their order begins, and ends.

        Those of the period number ``seq`` begin at the entry ``seq - first``, and end
        at the one after it.
        """
        turns = np.searchsorted(period, np.arange(self.first, self.until + 1))
        return [*map(int, turns)]


def minute(seq: int, phase: float, period_s: float) -> Minute:
    """Return the minute that begins with the period number ``seq``.

    Marks are a minute apart; ``phase``, from 0 to 1, is when in a minute they are, so
    that not all cohorts make their plans at once. Whose periods are longer than a
    minute has one of them in each.
    """
    number = math.floor(seq * period_s / MINUTE_S - phase)
    mark_s = (number + phase) * MINUTE_S
    until = max(seq + 1, math.ceil((mark_s + MINUTE_S) / period_s))
    return Minute(mark_s, seq, until, period_s)
