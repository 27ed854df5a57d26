"""Servers of a benchmark's own, so that nothing else is on them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from stack import lifecycle
from stack.errors import StackError
from stack.install import install
from stack.paths import Paths
from stack.settings import Settings

STATE: Final = ".vigil/benchmark"


@contextmanager
def own_stack(console: Console, slots: int = 2) -> Iterator[Settings]:
    """Run the servers on a wiped state, and leave nothing of it behind."""
    own = {**os.environ, "VIGIL_STATE_DIR": STATE, "VIGIL_FLINK_SLOTS": str(slots)}
    try:
        settings = Settings.load(own)
        servers = install(settings, own, console)
        lifecycle.reset(settings)
        lifecycle.up(settings, servers, own, console)
    except StackError as error:
        console.print(str(error), style="red", soft_wrap=True)
        raise typer.Exit(1) from None
    os.environ["FLINK_CONF_DIR"] = str(Paths(settings.state_dir).conf / "flink")
    try:
        yield settings
    finally:
        lifecycle.down(settings, console)
        lifecycle.reset(settings)
