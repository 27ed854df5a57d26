"""One size of the fleet: what it took, and what gave way, if anything did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from producers.contract import VITALS

LATE_MS: Final = float(VITALS.max_lateness_ms)
BEHIND_S: Final = 5.0
SLOW_S: Final = 5.0
"""Limits: how late the fleet may send (what is later than the contract allows, no
pattern sees), how many seconds of readings a job may have before it, how long it may
be from device to match. p99 each, but for what a job has before it."""


class Pair(NamedTuple):
    """The middle, and what one in a hundred exceeds."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a fleet of ``devices`` at 1 Hz was like.

    ``cores`` is what each part took of the processor, in cores; ``late_ms`` how long
    after it was due a reading was handed over, in the worst five seconds;
    ``latency_s`` from device to match; ``behind_s`` how many seconds of readings
    each job had still to read; ``state_bytes`` the size of its last checkpoint.
    """

    devices: int
    cores: Mapping[str, float]
    late_ms: Pair
    latency_s: Pair
    matches: int
    behind_s: Mapping[str, float]
    state_bytes: Mapping[str, int]

    @property
    def us(self) -> Mapping[str, float]:
        """Return the processor time that each part takes of one reading, in us."""
        return {part: 1e6 * n / self.devices for part, n in self.cores.items()}

    @property
    def gave_way(self) -> list[str]:
        """Return what gave way, in words."""
        return list(self._gave_way())

    def _gave_way(self) -> Iterator[str]:
        if self.late_ms.p99 > LATE_MS:
            yield (
                f"the fleet sends {self.late_ms.p99 / 1000:.1f} s late (p99),"
                f" {LATE_MS / 1000:g} s is allowed"
            )
        for job, behind_s in self.behind_s.items():
            if behind_s > BEHIND_S:
                yield f"{job} is {behind_s:.0f} s of readings behind"
        if not self.matches:
            yield "no match came at all"
        elif self.latency_s.p99 > SLOW_S:
            yield f"a match takes {self.latency_s.p99:.1f} s (p99) from the device"


def verdict(sizes: Sequence[Size]) -> str:
    """Return at which of ``sizes`` something gave way first, and what, in words."""
    for size in sizes:
        if size.gave_way:
            what = "; ".join(size.gave_way)
            return f"at {size.devices:,} devices at 1 Hz gave way first: {what}"
    return f"nothing gave way up to {sizes[-1].devices:,} devices at 1 Hz"
