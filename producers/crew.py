"""Several processes that play one fleet: begun together, ended together.

Each says that it is ready, is told when to begin, and then says how it goes.
"""

import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final

from producers.command_line import FailedError
from producers.crew_work import Word, work
from producers.figures import Figures
from producers.playing import Performance
from producers.sending import Told

PATIENCE_S: Final = 30.0
"""How long processes that were asked to end may take to do so."""

_LOOK_EVERY_S: Final = 0.2
_SPAWN: Final = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Member:
    """One process, and what it said last."""

    name: str
    process: SpawnProcess
    line: Connection
    said: Word | None = None

    def hear(self, *, asked_to_end: bool) -> None:
        """Take what it says; raise ``FailedError`` when it failed or is no more."""
        try:
            self.said = self.line.recv()
        except (EOFError, OSError):
            self.process.join()
            self.said = Word(self.figures, over=True)
            if not asked_to_end:
                raise FailedError(self._death()) from None
        if self.said.failed:
            raise FailedError(self.said.failed)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return self.said is not None and self.said.over

    @property
    def figures(self) -> Figures:
        """Return what it has sent, as far as it said."""
        return self.said.figures if self.said else Figures()

    def _death(self) -> str:
        code = self.process.exitcode or 0
        why = f"was killed by {signal.Signals(-code).name}" if code < 0 else "ended"
        return f"{self.name} {why} in the middle; all others were stopped: start again"


def play_together(parts: Sequence[Performance], stop: threading.Event) -> None:
    """Play each of ``parts`` in a process of its own; log how they go together.

    When ``stop`` is set, or one of them fails, all are asked to end.
    """
    with _crew(parts) as crew:
        if _all_are_ready(crew, stop):
            _begin(crew, parts)
            _listen(crew, stop)


def _all_are_ready(crew: Sequence[Member], stop: threading.Event) -> bool:
    while not all(member.said for member in crew) and not stop.is_set():
        _hear(crew, asked_to_end=False)
    return not stop.is_set()


def _listen(crew: Sequence[Member], stop: threading.Event) -> None:
    told, asked_to_end = Told(), False
    while not all(member.is_over for member in crew):
        _hear(crew, asked_to_end=asked_to_end)
        if stop.is_set() and not asked_to_end:
            asked_to_end = True
            for member in crew:
                member.process.terminate()
        told(_total(crew))
    told.end(_total(crew))


def _hear(crew: Sequence[Member], *, asked_to_end: bool) -> None:
    speaking = {member.line: member for member in crew if not member.is_over}
    for line in wait(list(speaking), timeout=_LOOK_EVERY_S):
        if isinstance(line, Connection):
            speaking[line].hear(asked_to_end=asked_to_end)


def _begin(crew: Sequence[Member], parts: Sequence[Performance]) -> None:
    """Tell all to begin at one moment, soon."""
    begins_s = time.time() + max(part.lead_s for part in parts)
    for member in crew:
        member.line.send(begins_s)


def _total(crew: Sequence[Member]) -> Figures:
    return sum((member.figures for member in crew), Figures())


@contextmanager
def _crew(parts: Sequence[Performance]) -> Iterator[list[Member]]:
    """Start a process for each of ``parts``; at the end, see that all have ended."""
    crew: list[Member] = []
    try:
        for number, part in enumerate(parts, 1):
            crew.append(_started(part, f"process {number} of {len(parts)}"))
        yield crew
    finally:
        for member in crew:
            member.process.terminate()
        for member in crew:
            member.process.join(PATIENCE_S)
            member.process.kill()
            member.line.close()


def _started(of: Performance, name: str) -> Member:
    """Start a process whom Ctrl-C does not reach: it is asked to end by us."""
    ours, theirs = multiprocessing.Pipe()
    process = _SPAWN.Process(target=work, args=(of, theirs), name=name, daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return Member(name, process, ours)
