"""Whole stacks run one at a time: two starve each other on a small machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from stack.environment import ROOT

LOCK: Final = ROOT / ".vigil/one-stack.lock"


@contextmanager
def one_stack(lock: Path = LOCK) -> Iterator[None]:
    """Keep other stacks of this clone's tests from being started meanwhile."""
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.fail(
                "another test's whole stack is up: put this file into STACKS of "
                "tests/scheduling.py, and run with -p tests.scheduling"
            )
        yield
