"""Ctrl-C begins to stop, once; what stops is not interrupted any more."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

import psutil

JAVA_ENDS_S: Final = 3
"""So long Java may tidy up before it is killed."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Let the first signal to stop be a KeyboardInterrupt, and ignore all others."""
    before = {number: signal.signal(number, _interrupt_once) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def interrupted_with_java() -> Iterator[None]:
    """Let a signal to stop end the Java of this process too, and never be lost.

    PyFlink's Java ignores Ctrl-C and goes on for seconds after us. And a
    KeyboardInterrupt that comes while py4j tells Java of an object that is needed no
    more is swallowed, because no exception leaves a finalizer.
    """
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        _say_no_more()
        _end_children()
        _interrupt_once(number, frame)

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    except Exception:
        if not interrupted:
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if interrupted:
        raise KeyboardInterrupt


def _say_no_more() -> None:
    """Keep what py4j says about a Java that was ended from the person who ended it."""
    logging.disable()
    sys.unraisablehook = lambda _: None


def _end_children() -> None:
    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.terminate()
    _, left = psutil.wait_procs(children, JAVA_ENDS_S)
    for child in left:
        with suppress(psutil.NoSuchProcess):
            child.kill()
