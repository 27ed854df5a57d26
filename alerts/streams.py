"""Whether readings ever came, and whether the way from one to a notice is open."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from alerts.heartbeat import Heartbeat


@dataclass(slots=True)
class Streams:
    """What the watch remembers over a restart, and what we send ourselves.

    The synthetic patient's readings (`alerts.synthetic`) say nothing of devices: of
    the topic's messages they are taken away.
    """

    is_checked: bool
    """Whether there is a synthetic patient."""
    seen: bool = False
    """Whether anybody else ever sent a reading."""
    steady_s: Callable[[], float] = time.monotonic
    came_ms: int | None = None
    """When the synthetic patient last came through, by the clock on the wall."""
    _knows_all: bool = field(default=True, init=False)
    _came_s: float = field(init=False)
    _sent: int = field(default=0, init=False)
    _others: int | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        """Give the way its time from now on."""
        self._came_s = self.steady_s()

    def after(self, beat: Heartbeat | None) -> "Streams":
        """Return what is remembered from the last time that somebody served."""
        if beat is not None:
            self.seen = self.seen or beat.streamed
            self.came_ms = beat.synthetic_ms
        self._knows_all = self.came_ms is None
        return self

    @contextmanager
    def quiet(self) -> Iterator[int]:
        """Keep us from sending, and yield how many readings we have sent."""
        with self._lock:
            yield self._sent

    @contextmanager
    def sending(self) -> Iterator[Callable[[int], None]]:
        """Let nobody count while we send; yield what is to be told how many."""
        with self._lock:
            yield self._add

    def _add(self, count: int) -> None:
        self._sent += count

    def note(self, others: int) -> None:
        """Remember how many readings there are of others.

        Of those before our start, where there was a synthetic patient, we cannot
        know whose they are.
        """
        before = self._others
        if before is None:
            before = 0 if self._knows_all else others
        self.seen = self.seen or others > before
        self._others = others

    def came(self, at_ms: int) -> None:
        """Note that the synthetic patient came through."""
        self.came_ms, self._came_s = at_ms, self.steady_s()

    def chain_s(self) -> float | None:
        """Return for how long the way was not seen open; None: nobody looks."""
        if not self.is_checked or not (self.seen or self.came_ms is not None):
            return None
        return self.steady_s() - self._came_s
