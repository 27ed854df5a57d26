"""Servers of a benchmark's own, so that nothing else is on them."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from stack import lifecycle
from stack.errors import StackError
from stack.flink_jobs import JOBS, job_name
from stack.install import install
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor

STATE: Final = ".vigil/benchmark"


PEOPLE: Final = ("alerts", "fixes", "timetable", "gateway")
"""What is there for people, and follows the stream for them."""


def left_out(names: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the jobs that are to run, and the services that are not.

    Raises
    ------
    typer.BadParameter
        One of ``names`` is neither a job, as in record-vitals, nor for people.
    """
    known = [*map(job_name, JOBS), *PEOPLE]
    for name in names:
        if name not in known:
            msg = f"{name}: no such job or service; there are {', '.join(known)}"
            raise typer.BadParameter(msg)
    jobs = [job for job in JOBS if job_name(job) not in names]
    return jobs, [service for service in PEOPLE if service in names]


@contextmanager
def own_stack(
    console: Console, slots: int = 2, without: Sequence[str] = ()
) -> Iterator[Settings]:
    """Run the servers on a wiped state, and leave nothing of it behind.

    Those ``without`` which it shall be are stopped: the page, for one, would read
    all that is written to measure something else.
    """
    own = {
        **os.environ,
        "VIGIL_STATE_DIR": STATE,
        "VIGIL_FLINK_SLOTS": str(slots),
        "VIGIL_ALERTS_SYNTHETIC": "0",  # whoever counts messages counts none of ours
    }
    try:
        settings = Settings.load(own)
        servers = install(settings, own, console)
        lifecycle.reset(settings)
        lifecycle.up(settings, servers, own, console)
        for service in without:
            Supervisor(Paths(settings.state_dir)).stop(service)
    except StackError as error:
        console.print(str(error), style="red", soft_wrap=True)
        raise typer.Exit(1) from None
    os.environ["FLINK_CONF_DIR"] = str(Paths(settings.state_dir).conf / "flink")
    try:
        yield settings
    finally:
        lifecycle.down(settings, console)
        lifecycle.reset(settings)
