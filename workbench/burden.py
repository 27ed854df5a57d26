"""How many alarms the catalogue makes on recorded patients, without any service.

python -m workbench.burden recordings --picture burden.svg
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from cep_patterns.pattern import Pattern
from jobs.thinning import MOST_PATTERNS
from workbench.burden_counts import Burden, Episode, burden, episode
from workbench.burden_report import cautions, report
from workbench.burden_variants import Variant, batches, variants
from workbench.episodes import episodes
from workbench.fitness import fitting, notes
from workbench.interruption import INTERRUPTED, interrupted_with_java
from workbench.report import read_line, unusable_line
from workbench.stays import days_tried, stays
from workbench.telling import Tell, telling
from workbench.trial import Trial, in_order_of_time
from workbench.try_patterns import (
    REFUSED,
    Name,
    Paths,
    RefusedError,
    chosen,
    demand_java,
    matches_in_lines,
    prepare,
    read,
)

PICTURES: Final = (".svg", ".png")
WIDE: Final = 110
"""Columns where nobody's terminal says how many there are."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Picture = Annotated[Path | None, typer.Option(help="Draw it too: a .svg or a .png.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def main(
    *,
    paths: Paths,
    pattern: Name = "",
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """Count the alarms in recordings: how many, of whom, and with other limits."""
    console = Console(stderr=as_json, highlight=False, width=_width())
    prepare(os.environ)
    try:
        _demand_picture(picture)
        patterns = chosen(pattern)
        with interrupted_with_java(), telling() as tell:
            tell("recordings are read")
            trials = read(paths)
            demand_java(os.environ)
            watched = stays(trials)
            useful = [each for each in patterns if days_tried(each, watched)]
            neighbours = [v for each in useful for v in variants(each)]
            found = _all_episodes(patterns, neighbours, trials, tell)
    except RefusedError as error:
        Console(stderr=True).print(f"burden: {error}", style="red", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("burden: stopped, nothing was counted")
        raise typer.Exit(INTERRUPTED) from None
    counted = burden(patterns, watched, found, neighbours)
    warned = cautions(counted, patterns, watched)
    remarks = [*notes(patterns, trials), *warned]
    _show(console, trials, counted, remarks)
    if picture is not None:
        _draw(counted, warned, picture)
        console.print(f"drawn: {picture}")
    if as_json:
        sys.stdout.write(as_text(counted, remarks))


def _width() -> int | None:
    """Return None for the terminal's own width."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE


def _demand_picture(picture: Path | None) -> None:
    """Refuse at once what could not be drawn in the end."""
    if picture is None:
        return
    if picture.suffix.lower() not in PICTURES:
        msg = f"--picture {picture}: name a file that ends in {' or '.join(PICTURES)}"
        raise RefusedError(msg)
    if not os.access(picture.absolute().parent, os.W_OK):
        msg = f"--picture {picture}: its folder is not there, or not yours to write in"
        raise RefusedError(msg)


def _all_episodes(
    patterns: Sequence[Pattern],
    neighbours: Sequence[Variant],
    trials: Sequence[Trial],
    tell: Tell,
) -> list[Episode]:
    """Return the episodes of the patterns, then of their neighbours."""
    others = [variant.pattern for variant in neighbours]
    runs = [patterns, *batches(others, MOST_PATTERNS)]
    found = []
    for number, each in enumerate(runs, 1):
        tell(f"Flink reads them, {number} of {len(runs)}, {len(each)} patterns")
        found += episodes_of(each, trials)
    return found


def episodes_of(patterns: Sequence[Pattern], trials: Sequence[Trial]) -> list[Episode]:
    """Return the episodes of ``patterns`` in the recordings they fit."""
    useful = [each for each in trials if fitting(patterns, each)]
    lines = list(in_order_of_time(useful))
    told = matches_in_lines(lines, patterns) if lines else []
    found_ms = {m["match_id"]: m["ts_ms"] for m in told if m["phase"] == "ongoing"}
    return [episode(match, found_ms) for match in episodes(told, patterns, useful)]


def _show(
    console: Console,
    trials: Sequence[Trial],
    counted: Burden,
    remarks: Sequence[str],
) -> None:
    console.print(read_line(trials))
    console.print(unusable_line(trials))
    console.print(report(counted))
    console.print()
    for remark in remarks:
        console.print(remark, style="yellow")


def _draw(counted: Burden, remarks: Sequence[str], picture: Path) -> None:
    from workbench.burden_picture import draw  # noqa: PLC0415 - it takes a second

    draw(counted, remarks, picture)


def as_text(counted: Burden, remarks: Sequence[str]) -> str:
    """Return the whole as JSON, with what the numbers do not say."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    whole = {"burden": counted, "remarks": list(remarks)}
    return orjson.dumps(whole, option=options).decode()


if __name__ == "__main__":
    app()
