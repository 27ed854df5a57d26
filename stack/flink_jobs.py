"""Submit the jobs, see that they run, cancel them."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from stack import configuration, plans
from stack.errors import StackError
from stack.flink_rest import DONE
from stack.flink_run import (
    JOBS_FOLDER,
    Cluster,
    archive,
    command_line,
    options,
    root_cause,
    run,
)
from stack.waiting import until
from stack.wishes import Wish

JOBS: Final = (
    "detect_patterns",
    "record_vitals",
    "score_patients",
    "record_results",
    "score_eeg",
    "watch_devices",
    "verify_fixes",
)
"""All jobs, in the order in which they are submitted: what finds alarms first.

EEG is for a few patients, and its workers load a model; devices fail over hours.
"""

ENDING: Final = ("learn_baselines",)
"""Jobs that read what is there and end: each run begins anew, when it is wanted."""

GIVEN_UP: Final = DONE - {"FINISHED"}
SUBMITTED: Final = re.compile(r"JobID ([0-9a-f]{32})")
REFUSED: Final = re.compile(
    r"Cannot map checkpoint/savepoint state|Failed to rollback to checkpoint"
    r"|StateMigrationException|not compatible"
)


class PlanChangedError(StackError):
    """A job's last checkpoint was made by another plan, and does not fit this one."""


def job_name(job: str) -> str:
    """Return what Flink calls the job of module ``job``."""
    return job.replace("_", "-")


def submit(
    cluster: Cluster, jobs: Iterable[str] = JOBS, *, fresh: bool = False
) -> list[str]:
    """Submit those of ``jobs`` that are not running; return their names.

    Each resumes from its newest checkpoint unless ``fresh``. One client sends
    them all, in order, because starting it is most of the time it takes. From now
    on they are kept running, until they are cancelled.
    """
    wanted = list(jobs)
    _demand_files(wanted)
    _demand_cluster(cluster)
    cluster.paths.make()
    with cluster.wishes.alone():
        return submit_alone(cluster, wanted, fresh=fresh)


def submit_alone(
    cluster: Cluster, jobs: list[str], *, fresh: bool = False
) -> list[str]:
    """Do what :func:`submit` does, where nobody else submits meanwhile."""
    running = cluster.flink.alive()
    waiting = [job for job in jobs if job_name(job) not in running]
    _want(cluster, set(jobs) - set(waiting))
    if not waiting:
        return []
    cluster.paths.make()
    configuration.write(cluster.settings, cluster.paths)
    for job, job_id in _send(cluster, waiting, fresh=fresh).items():
        _see_it_run(cluster, job, job_id)
        _want(cluster, [job])
    return [job_name(job) for job in waiting]


def _want(cluster: Cluster, jobs: Iterable[str]) -> None:
    """Write down that ``jobs`` are to run; one that ends is not missed afterwards."""
    for job in set(jobs) - set(ENDING):
        cluster.wishes.say(job, Wish.RUN)


def _demand_files(jobs: list[str]) -> None:
    absent = [job for job in jobs if not (JOBS_FOLDER / f"{job}.py").exists()]
    if absent:
        msg = f"no such job in {JOBS_FOLDER}: {', '.join(absent)}"
        raise StackError(msg)


def _demand_cluster(cluster: Cluster) -> None:
    if cluster.flink.slots() is None:
        url = cluster.settings.flink_url
        msg = f"no Flink answers at {url}: make up, or correct VIGIL_FLINK_URL"
        raise StackError(msg)


def _send(cluster: Cluster, jobs: list[str], *, fresh: bool) -> dict[str, str]:
    """Submit ``jobs``; return the id that Flink gave to each."""
    with_options = _options(cluster, jobs, fresh=fresh)
    log = cluster.paths.log("submit")
    output = run(cluster, command_line(cluster, with_options, archive()), log)
    sent = dict(zip(jobs, SUBMITTED.findall(output), strict=False))
    if refused := jobs[len(sent) :]:
        raise _why(refused[0], output, log)
    return sent


def _options(
    cluster: Cluster, jobs: list[str], *, fresh: bool
) -> dict[str, dict[str, str]]:
    """Return the Flink options of each of ``jobs``; one that ends keeps nothing."""
    going_on = {job: job_name(job) for job in jobs if job not in ENDING}
    planned = plans.kept(cluster, going_on.values())
    kept = {
        job: options(cluster, name, fresh=fresh) | planned[name]
        for job, name in going_on.items()
    }
    return {job: kept.get(job, {}) for job in jobs}


def _see_it_run(cluster: Cluster, job: str, job_id: str) -> None:
    """Wait until every task is at work; say why when they do not get there.

    Of a job that ends, the tasks work one after another: the first will do.
    """
    log = cluster.paths.log("taskmanager")
    at_work = cluster.flink.a_task_ran if job in ENDING else cluster.flink.tasks_run

    def runs() -> bool:
        failure = cluster.flink.failure(job_id)
        if REFUSED.search(failure):
            cluster.flink.cancel(job_id)
        if REFUSED.search(failure) or cluster.flink.state(job_id) in GIVEN_UP:
            raise _why(job, failure, log)
        return at_work(job_id)

    def why() -> str:
        return str(_why(job, cluster.flink.failure(job_id), log))

    until(runs, otherwise=why)


def _why(job: str, output: str, log: Path) -> StackError:
    if REFUSED.search(output):
        msg = (
            f"{job_name(job)}: its plan changed, so its last checkpoint does not fit: "
            f"python -m stack submit --fresh {job} starts without it"
        )
        return PlanChangedError(msg)
    msg = f"{job_name(job)} does not run: {root_cause(output)} (whole log: {log})"
    return StackError(msg)


def cancel(cluster: Cluster, jobs: Iterable[str] = JOBS) -> list[str]:
    """Cancel those of ``jobs`` that run, keep their checkpoints; return their names.

    They stay cancelled, until they are submitted again.
    """
    given = list(jobs)
    for job in given:
        cluster.wishes.say(job, Wish.REST)
    with cluster.wishes.alone():
        return _cancel(cluster, [job_name(job) for job in given])


def _cancel(cluster: Cluster, names: list[str]) -> list[str]:
    running = [job for job in map(cluster.flink.running, names) if job]
    for job in running:
        cluster.flink.cancel(job.job_id)
    until(
        lambda: not any(map(cluster.flink.running, names)),
        otherwise=lambda: f"still running: {', '.join(names)}",
    )
    return [job.name for job in running]
