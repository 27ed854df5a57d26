"""How fast each part is, as a share of the speed of decoding alone.

``python -m benchmarks.speed`` starts a stack of its own with two slots, writes
the readings of 5,000 simulated patients, and runs one case after the other on
them. Ratios within one run can be compared; seconds depend on the machine.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.cases import CASES, Case
from benchmarks.cluster import Cost, measured, restart_task_manager
from benchmarks.own_stack import PEOPLE, own_stack
from stack.environment import ROOT
from stack.settings import Settings

DEVICES = 5_000
READINGS = 5_000_000

console = Console()


def main(
    readings: Annotated[int, typer.Option(help="How many readings.")] = READINGS,
    scenario: Annotated[str, typer.Option(help="What happens to patients.")] = "busy",
    leave_out: Annotated[
        str, typer.Option(help="Cases with this in their name.")
    ] = "-",
) -> None:
    """Measure every case, and print a table."""
    wanted = [case for case in CASES if leave_out not in case.name]
    console.print(measure(wanted, readings, scenario))


def measure(cases: Sequence[Case], readings: int, scenario: str) -> Table:
    """Return the table of what ``cases`` cost, on a stack of their own."""
    with own_stack(console, without=PEOPLE) as settings:
        publish(settings, readings, scenario)
        costs = {case.name: warm(case, settings) for case in cases}
    return report(cases, costs, readings)


def warm(case: Case, settings: Settings) -> Cost:
    """Return the cost of the last run of ``case``; those before warm the compiler.

    Each case has a task manager of its own: what Java compiled for one case
    would make the next one faster.
    """
    restart_task_manager(settings)
    for _ in range(case.runs):
        cost = measured(case, settings)
        console.log(
            f"{case.name}: {cost.wall_s:.1f} s, {cost.cpu_s:.1f} s of processor"
        )
    return cost


def publish(
    settings: Settings, readings: int, scenario: str, devices: int = DEVICES
) -> None:
    """Write ``readings`` of ``devices`` patients, ending now, as fast as possible."""
    command = [sys.executable, "-m", "producers.fleet", "--max-speed"]
    command += ["--devices", str(devices), "--count", str(readings)]
    command += ["--scenario", scenario, "--brokers", settings.kafka_brokers]
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own command


def report(cases: Sequence[Case], costs: Mapping[str, Cost], readings: int) -> Table:
    """Return the table of ``costs``, each beside that of the case it is compared to."""
    table = Table("case", "s", "readings/s", "per CPU-s", "ratio", "to", "aim")
    for case in cases:
        cost, other = costs[case.name], costs.get(case.of)
        table.add_row(
            case.name,
            f"{cost.wall_s:.1f}",
            f"{readings / cost.wall_s:,.0f}",
            f"{readings / cost.cpu_s:,.0f}",
            f"{other.wall_s / cost.wall_s:.3f}" if other else "",
            case.of if other else "",
            f"{case.aim or ''}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
