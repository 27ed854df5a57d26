"""The time by which alarms live: that of the wall, but it never jumps unnoticed.

Timers are lengths of time, and are kept as instants of the clock on the wall. So
where that clock is set anew, all instants must move with it (`alerts.shifting`): until
that is written, the time here goes on as before. A machine that was paused is the
same thing seen from inside, where its steady clock stood still meanwhile; where that
counted on, the pause was a length of time like any other.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from alerts.heartbeat import Heartbeat

JUMP_MS: Final = 2_000
"""A clock that is off by more was set; by less, it was only corrected."""
SAID_MS: Final = 60_000
"""How long it is said that it was set."""
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def wall_ms() -> int:
    """Return the time by the clock on the wall."""
    return time.time_ns() // 1_000_000


def ticks_ms() -> int:
    """Return the time since the machine started, which nobody can set."""
    return time.monotonic_ns() // 1_000_000


def boot() -> str:
    """Return what tells one start of the machine from another; nothing if unknown."""
    return BOOT.read_text("utf-8").strip() if BOOT.exists() else ""


@dataclass(slots=True)
class Clock:
    """The time on the wall, which changes by leaps only where ``accept`` is called."""

    wall_ms: Callable[[], int] = wall_ms
    ticks_ms: Callable[[], int] = ticks_ms
    boot: str = field(default_factory=boot)
    _ahead_ms: int = field(default=0, init=False)
    """Of the ticks."""
    _jumped_at: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Begin with the time on the wall."""
        self._ahead_ms = self.wall_ms() - self.ticks_ms()

    def after(self, beat: Heartbeat | None) -> Self:
        """Return the clock as it goes on from a beat written before this start.

        How long ago that was is known where the machine still runs. Otherwise it is
        only known that it was earlier.
        """
        if beat is None:
            return self
        if beat.boot and beat.boot == self.boot and beat.ticks_ms <= self.ticks_ms():
            self._ahead_ms = beat.at_ms - beat.ticks_ms
        elif beat.at_ms > self.now_ms():
            self._ahead_ms = beat.at_ms - self.ticks_ms()
        return self

    def now_ms(self) -> int:
        """Return the time."""
        return self.ticks_ms() + self._ahead_ms

    def jump_ms(self) -> int:
        """Return by how much the clock on the wall was set; mostly 0."""
        ahead_ms = self.wall_ms() - self.now_ms()
        if abs(ahead_ms) > JUMP_MS:
            return ahead_ms
        self._ahead_ms += ahead_ms
        return 0

    def accept(self, jump_ms: int) -> None:
        """Jump as the clock on the wall did: all that it changes is written."""
        if jump_ms:
            self._ahead_ms += jump_ms
            self._jumped_at = self.ticks_ms()

    @property
    def has_jumped(self) -> bool:
        """Whether it jumped within the last minute."""
        at_ms = self._jumped_at
        return at_ms is not None and self.ticks_ms() - at_ms < SAID_MS
