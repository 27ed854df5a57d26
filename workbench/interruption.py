"""Ctrl-C begins to stop, once; what stops is not interrupted any more."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import psutil

from stack.ending import end

INTERRUPTED: Final = 130
"""The exit code of what a person has stopped."""

JAVA_ENDS_S: Final = 3
"""So long Java may tidy up before it is killed."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Let the first signal to stop be a KeyboardInterrupt, and ignore all others."""
    with _once(lambda: None):
        yield


@contextmanager
def interrupted_with_java() -> Iterator[None]:
    """Let a signal to stop end the Java of this process too, and never be lost.

    PyFlink's Java ignores Ctrl-C and goes on for seconds after us. And a
    KeyboardInterrupt that comes while py4j tells Java of an object that is needed no
    more is swallowed, because no exception leaves a finalizer.
    """
    interrupted = False

    def end_java() -> None:
        nonlocal interrupted
        interrupted = True
        _say_no_more()
        end(psutil.Process().children(recursive=True), JAVA_ENDS_S)

    with _once(end_java):
        try:
            yield
        except Exception:
            if not interrupted:
                raise
    if interrupted:
        raise KeyboardInterrupt


@contextmanager
def _once(do: Callable[[], None]) -> Iterator[None]:
    """Let the first signal to stop ``do`` and interrupt; ignore all others."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        do()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_no_more() -> None:
    """Keep what py4j says about a Java that was ended from the person who ended it."""
    logging.disable()
    sys.unraisablehook = lambda _: None
