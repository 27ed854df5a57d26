"""A clock that is set back: what waits for Kafka begins anew, and nothing else does."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers import clock_step
from stack.environment import ROOT
from stack.waiting import until

PROGRAM = """
    import os, signal, sys, threading, time
    from pathlib import Path
    from producers import clock_step

    folder, stuck = Path(sys.argv[1]), sys.argv[2] == "stuck"
    clock_step.LOOK_EVERY_S = clock_step.GRACE_S = 0.05
    ended, lives = threading.Event(), folder / "lives"

    def wall_s():
        set_by_s = float((folder / "set_by_s").read_text())
        (folder / "seen_s").write_text(str(set_by_s))
        return time.time() + set_by_s

    with clock_step.anew_where_set_back(ended.set, wall_s):
        with lives.open("a") as file:
            print(os.getpid(), file=file)
        threading.Event().wait() if stuck else ended.wait()
    (folder / "ended").touch()
"""
"""Says when a life of its begins; ended by hand it would say that as well."""


class Program:
    """A program that serves until it is told to end, with a clock that can be set."""

    def __init__(self, folder: Path, how: str) -> None:
        self._folder = folder
        self.set_by(0.0)
        command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder), how]
        self.process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own words
        self.has_lived(1)

    def set_by(self, seconds: float) -> None:
        """Set its clock."""
        new = self._folder / "new"
        new.write_text(str(seconds), encoding="utf-8")
        new.rename(self._folder / "set_by_s")

    def has_seen(self, seconds: float) -> None:
        """Wait until it has looked at its clock as it is set now."""
        seen = self._folder / "seen_s"
        until(lambda: seen.read_text("utf-8") == str(seconds), otherwise=seen.read_text)

    def lives(self) -> list[str]:
        """Return the process id of each of its lives."""
        file = self._folder / "lives"
        return file.read_text(encoding="utf-8").split() if file.exists() else []

    def has_lived(self, count: int) -> None:
        """Wait until it lives for the ``count``-th time."""
        until(lambda: len(self.lives()) >= count, otherwise=lambda: str(self.lives()))


@pytest.fixture(params=["ends", "stuck"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    """Run a program that ends when it is told to, and one that is stuck in a wait."""
    made = Program(tmp_path, request.param)
    yield made
    made.process.send_signal(signal.SIGKILL)
    made.process.wait()


def test_a_program_whose_clock_is_set_back_begins_anew_in_its_process(
    program: Program,
) -> None:
    program.set_by(-3600)
    program.has_lived(2)
    assert set(program.lives()) == {str(program.process.pid)}
    program.set_by(-7200)
    program.has_lived(3)
    assert program.process.poll() is None


def test_a_clock_that_is_set_forward_or_corrected_changes_nothing(
    program: Program,
) -> None:
    for seconds in (3600.0, 3599.0, 3598.0, 3597.5):
        program.set_by(seconds)
        program.has_seen(seconds)
    assert len(program.lives()) == 1
    program.set_by(0.0)
    program.has_lived(2)


def test_a_log_that_takes_nothing_keeps_nobody_from_beginning_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The disk may be full when the clock is set back."""
    begun = list[str]()

    class Full:
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Full())
        patch.setattr("os.execv", lambda program, _: begun.append(program))
        clock_step._anew()  # noqa: SLF001 - a process of its own would have no such disk
    assert begun == [sys.executable]
