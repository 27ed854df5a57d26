"""What a leader does after each turn: it says that it leads, and that it works."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts.clock import Clock
from alerts.database import Database
from alerts.heartbeat import STALE_MS, Heartbeat, beat
from alerts.lease import BEAT_S, Lease


def nothing() -> Mapping[str, Any]:
    """Return no more than that it works."""
    return {}


@dataclass(slots=True)
class Pulse:
    """Beats once a second at most, as often as there are turns.

    ``more`` returns what else a `Heartbeat` holds.
    """

    database: Database
    lease: Lease
    clock: Clock
    more: Callable[[], Mapping[str, Any]] = nothing
    steady_s: Callable[[], float] = time.monotonic
    _beaten_s: float | None = field(default=None, init=False)

    def __call__(self) -> None:
        """Beat, if it is time; raise ``LostError`` where another one leads."""
        now_s = self.steady_s()
        if self._beaten_s is not None and now_s - self._beaten_s < BEAT_S:
            return
        with self.database.writing() as session:
            self.lease.renew(session)
            beat(session, self._beat())
        self._beaten_s = now_s

    def is_alive(self) -> bool:
        """Return whether turns and the database worked just now."""
        beaten_s = self._beaten_s
        return beaten_s is not None and self.steady_s() - beaten_s <= STALE_MS / 1000

    def _beat(self) -> Heartbeat:
        clock = self.clock
        return Heartbeat(
            service=self.lease.service,
            at_ms=clock.now_ms(),
            boot=clock.boot,
            ticks_ms=clock.ticks_ms(),
            **self.more(),
        )
