"""What more patterns cost, and what thinning saves, in a calm ward and in a storm.

``python -m benchmarks.patterns`` compares the whole catalogue with its first
four patterns, both as they run and without thinning, where 5 % of patients are
abnormal at any time and where half of them are.
"""

from typing import Annotated, Final

import typer
from rich.console import Console

from benchmarks.cases import PATTERNS
from benchmarks.speed import measure

READINGS: Final = {"ill": 5_000_000, "storm": 2_000_000}
"""How many in each scenario: Java goes on compiling for the first million or two."""

console = Console()


def main(
    leave_out: Annotated[
        str, typer.Option(help="Cases with this in their name.")
    ] = "-",
) -> None:
    """Measure every case in every scenario, and print a table for each."""
    wanted = [case for case in PATTERNS if leave_out not in case.name]
    for scenario, readings in READINGS.items():
        table = measure(wanted, readings, scenario)
        table.title = scenario
        console.print(table)


if __name__ == "__main__":
    typer.run(main)
