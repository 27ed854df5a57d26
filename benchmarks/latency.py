"""How long a match takes from the device's clock to a reader of Kafka.

``python -m benchmarks.latency`` runs the whole stack, all jobs included, and a
fleet in real time. Of each match it takes the time of the reading that decided
it, and the moment a consumer has the match. The difference is the lateness
allowance, which is a choice, and the rest, which is what Vigil adds.
"""

import os
import sys
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.delays import delays_ms
from benchmarks.own_stack import left_out, own_stack
from producers.contract import MATCHES, VITALS
from stack.flink_jobs import submit
from stack.flink_run import Cluster
from stack.servers import find
from stack.settings import Settings

WARM_UP_S = 180
"""After a minute the compiler still took a third of the task manager's time."""

console = Console()


def main(
    devices: Annotated[list[int], typer.Option(help="Devices at 1 Hz.")] = [  # noqa: B006 - typer copies it
        1_000,
        20_000,
    ],
    leave_out: Annotated[
        list[str], typer.Option(help="Jobs and services not to run.")
    ] = [],  # noqa: B006 - typer copies it
    seconds: Annotated[int, typer.Option(help="How long each is measured.")] = 120,
) -> None:
    """Measure one fleet after the other, and print a table."""
    table = Table(
        "devices", "matches", "p50", "p99", "allowance", "added p50", "added p99"
    )
    jobs, without = left_out(leave_out)
    with own_stack(console, slots=12, without=without) as settings:
        submit(Cluster(settings, find(settings, os.environ), os.environ), jobs)
        for each in devices:
            table.add_row(f"{each:,}", *row(_delays_ms(settings, each, seconds)))
    console.print(table)


def _delays_ms(settings: Settings, devices: int, seconds: int) -> list[float]:
    fleet = _fleet(settings, devices)
    found = delays_ms(settings, MATCHES, fleet, warm_up_s=WARM_UP_S, for_s=seconds)
    return list(found)


def _fleet(settings: Settings, devices: int) -> list[str]:
    command = [sys.executable, "-m", "producers.fleet", "--devices", str(devices)]
    command += ["--scenario", "busy", "--network", "perfect"]
    return [*command, "--brokers", settings.kafka_brokers]


def row(delays: list[float]) -> list[str]:
    """Return one line of the table; all times in seconds."""
    p50_s, p99_s = np.percentile(delays, [50, 99]) / 1000
    allowed_s = VITALS.max_lateness_ms / 1000
    times_s = (p50_s, p99_s, allowed_s, p50_s - allowed_s, p99_s - allowed_s)
    return [f"{len(delays):,}", *(f"{each:.2f} s" for each in times_s)]


if __name__ == "__main__":
    typer.run(main)
