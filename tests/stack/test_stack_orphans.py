"""Workers of a killed parent are found by their mark, and only they."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from stack.orphans import MARK, of_stack, orphans

NAME = f"stack-of-test-{os.getpid()}"


@pytest.fixture
def leader() -> Iterator[subprocess.Popen[str]]:
    """Start a process group of this stack: a leader with one worker."""
    with subprocess.Popen(
        ["sh", "-c", "sh -c 'echo started; sleep 1000; :' & wait"],  # noqa: S607
        env={**os.environ, MARK: NAME},
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_a_stack_is_known_by_its_mark(leader: subprocess.Popen[str]) -> None:
    worker = psutil.Process(leader.pid).children()[0]
    found = {process.pid for process in of_stack(NAME)}
    assert {leader.pid, worker.pid} <= found
    assert of_stack("another stack") == []


def test_workers_of_a_living_leader_are_left_alone(
    leader: subprocess.Popen[str],
) -> None:
    assert leader.poll() is None
    assert orphans(of_stack(NAME)) == []


def test_workers_of_a_killed_leader_are_orphans(leader: subprocess.Popen[str]) -> None:
    worker = psutil.Process(leader.pid).children()[0]
    leader.kill()
    leader.wait()
    found = {process.pid for process in orphans(of_stack(NAME))}
    assert worker.pid in found
    assert leader.pid not in found
