"""How far a reader has come, and how long what it has not read has waited. Pure."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

KEPT: Final = 1_000
"""Ends remembered of a partition; beyond that, ages are taken for greater."""


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


class PartitionProgress(NamedTuple):
    """How far one partition was read.

    ``next_offset`` is what is read next, ``end`` the end when it was last looked at,
    ``read_ms`` when a message of it was last read, ``unread_ms`` since when its
    oldest unread message is known to wait.
    """

    next_offset: int
    end: int
    read_ms: int | None
    unread_ms: int | None

    @property
    def lag(self) -> int:
        """Messages not yet read."""
        return max(0, self.end - self.next_offset)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reader has come in all that it reads."""

    partitions: Mapping[Place, PartitionProgress]

    @property
    def lag(self) -> int:
        """Messages not yet read."""
        return sum(each.lag for each in self.partitions.values())

    @property
    def oldest_unread_ms(self) -> int | None:
        """Since when the oldest unread message waits; None: all were read."""
        waiting = (each.unread_ms for each in self.partitions.values())
        return min((ms for ms in waiting if ms is not None), default=None)


def now_ms() -> int:
    """Return the time by the clock on the wall."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Sightings:
    """The ends of partitions as they were seen, and when something was last read."""

    _ends: dict[Place, deque[tuple[int, int]]] = field(default_factory=dict)
    _read_ms: dict[Place, int] = field(default_factory=dict)

    def see(self, ends: Mapping[Place, int], positions: Mapping[Place, int]) -> None:
        """Remember how far partitions go now; forget what was read meanwhile."""
        for place, end in ends.items():
            seen = self._ends.setdefault(place, deque())
            while len(seen) > 1 and seen[0][0] <= positions.get(place, 0):
                seen.popleft()
            if not seen or end > seen[-1][0]:
                seen.append((end, now_ms()))
            if len(seen) > KEPT:
                (_, since_ms), (later, _) = seen.popleft(), seen.popleft()
                seen.appendleft((later, since_ms))

    def read(self, place: Place) -> None:
        """Remember that a message was read just now."""
        self._read_ms[place] = now_ms()

    def forget(self, place: Place) -> None:
        """Forget a partition that is no more."""
        self._ends.pop(place, None)
        self._read_ms.pop(place, None)

    def progress(self, positions: Mapping[Place, int]) -> Progress:
        """Return how far a reader that stands at ``positions`` has come."""
        return Progress({p: self._of(p, at) for p, at in positions.items()})

    def _of(self, place: Place, at: int) -> PartitionProgress:
        seen = list(self._ends.get(place, ()))
        end = seen[-1][0] if seen else at
        unread_ms = next((ms for end, ms in seen if end > at), None)
        return PartitionProgress(at, end, self._read_ms.get(place), unread_ms)
