"""How fast each part is, as a share of the speed of decoding alone.

``python -m benchmarks.speed`` starts a stack of its own with two slots, writes
the readings of 5,000 simulated patients, and runs one case after the other on
them. Ratios within one run can be compared; seconds depend on the machine.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.cases import CASES
from benchmarks.cluster import SLOTS, Cost, measured
from stack import lifecycle
from stack.environment import ROOT
from stack.install import install
from stack.paths import Paths
from stack.settings import Settings

DEVICES = 5_000
READINGS = 5_000_000

console = Console()


def main(
    readings: Annotated[int, typer.Option(help="How many readings.")] = READINGS,
    scenario: Annotated[str, typer.Option(help="What happens to patients.")] = "busy",
    only: Annotated[str, typer.Option(help="Cases with this in their name.")] = "",
) -> None:
    """Measure every case once, and print a table."""
    with own_stack() as settings:
        publish(settings, readings, scenario)
        costs: dict[str, Cost] = {}
        for case in CASES:
            if case is CASES[0] or only in case.name:
                costs[case.name] = measured(case, settings)
                console.log(case.name, costs[case.name])
        console.print(report(costs, readings))


@contextmanager
def own_stack() -> Iterator[Settings]:
    """Run the servers on a wiped state of their own, with two slots."""
    own = {
        **os.environ,
        "VIGIL_STATE_DIR": ".vigil/benchmark",
        "VIGIL_FLINK_SLOTS": str(SLOTS),
    }
    settings = Settings.load(own)
    servers = install(settings, own, console)
    lifecycle.reset(settings)
    lifecycle.up(settings, servers, own, console)
    os.environ["FLINK_CONF_DIR"] = str(Paths(settings.state_dir).conf / "flink")
    try:
        yield settings
    finally:
        lifecycle.down(settings, console)
        lifecycle.reset(settings)


def publish(settings: Settings, readings: int, scenario: str) -> None:
    """Write ``readings`` of ``DEVICES`` patients, ending now, as fast as possible."""
    command = [sys.executable, "-m", "producers.fleet", "--max-speed"]
    command += ["--devices", str(DEVICES), "--count", str(readings)]
    command += ["--scenario", scenario, "--brokers", settings.kafka_brokers]
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own command


def report(costs: dict[str, Cost], readings: int) -> Table:
    """Return the table of ``costs``; the first is what the others are compared with."""
    table = Table("case", "s", "readings/s", "per CPU-s", "ratio", "aim")
    first = next(iter(costs.values()))
    aims = {case.name: case.aim for case in CASES}
    for name, cost in costs.items():
        table.add_row(
            name,
            f"{cost.wall_s:.1f}",
            f"{readings / cost.wall_s:,.0f}",
            f"{readings / cost.cpu_s:,.0f}",
            f"{first.wall_s / cost.wall_s:.3f}",
            f"{aims[name] or ''}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
