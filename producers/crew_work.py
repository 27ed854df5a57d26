"""What one of several processes does that play a fleet together."""

import logging
import threading
import time
from multiprocessing.connection import Connection
from typing import Final, NamedTuple

from producers.command_line import log_to_stderr, stop_on_signal
from producers.figures import Figures
from producers.playing import Performance, play, publisher
from producers.publisher import BrokerError

logger = logging.getLogger(__name__)

_SAY_EVERY_S: Final = 0.5
_LOOK_EVERY_S: Final = 0.2


class Word(NamedTuple):
    """What a process says: how it goes; that it is over; why it failed."""

    figures: Figures
    over: bool = False
    failed: str = ""


def work(of: Performance, line: Connection) -> None:
    """Play ``of``, in a process of its own, from when ``line`` says."""
    log_to_stderr("fleet")
    with stop_on_signal() as stop:
        saying = _Saying(line, stop)
        try:
            through = publisher(of, stop)
            saying(Figures())
            if (begins_s := _begins_s(line, stop)) is not None:
                total = play(of, through, stop, saying, begins_s=begins_s)
                saying.say(Word(total, over=True))
        except BrokerError as error:
            saying.say(Word(Figures(), failed=str(error)))


def _begins_s(line: Connection, stop: threading.Event) -> float | None:
    """Wait to be told when to begin; return None if it is never."""
    while not stop.is_set():
        if line.poll(_LOOK_EVERY_S):
            try:
                return float(line.recv())
            except EOFError:
                return None
    return None


class _Saying:
    """Says how it goes, often enough; where nobody listens any more, it is over."""

    def __init__(self, line: Connection, stop: threading.Event) -> None:
        self._line = line
        self._stop = stop
        self._said_s = -_SAY_EVERY_S

    def __call__(self, so_far: Figures) -> None:
        if time.monotonic() - self._said_s >= _SAY_EVERY_S:
            self._said_s = time.monotonic()
            self.say(Word(so_far))

    def say(self, word: Word) -> None:
        try:
            self._line.send(word)
        except OSError:
            logger.warning("the process that started this one is gone: ending")
            self._stop.set()
