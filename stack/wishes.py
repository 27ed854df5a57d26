"""Which jobs are to run: those that somebody submitted, and did not cancel since."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Wish(StrEnum):
    """What was last said of a job."""

    RUN = "run"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes that ``folder`` holds, a file a job."""

    folder: Path

    def of(self, job: str) -> Wish | None:
        """Return what was last said of ``job``; None: nobody ever spoke of it."""
        try:
            return Wish((self.folder / job).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def say(self, job: str, wish: Wish) -> None:
        """Write down what is wanted of ``job``, in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{job}.unfinished"
        unfinished.write_text(wish, encoding="utf-8")
        unfinished.replace(self.folder / job)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time submit and cancel.

        Between seeing that a job does not run and sending it lie seconds: two that
        did so at once would run it twice.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
