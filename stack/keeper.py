"""Keep the jobs running: what is to run and does not is submitted again.

A job manager that died forgets its jobs, and so does a machine that was switched
off. Here they come back, each from its newest checkpoint, without anybody.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import httpx

from stack import flink_jobs
from stack.errors import StackError
from stack.flink_run import Cluster
from stack.wishes import Wish

logger = logging.getLogger(__name__)

EVERY_S: Final = 3.0
PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 300.0
STEADY_S: Final = 120.0
"""A job that has run for so long is well: its next end is a new trouble."""

Submit = Callable[[Cluster, list[str]], list[str]]
Clock = Callable[[], float]
Stopped = Callable[[float], bool]
"""Waits so many seconds, and says whether this process is to stop."""


@dataclass
class Attempts:
    """How often a job was submitted without coming to stay, and when it may be next."""

    count: int = 0
    again_at_s: float = float("-inf")
    runs_since_s: float | None = None

    def ran(self, now_s: float) -> None:
        """Take note that it runs; after a while, what was before is forgotten."""
        if self.runs_since_s is None:
            self.runs_since_s = now_s
        if now_s - self.runs_since_s >= STEADY_S:
            self.count = 0
            self.again_at_s = now_s

    def tried(self, now_s: float) -> None:
        """Take note that it was submitted: the next time, if any, is later."""
        self.runs_since_s = None
        self.again_at_s = now_s + min(PAUSE_S * 2**self.count, LONGEST_PAUSE_S)
        self.count += 1


@dataclass
class Keeper:
    """Looks whether what is to run does; ``unspoken`` are jobs to run by themselves.

    What failed before is sent alone, so that it holds back no other.
    """

    cluster: Cluster
    clock_s: Clock
    submit: Submit = flink_jobs.submit_alone
    unspoken: bool = False
    _attempts: dict[str, Attempts] = field(default_factory=dict)
    _answered: bool = True

    def run(self, stopped: Stopped) -> None:
        """Look again and again, until stopped."""
        while not stopped(EVERY_S):
            self.look()

    def look(self) -> None:
        """Submit what is to run, does not, and may be tried now."""
        try:
            if not self.cluster.flink.slots():
                self._say_whether_it_answers(answers=False)
                return
            self._say_whether_it_answers(answers=True)
            with self.cluster.wishes.alone():
                due = self._due()
                for jobs in _together(due, self._attempts):
                    self._send(jobs)
        except httpx.HTTPError as error:
            logger.warning("Flink does not say what runs: %s", error)
        except OSError as error:
            logger.warning("wishes cannot be read or written: %s", error)

    def _due(self) -> list[str]:
        running = self.cluster.flink.alive()
        now_s = self.clock_s()
        for job in self._wanted():
            if flink_jobs.job_name(job) in running:
                self._of(job).ran(now_s)
        return [
            job
            for job in self._wanted()
            if flink_jobs.job_name(job) not in running
            and self._of(job).again_at_s <= now_s
        ]

    def _wanted(self) -> Iterable[str]:
        wanted = {Wish.RUN, None} if self.unspoken else {Wish.RUN}
        return (job for job in flink_jobs.JOBS if self.cluster.wishes.of(job) in wanted)

    def _of(self, job: str) -> Attempts:
        return self._attempts.setdefault(job, Attempts())

    def _send(self, jobs: list[str]) -> None:
        names = ", ".join(map(flink_jobs.job_name, jobs))
        logger.warning("not running, and submitted again: %s", names)
        try:
            self.submit(self.cluster, jobs)
            logger.info("running again: %s", names)
        except (StackError, httpx.HTTPError, OSError) as error:
            logger.error("not submitted: %s", error)  # noqa: TRY400 - the line says it all
        now_s = self.clock_s()
        for job in jobs:
            self._of(job).tried(now_s)

    def _say_whether_it_answers(self, *, answers: bool) -> None:
        if answers != self._answered:
            logger.info("Flink %s", "is there" if answers else "is away, or no slot is")
        self._answered = answers


def _together(due: list[str], attempts: dict[str, Attempts]) -> list[list[str]]:
    """Return what is sent with one client: all that never failed, or one that did."""
    well = [job for job in due if not attempts[job].count]
    failed = [[job] for job in due if attempts[job].count]
    return [well, *failed] if well else failed
