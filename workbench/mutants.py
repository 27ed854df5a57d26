"""Are the tests of the patterns any good? Make each pattern wrong, and see.

python -m workbench.mutants --pattern desaturation

Every bound, hold, gap, label and activity of a pattern is changed by the least
that matters, alone, and so is the SQL of the shapes (whose rows are looked at,
where a match goes on). A change that no test notices *survives*, and the command
fails.

Why no tool from elsewhere: mutmut 3 changes the bodies of functions, and a
pattern has none; cosmic-ray changes any number, but starts Python, Java and
Flink anew for each (some 20 s, an hour for the catalogue), and neither knows a
reading, a severity or what stands in SQL. Here all mutants of a pattern share
one Flink job (``workbench.mutation_plugin``).
"""

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from workbench.fates import (
    JOBS,
    TESTS,
    BrokenError,
    Fate,
    pattern_fates,
    shape_fates,
)
from workbench.interruption import INTERRUPTED
from workbench.mutations import TextMutant, text_mutants

SURVIVED: Final = "SURVIVED"
BROKEN: Final = 2
WIDE: Final = 180
"""Columns where nobody's terminal says how many there are."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Option("--pattern", help="A pattern, or a module of jobs.")]
Tests = Annotated[Path, typer.Option(help="Where the tests of the patterns are.")]


@app.command()
def main(*, pattern: Name = "", tests: Tests = TESTS / "cep_patterns") -> None:
    """Change the patterns in every small way, and show which tests notice."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    began_s = time.monotonic()
    try:
        patterns, shapes = chosen(pattern)
        fates = [*pattern_fates(patterns, tests), *shape_fates(shapes)]
    except BrokenError as error:
        Console(stderr=True).print(f"mutants: {error}", style="red", soft_wrap=True)
        raise typer.Exit(BROKEN) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("mutants: stopped")
        raise typer.Exit(INTERRUPTED) from None
    console.print(table(fates))
    console.print(last_line(fates, time.monotonic() - began_s))
    if any(fate.survived for fate in fates):
        raise typer.Exit(1)


def chosen(name: str) -> tuple[list[Pattern], list[TextMutant]]:
    """Return what is called ``name``, patterns and wrong texts; all if it is empty."""
    patterns = [p for p in CATALOGUE if name in ("", p.name)]
    files = [f for f in sorted(JOBS.glob("*.py")) if name in ("", f.stem)]
    shapes = [m for f in files for m in text_mutants(f.stem, f.read_text("utf-8"))]
    if not patterns and not shapes:
        known = ", ".join(p.name for p in CATALOGUE)
        msg = f"--pattern {name}: no such pattern, nor SQL of that name; try {known}"
        raise BrokenError(msg)
    return patterns, shapes


def table(fates: Sequence[Fate]) -> Table:
    """Return every mutant with the test that noticed it."""
    shown = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("of", "wrong", "noticed by"):
        shown.add_column(name, no_wrap=True)
    for fate in fates:
        noticed = Text(SURVIVED, style="bold red") if fate.survived else fate.killer
        shown.add_row(fate.of, fate.what, noticed)
    return shown


def last_line(fates: Sequence[Fate], took_s: float) -> str:
    """Return the whole in one line."""
    survivors = sum(fate.survived for fate in fates)
    return f"{len(fates)} mutants, {survivors} survived, in {took_s:.0f} s"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app()
