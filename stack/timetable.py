"""Run what runs once a day, at its hour: ``python -m stack.timetable``.

A process beside the servers, kept alive as they are. A run that fails is logged
and is nobody's alarm: what an earlier run has learned stays, and the next day
comes.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC
from functools import partial
from threading import Event
from typing import Final

import httpx
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from stack import flink_jobs
from stack.errors import StackError
from stack.flink_rest import Flink, Job
from stack.flink_run import Cluster, root_cause
from stack.servers import find
from stack.settings import Settings

logger = logging.getLogger(__name__)

BASELINES: Final = "learn_baselines"
POLL_S: Final = 5.0
STILL_WORTH_IT_S: Final = 6 * 3600
"""A machine that slept through the hour makes up for it until this much later."""

Submit = Callable[[Cluster, list[str]], list[str]]
Stopped = Callable[[], bool]
"""Waits a little, and says whether this process is to stop."""


def timetable(at: str, task: Callable[[], None]) -> BackgroundScheduler:
    """Return a scheduler that runs ``task`` each day ``at``; never, if it is empty.

    It runs one at a time, and of hours it missed it makes up for the last alone.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "misfire_grace_time": STILL_WORTH_IT_S},
    )
    if at:
        scheduler.add_job(task, daily(at))
    return scheduler


def daily(at: str) -> CronTrigger:
    """Return what tells the next time it is ``at`` (HH:MM, UTC)."""
    hour, minute = at.split(":")
    return CronTrigger(hour=int(hour), minute=int(minute), timezone=UTC)


def run(
    cluster: Cluster, job: str, stopped: Stopped, submit: Submit = flink_jobs.submit
) -> None:
    """Run ``job`` to its end, unless it runs already; log what became of it."""
    name = flink_jobs.job_name(job)
    try:
        if submit(cluster, [job]):
            logger.info("%s: %s", name, outcome(cluster.flink, name, stopped))
        else:
            logger.warning("%s: runs already, so it was not started again", name)
    except (StackError, httpx.HTTPError) as error:
        logger.error("%s: %s", name, error)  # noqa: TRY400 - the line says it all


def outcome(flink: Flink, name: str, stopped: Stopped) -> str:
    """Wait until the newest job called ``name`` is over; return how it ended."""
    while not stopped():
        job = next((job for job in flink.latest() if job.name == name), None)
        if job is None:
            return "lost: Flink does not know it any more"
        if job.is_over:
            return _told(flink, job)
    return "left to itself, because the timetable stops"


def _told(flink: Flink, job: Job) -> str:
    if job.state == "FAILED":
        return f"failed: {root_cause(flink.failure(job.job_id))}"
    return job.state.lower()


def main() -> None:
    """Keep the timetable until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())
    settings = Settings.load(os.environ)
    cluster = Cluster(settings, find(settings, os.environ), os.environ)
    stopping = Event()
    task = partial(run, cluster, BASELINES, partial(stopping.wait, POLL_S))
    at = settings.baselines_at
    logger.info("%s: %s", BASELINES, f"daily at {at} UTC" if at else "never")
    scheduler = timetable(at, task)
    scheduler.start()
    try:
        while True:
            signal.pause()
    finally:
        stopping.set()
        scheduler.shutdown()


if __name__ == "__main__":
    main()
