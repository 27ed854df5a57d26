"""A program that reads Kafka begins anew where the clock on the wall is set back.

librdkafka waits until an instant of that clock. Where it is set back by an hour in
between, the wait lasts an hour longer: what its caller has to do by then is late,
the consumer is put out of its group, and a broker that was away (as when a machine
starts, and sets its clock) is not connected to. Nothing but a new process ends that.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

logger = logging.getLogger(__name__)

STEP_S: Final = 2.0
"""By less, a wait that lasts longer harms nobody."""
LOOK_EVERY_S: Final = 0.5
GRACE_S: Final = 5.0
"""How long a program may take to end by itself: one that is stuck does not."""


@contextmanager
def anew_where_set_back(
    end: Callable[[], None], wall_s: Callable[[], float] = time.time
) -> Iterator[None]:
    """Serve in the body; where the clock is set back, run the whole program anew.

    It keeps its process id, arguments and environment.

    Parameters
    ----------
    end : makes the body return; called from another thread
    wall_s : the clock on the wall, in seconds

    """
    watch = _Watch(end, wall_s)
    Thread(target=watch.run, daemon=True).start()
    yield
    if watch.has_stepped.is_set():
        _anew()


@dataclass(slots=True)
class _Watch:
    """Looks at both clocks, that of the wall and the one that nobody can set."""

    end: Callable[[], None]
    wall_s: Callable[[], float]
    has_stepped: Event = field(default_factory=Event)

    def run(self) -> None:
        """Look until the clock is set back; then end the program and begin it anew."""
        ahead_s = self._ahead_s()
        while (now_ahead_s := self._ahead_s()) > ahead_s - STEP_S:
            ahead_s = now_ahead_s
            time.sleep(LOOK_EVERY_S)
        logger.warning(
            "the clock was set back by %.1f s: beginning anew, because waits on Kafka "
            "would last as much longer",
            ahead_s - now_ahead_s,
        )
        self.has_stepped.set()
        self.end()
        time.sleep(GRACE_S)
        _anew()

    def _ahead_s(self) -> float:
        return self.wall_s() - time.monotonic()


def _anew() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a disk that is full, or nobody reads
            stream.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
