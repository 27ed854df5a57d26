"""Ask Flink, over its REST interface, about its workers and jobs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from stack.errors import StackError

TIMEOUT_S: Final = 60.0
"""A job manager that starts seven jobs on a busy machine answers late, but it does."""
DONE: Final = frozenset({"FINISHED", "FAILED", "CANCELED", "SUSPENDED"})


def authorization(key_file: Path) -> dict[str, str]:
    """Return the header with the key in ``key_file``; none where there is no key."""
    key = key_file.read_text("utf-8").strip() if key_file.exists() else ""
    return {"Authorization": f"Bearer {key}"} if key else {}


@dataclass(frozen=True, slots=True)
class Job:
    """One job the cluster knows."""

    job_id: str
    name: str
    state: str
    started_ms: int

    @property
    def is_over(self) -> bool:
        """Whether it will never run again."""
        return self.state in DONE


@dataclass(frozen=True, slots=True)
class Flink:
    """The cluster at ``url``; whoever changes anything there needs its key."""

    url: str
    key_file: Path | None = None

    def slots(self) -> int | None:
        """Return how many slots its task managers offer; None when it is silent."""
        try:
            return int(self._get("/overview", "slots-total"))
        except httpx.HTTPError:
            return None

    def workers(self) -> set[str]:
        """Return the ids of its task managers; a restarted one has another id."""
        try:
            return {w["id"] for w in self._get("/taskmanagers", "taskmanagers")}
        except httpx.HTTPError:
            return set()

    def jobs(self) -> list[Job]:
        """Return every job it remembers, newest first; none when it does not answer."""
        try:
            return self._jobs()
        except httpx.HTTPError:
            return []

    def alive(self) -> set[str]:
        """Return the names of the jobs that are not over.

        Raises
        ------
        httpx.HTTPError
            It does not answer: whoever submits what is missing must not guess.
        """
        return {job.name for job in self._jobs() if not job.is_over}

    def _jobs(self) -> list[Job]:
        found = self._get("/jobs/overview", "jobs")
        jobs = [Job(j["jid"], j["name"], j["state"], j["start-time"]) for j in found]
        return sorted(jobs, key=lambda job: job.started_ms, reverse=True)

    def latest(self) -> list[Job]:
        """Return the newest job of each name."""
        return list({job.name: job for job in reversed(self.jobs())}.values())

    def running(self, name: str) -> Job | None:
        """Return the job of that name that is not over, if there is one."""
        alive = (j for j in self.jobs() if j.name == name and not j.is_over)
        return next(alive, None)

    def restarts(self, job: Job) -> int | None:
        """Return how often a job had to start again; None before it is first said."""
        path = f"/jobs/{job.job_id}/metrics?get=numRestarts"
        metrics = self._get(path)
        return int(metrics[0]["value"]) if metrics else None

    def tasks_run(self, job_id: str) -> bool:
        """Return whether every task of a job is at work."""
        tasks = self._tasks(job_id)
        return bool(tasks) and all(state == "RUNNING" for state in tasks)

    def a_task_ran(self, job_id: str) -> bool:
        """Return whether any task of a job is, or was, at work."""
        return bool({"RUNNING", "FINISHED"}.intersection(self._tasks(job_id)))

    def _tasks(self, job_id: str) -> list[str]:
        return [v["status"] for v in self._get(f"/jobs/{job_id}", "vertices")]

    def state(self, job_id: str) -> str:
        """Return the state of one job."""
        return str(self._get(f"/jobs/{job_id}", "state"))

    def state_bytes(self, job_id: str) -> int:
        """Return the size of a job's last complete checkpoint; 0 before the first."""
        completed = self._get(f"/jobs/{job_id}/checkpoints", "latest")["completed"]
        return int(completed["state_size"]) if completed else 0

    def failure(self, job_id: str) -> str:
        """Return why a job last failed, as Flink tells it, stack and all."""
        history = self._get(f"/jobs/{job_id}/exceptions", "exceptionHistory")
        return "\n".join(entry["stacktrace"] for entry in history["entries"][:1])

    def cancel(self, job_id: str) -> None:
        """Ask for a job to be cancelled; its last checkpoint is kept.

        Raises
        ------
        StackError
            The key is missing, or another.
        """
        key = authorization(self.key_file) if self.key_file else {}
        url = f"{self.url}/jobs/{job_id}"
        answer = httpx.patch(url, headers=key, timeout=TIMEOUT_S)
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise StackError(answer.json()["errors"][0])
        answer.raise_for_status()

    def _get(self, path: str, name: str = "") -> Any:  # noqa: ANN401 - JSON
        """Return what it answers, or what that calls ``name``.

        Raises
        ------
        httpx.HTTPError
            It is away, or another server answers in its place.
        """
        answer = httpx.get(f"{self.url}{path}", timeout=TIMEOUT_S).raise_for_status()
        try:
            told = answer.json()
            return told[name] if name else told
        except (ValueError, LookupError, TypeError):
            msg = f"no Flink answers at {self.url}: another server does"
            raise httpx.DecodingError(msg, request=answer.request) from None
