"""What the servers use while a job runs, with the workers that end when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

import psutil

from benchmarks.consumption import own_s
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor

EVERY_S: Final = 0.5
"""So much of an ended worker's time may be missed: nobody says how it ended."""


@dataclass(slots=True)
class Usage:
    """Processor time of each process, and the most memory a Python worker had."""

    worker_bytes: int = 0
    _first_s: dict[int, float] = field(default_factory=dict)
    _last_s: dict[int, float] = field(default_factory=dict)

    @property
    def cpu_s(self) -> float:
        """Return the processor time of all of them since the first look."""
        return sum(self._last_s.values()) - sum(self._first_s.values())

    def look(self, settings: Settings) -> None:
        """Look at every server, and at what it started."""
        for process in _processes(settings):
            with suppress(psutil.NoSuchProcess):
                self._last_s[process.pid] = own_s(process)
                if "python" in process.name():
                    used = process.memory_info().rss
                    self.worker_bytes = max(self.worker_bytes, used)
        self._first_s = self._first_s or dict(self._last_s)


@contextmanager
def watched(settings: Settings) -> Iterator[Usage]:
    """Look again and again while the block runs, and once behind it."""
    usage, over = Usage(), Event()
    usage.look(settings)

    def watch() -> None:
        while not over.wait(EVERY_S):
            usage.look(settings)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield usage
    finally:
        over.set()
        thread.join()
        usage.look(settings)


def _processes(settings: Settings) -> Iterator[psutil.Process]:
    for server in Supervisor(Paths(settings.state_dir)).processes():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(server.pid)
            yield process
            yield from process.children(recursive=True)
