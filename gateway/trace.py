"""The course of one number: the lowest and the highest in each slot of the clock.

Nothing extreme is averaged away, and neither order nor repetition of what is
added changes anything, as befits what is told at least once.
"""

import math
from array import array
from collections.abc import Iterable
from typing import Any, Final

NOTHING: Final = math.nan


class Trace:
    """The last ``slots`` slots of ``slot_s`` seconds each."""

    def __init__(self, slot_s: int, slots: int) -> None:
        self._slot_ms = slot_s * 1000
        self._newest = 0
        self._low = array("d", [NOTHING]) * slots
        self._high = array("d", [NOTHING]) * slots

    def add(self, ts_ms: int, value: float) -> None:
        """Take in ``value`` as it was at ``ts_ms``; what is too old is left out."""
        slot, slots = ts_ms // self._slot_ms, len(self._low)
        if slot > self._newest:
            self._forget_until(slot)
        elif slot <= self._newest - slots:
            return
        place = slot % slots
        # Neither comparison holds where nothing is known yet.
        if not self._low[place] <= value:
            self._low[place] = value
        if not self._high[place] >= value:
            self._high[place] = value

    def _forget_until(self, slot: int) -> None:
        slots = len(self._low)
        for passed in range(max(self._newest, slot - slots) + 1, slot + 1):
            self._low[passed % slots] = self._high[passed % slots] = NOTHING
        self._newest = slot

    def course(self) -> dict[str, Any]:
        """Return the slots in order of time; where nothing was known, not a number.

        ``end_ms`` is when the last of them begins.
        """
        slots = len(self._low)
        order = [(self._newest + 1 + i) % slots for i in range(slots)]
        return {
            "slot_ms": self._slot_ms,
            "end_ms": self._newest * self._slot_ms,
            "low": _in_order(self._low, order),
            "high": _in_order(self._high, order),
        }


def _in_order(values: "array[float]", order: Iterable[int]) -> list[float]:
    return [values[place] for place in order]
