"""What was sent, and how it went: counted in one process, added up over several."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Self

_FINENESS: Final = math.log(1.05)
_LEAST_S: Final = 0.001
"""Lateness is kept to 5 %, and as nothing below a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was sent since the beginning, in one process or in all together.

    ``bytes`` are those of the values, before they are compressed; ``queued`` are
    messages that the broker has not confirmed yet; ``waited_s`` is how long the
    sender waited for the broker because too many were; ``late`` counts readings by
    how long after they were due they were handed over.
    """

    readings: int = 0
    messages: int = 0
    bytes: int = 0
    queued: int = 0
    failed: int = 0
    waited_s: float = 0.0
    cpu_s: float = 0.0
    late: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: Self) -> "Figures":
        """Return the figures of both together."""
        return Figures(
            readings=self.readings + other.readings,
            messages=self.messages + other.messages,
            bytes=self.bytes + other.bytes,
            queued=self.queued + other.queued,
            failed=self.failed + other.failed,
            waited_s=self.waited_s + other.waited_s,
            cpu_s=self.cpu_s + other.cpu_s,
            late=self.late + other.late,
        )

    def since(self, before: Self) -> "Figures":
        """Return what came after ``before``; what waits and failed is as of now."""
        return Figures(
            readings=self.readings - before.readings,
            messages=self.messages - before.messages,
            bytes=self.bytes - before.bytes,
            queued=self.queued,
            failed=self.failed,
            waited_s=self.waited_s - before.waited_s,
            cpu_s=self.cpu_s - before.cpu_s,
            late=self.late - before.late,
        )


def lateness(late_s: float) -> int:
    """Return where ``late_s`` is counted."""
    return max(0, math.ceil(math.log(max(late_s, _LEAST_S) / _LEAST_S) / _FINENESS))


def quantile_s(late: Counter[int], share: float) -> float:
    """Return how late, in seconds, ``share`` of all were at most."""
    left = share * late.total()
    for place, count in sorted(late.items()):
        left -= count
        if left <= 0:
            return _LEAST_S * math.exp(place * _FINENESS) if place else 0.0
    return 0.0


def line(recent: Figures, passed_s: float, readings: int) -> str:
    """Return the live line of the last ``passed_s``, in which ``recent`` was sent."""
    said = [
        f"{recent.messages / passed_s:,.0f} messages/s",
        f"{recent.bytes / passed_s / 1e6:,.1f} MB/s",
        f"{readings:,} readings in all",
        *_behind(recent.late),
        f"{recent.queued:,} queued",
        *_trouble(recent),
    ]
    return ", ".join(said)


def summary(total: Figures, wall_s: float) -> str:
    """Return the last line: all that was sent in ``wall_s``, and what it took."""
    said = [
        f"{total.readings:,} readings in {wall_s:.1f} s",
        f"{total.messages / wall_s:,.0f} messages/s",
        f"{total.bytes / wall_s / 1e6:,.1f} MB/s",
        *_behind(total.late),
        f"{100.0 * total.cpu_s / wall_s:.0f} % of a core",
        *_waited(total.waited_s),
        f"{total.failed:,} not delivered",
    ]
    return ", ".join(said)


def _behind(late: Counter[int]) -> list[str]:
    if not late:
        return []
    p50_ms, p99_ms = (1000.0 * quantile_s(late, share) for share in (0.5, 0.99))
    return [f"late by {p50_ms:,.0f} ms (p50), {p99_ms:,.0f} ms (p99)"]


def _trouble(recent: Figures) -> list[str]:
    failed = [f"{recent.failed:,} not delivered"] if recent.failed else []
    return [*_waited(recent.waited_s), *failed]


def _waited(waited_s: float) -> list[str]:
    return [f"waited {waited_s:.1f} s for the broker"] if waited_s else []
