"""How far simulated patients are like recorded ones: a table, and a picture.

python -m workbench.realism recordings --out realism.svg
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console

from digital_twin.scenarios import SCENARIOS
from producers.recordings import RecordingError, read_all
from workbench.interruption import INTERRUPTED
from workbench.realism_fleet import fleet
from workbench.realism_measures import PACES, Pace, Patient, patients
from workbench.realism_picture import draw
from workbench.realism_report import NINE_TENTHS, Row, Verdict, rows, table

PICTURES: Final = (".svg", ".png")
REFUSED: Final = 2
WIDE: Final = 150

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[list[Path], typer.Argument(help="Recordings, archives, folders.")]
Out = Annotated[Path | None, typer.Option(help="Draw it too: a .svg or a .png.")]
Scenario = Annotated[str, typer.Option(help="Which simulated patients.")]
Number = Annotated[int, typer.Option(min=50, help="How many of them.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed plays the same.")]


class RefusedError(Exception):
    """One line: what cannot be compared, and what to do."""


@app.command()
def main(
    paths: Paths,
    out: Out = None,
    scenario: Scenario = "intensive_care",
    number: Number = 512,
    seed: Seed = 1,
) -> None:
    """Compare simulated patients with recorded ones, sign by sign."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    logging.basicConfig(level=logging.WARNING)
    try:
        _check(out, scenario)
        found = {
            pace: _compared(pace, recorded, scenario, number, seed)
            for pace, recorded in _recorded(paths).items()
        }
    except (RefusedError, RecordingError) as error:
        typer.echo(f"realism: {error}", err=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    for pace, (ours, theirs) in found.items():
        console.print(_table(pace, ours, theirs, scenario))
    compared = [row for pair in found.items() for row in _rows(*pair)]
    console.print(summary(compared))
    for line in why_not(compared):
        console.print(line)
    if out is not None:
        draw(found, f"the scenario {scenario}", out)
        console.print(f"drawn: {out}")


Pair = tuple[Sequence[Patient], Sequence[Patient]]


def _check(out: Path | None, scenario: str) -> None:
    if scenario not in SCENARIOS:
        msg = (
            f"--scenario {scenario}: there is no such; there are {', '.join(SCENARIOS)}"
        )
        raise RefusedError(msg)
    if out is not None and out.suffix not in PICTURES:
        msg = f"--out {out}: a picture is a file that ends in {' or '.join(PICTURES)}"
        raise RefusedError(msg)
    if out is not None and not out.parent.is_dir():
        msg = f"--out {out}: its folder is not there; make it first"
        raise RefusedError(msg)


def _recorded(paths: Sequence[Path]) -> dict[Pace, list[Patient]]:
    everyone = list(patients(read_all(paths)))
    found = {pace: [each for each in everyone if each.pace is pace] for pace in PACES}
    if not everyone:
        msg = "no patient there is measured every second or every hour; take others"
        raise RefusedError(msg)
    return {pace: recorded for pace, recorded in found.items() if recorded}


def _compared(
    pace: Pace, recorded: Sequence[Patient], scenario: str, number: int, seed: int
) -> Pair:
    return fleet(SCENARIOS[scenario], number, seed, pace), recorded


def _rows(pace: Pace, pair: Pair) -> list[Row]:
    return list(rows(*pair, pace))


def _table(
    pace: Pace, ours: Sequence[Patient], theirs: Sequence[Patient], scenario: str
) -> object:
    title = (
        f"{len(theirs)} recorded patients, measured {pace.name}, and {len(ours)} "
        f"of {scenario}: median (5 % .. 95 % of patients)"
    )
    return table(list(rows(ours, theirs, pace)), title)


def summary(found: Sequence[Row]) -> str:
    """Return in one line how many of the measures lie inside."""
    counts = dict.fromkeys(Verdict, 0)
    for row in found:
        counts[row.verdict] += 1
    told = ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
    return f"of {len(found)} measures: {told} the range of recorded patients"


def why_not(found: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each measure that recorded patients are too short to tell of."""
    for row in found:
        if row.verdict is Verdict.TOO_SHORT:
            low, high = row.range
            reach, few = NINE_TENTHS * row.chance, row.recorded.size
            yield (
                f"{row.sign}, {row.measure.name}: not compared. Chance alone gives a"
                f" patient in whom nothing is left anything from {-reach:.2f} to"
                f" {reach:.2f}; {few} recorded ones happen to lie from {low:.2f} to"
                f" {high:.2f} (median {np.median(row.recorded):.2f})."
            )


if __name__ == "__main__":
    app()
