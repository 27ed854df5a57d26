"""The servers, for as long as a command needs them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from rich.console import Console

from stack import lifecycle
from stack.flink_run import Cluster
from stack.install import install
from stack.settings import Settings
from stack.supervision import Supervisor


class Running(NamedTuple):
    """The servers, and whether they were up before; then they stay."""

    cluster: Cluster
    stay: bool


@contextmanager
def servers_up(settings: Settings, console: Console) -> Iterator[Running]:
    """Bring up what is not; at the end, take down what was brought up."""
    servers = install(settings, os.environ, console)
    cluster = Cluster(settings, servers, os.environ)
    was_up = Supervisor(cluster.paths).is_up()
    lifecycle.up(settings, servers, os.environ, console)
    try:
        yield Running(cluster, stay=was_up)
    finally:
        if not was_up:
            lifecycle.down(settings, console)
