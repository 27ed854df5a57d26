"""Submit the jobs while the ward is shown already; take back only our own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

import httpx
from rich.console import Console

from stack import flink_jobs
from stack.errors import StackError
from stack.flink_rest import DONE
from stack.flink_run import Cluster
from stack.wishes import Wish

RUNNING: Final = "running"
SUBMITTING: Final = "submitting"
GONE: Final = "gone"
ALARMS: Final = "detect_patterns"

NAMES: Final = tuple(map(flink_jobs.job_name, flink_jobs.JOBS))


def submit_all(cluster: Cluster, jobs: Sequence[str] = flink_jobs.JOBS) -> list[str]:
    """Submit ``jobs``, and return what was; we go on without what no longer fits."""
    try:
        return flink_jobs.submit(cluster, jobs)
    except flink_jobs.PlanChangedError:
        return flink_jobs.submit(cluster, jobs, fresh=True)


class Submission:
    """The jobs on their way to the cluster, which ``submit`` sends.

    Those that ran before, or were to run, are not ours to cancel.
    """

    def __init__(
        self, cluster: Cluster, submit: Callable[[Cluster], object] = submit_all
    ) -> None:
        self._cluster = cluster
        self._before = {
            name
            for job, name in zip(flink_jobs.JOBS, NAMES, strict=True)
            if cluster.flink.running(name) or cluster.wishes.of(job) is Wish.RUN
        }
        self._future: Future[object] = ThreadPoolExecutor(1).submit(submit, cluster)

    def demand(self) -> None:
        """Raise what keeps a job from running, if anything does."""
        if self._future.done():
            self._future.result()

    def detects(self, seen: dict[str, str]) -> bool:
        """Return whether the job that finds alarms is at work."""
        return self.states(seen)[flink_jobs.job_name(ALARMS)] == RUNNING

    def states(self, seen: dict[str, str]) -> dict[str, str]:
        """Return each job's state, as far as Flink says; else what we know of it."""
        done = self._future.done()
        return {
            name: _state(seen.get(name, ""), may_run=done or name in self._before)
            for name in NAMES
        }

    def undo(self, console: Console, *, servers_stop: bool) -> None:
        """Cancel the jobs that were submitted here; others run on.

        Jobs still on their way go down with the servers, or are waited for.
        """
        if servers_stop and not self._future.done():
            return
        with console.status("Waiting for the submission to end"):
            wait([self._future])
        ours = [
            j for j in flink_jobs.JOBS if flink_jobs.job_name(j) not in self._before
        ]
        try:
            cancelled = flink_jobs.cancel(self._cluster, ours)
        except (httpx.HTTPError, StackError) as error:
            console.print(f"could not cancel the jobs: {error}")
        else:
            for name in cancelled:
                console.print(f"cancelled {name}")


def _state(seen: str, *, may_run: bool) -> str:
    """Return what Flink says, unless it speaks of an earlier job of that name."""
    if may_run:
        return seen or GONE
    return SUBMITTING if not seen or seen.upper() in DONE else seen
