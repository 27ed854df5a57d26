"""Servers of a benchmark's own, so that nothing else is on them."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from stack import lifecycle
from stack.errors import StackError
from stack.install import install
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor

STATE: Final = ".vigil/benchmark"


PEOPLE: Final = ("alerts", "fixes", "timetable", "gateway")
"""What is there for people, and follows the stream for them."""


@contextmanager
def own_stack(
    console: Console, slots: int = 2, without: Sequence[str] = ()
) -> Iterator[Settings]:
    """Run the servers on a wiped state, and leave nothing of it behind.

    Those ``without`` which it shall be are stopped: the page, for one, would read
    all that is written to measure something else.
    """
    own = {**os.environ, "VIGIL_STATE_DIR": STATE, "VIGIL_FLINK_SLOTS": str(slots)}
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
