"""Submit the jobs, see that they run, cancel them."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from stack import configuration
from stack.errors import StackError
from stack.flink_run import (
    Cluster,
    archive,
    command_line,
    newest_checkpoint,
    root_cause,
    run,
)
from stack.waiting import until

JOBS: Final = ("record_vitals", "detect_patterns", "record_matches")

START_S: Final = 60
SUBMITTED: Final = re.compile(r"JobID ([0-9a-f]{32})")
REFUSED: Final = re.compile(
    r"Cannot map checkpoint/savepoint state|Failed to rollback to checkpoint"
    r"|StateMigrationException|not compatible"
)


def job_name(job: str) -> str:
    """Return what Flink calls the job of module ``job``."""
    return job.replace("_", "-")


def submit(
    cluster: Cluster, jobs: Iterable[str] = JOBS, *, fresh: bool = False
) -> list[str]:
    """Submit those of ``jobs`` that are not running; return their names.

    Each resumes from its newest checkpoint unless ``fresh``. All are sent at
    once, because starting Flink's client is most of the time it takes.
    """
    wanted = list(jobs)
    _demand_files(cluster, wanted)
    _demand_cluster(cluster)
    waiting = [job for job in wanted if not cluster.flink.running(job_name(job))]
    if not waiting:
        return []
    cluster.paths.make()
    configuration.write(cluster.settings, cluster.paths)
    packed = archive()
    with ThreadPoolExecutor(len(waiting)) as pool:
        sent = list(pool.map(lambda job: _send(cluster, job, packed, fresh), waiting))
    for job, job_id in zip(waiting, sent, strict=True):
        _see_it_run(cluster, job, job_id)
    return [job_name(job) for job in waiting]


def _demand_files(cluster: Cluster, jobs: list[str]) -> None:
    absent = [job for job in jobs if not (cluster.folder / f"{job}.py").exists()]
    if absent:
        msg = f"no such job in {cluster.folder}: {', '.join(absent)}"
        raise StackError(msg)


def _demand_cluster(cluster: Cluster) -> None:
    if cluster.flink.slots() is None:
        url = cluster.settings.flink_url
        msg = f"no Flink answers at {url}: make up, or correct VIGIL_FLINK_URL"
        raise StackError(msg)


def _send(cluster: Cluster, job: str, packed: Path, fresh: bool) -> str:  # noqa: FBT001 - called from a pool
    name, script = job_name(job), cluster.folder / f"{job}.py"
    resume_from = None if fresh else newest_checkpoint(cluster.checkpoints(name))
    command = command_line(cluster, script, name, packed, resume_from)
    log = cluster.paths.log(f"submit-{name}")
    output = run(cluster, command, log)
    if job_id := SUBMITTED.search(output):
        return job_id.group(1)
    raise StackError(_why(job, output, log))


def _see_it_run(cluster: Cluster, job: str, job_id: str) -> None:
    """Wait until every task is at work; say why when they do not get there."""
    log = cluster.paths.log("taskmanager")

    def runs() -> bool:
        failure = cluster.flink.failure(job_id)
        if REFUSED.search(failure):
            cluster.flink.cancel(job_id)
        if REFUSED.search(failure) or cluster.flink.state(job_id) == "FAILED":
            raise StackError(_why(job, failure, log))
        return cluster.flink.tasks_run(job_id)

    def why() -> str:
        return _why(job, cluster.flink.failure(job_id), log)

    until(runs, otherwise=why, timeout_s=START_S)


def _why(job: str, output: str, log: Path) -> str:
    if REFUSED.search(output):
        return (
            f"{job_name(job)}: its plan changed, so its last checkpoint does not fit: "
            f"python -m stack submit --fresh {job} starts without it"
        )
    return f"{job_name(job)} does not run: {root_cause(output)} (whole log: {log})"


def cancel(cluster: Cluster, jobs: Iterable[str] = JOBS) -> list[str]:
    """Cancel those of ``jobs`` that run, keep their checkpoints; return their names."""
    names = [job_name(job) for job in jobs]
    running = [job for job in map(cluster.flink.running, names) if job]
    for job in running:
        cluster.flink.cancel(job.job_id)
    until(
        lambda: not any(map(cluster.flink.running, names)),
        otherwise=lambda: f"still running: {', '.join(names)}",
    )
    return [job.name for job in running]
