"""How many messages a provider takes a second. Pure."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Room for messages: ``per_s`` more each second, up to a second's worth."""

    per_s: float
    room: float
    at_ms: int

    @classmethod
    def of(cls, per_s: float, now_ms: int) -> Self:
        """Return a rate of which nothing was used."""
        return cls(per_s=per_s, room=max(1.0, per_s), at_ms=now_ms)

    def at(self, now_ms: int) -> Self:
        """Return the rate with the room there is by now."""
        more = self.per_s * max(0, now_ms - self.at_ms) / 1000
        return replace(
            self, room=min(max(1.0, self.per_s), self.room + more), at_ms=now_ms
        )

    def without(self, n: int) -> Self:
        """Return the rate after ``n`` messages."""
        return replace(self, room=self.room - n)
