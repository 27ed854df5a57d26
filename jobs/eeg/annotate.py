"""Find the seizures in a recording, without any service.

python -m jobs.eeg.annotate in.edf out.tsv
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from eeg.course import Course, course, n_windows
from eeg.events import events
from eeg.model import ModelError
from eeg.recording import Recording, RecordingError
from eeg.recordings import EXPECTED, read
from eeg.scoring import Scorer
from eeg.window import LEAST_RATE_HZ, MOST_RATE_HZ, WINDOW_S
from jobs.eeg.event_table import Table, write

REFUSED: Final = 2
INTERRUPTED: Final = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Source = Annotated[Path, typer.Argument(help=EXPECTED)]
Target = Annotated[
    Path,
    typer.Argument(help="Table to write; a folder, if there are several recordings."),
]


class RefusedError(Exception):
    """One line: what cannot be annotated, and why."""


@app.command()
def main(source: Source, target: Target) -> None:
    """Score a recording of EEG, and write its seizures as a SzCORE (BIDS) table."""
    console = Console(stderr=True, highlight=False)
    try:
        found = _by_name(read(source))
        files = _files(list(found), target)
        with Progress(console=console, transient=True) as progress:
            _annotate(found, files, progress)
    except (RecordingError, ModelError, RefusedError) as error:
        console.print(f"annotate: {error}", style="red", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        console.print("annotate: stopped")
        raise typer.Exit(INTERRUPTED) from None


Parts = Sequence[Recording]
"""One recording, in parts where it has gaps."""


def _by_name(recordings: Parts) -> dict[str, Parts]:
    """Return the parts of each recording; refuse rates that the model cannot read."""
    found: dict[str, Parts] = {
        name: list(parts)
        for name, parts in itertools.groupby(recordings, lambda each: each.name)
    }
    for name, parts in found.items():
        rate_hz = parts[0].rate_hz
        if not LEAST_RATE_HZ <= rate_hz <= MOST_RATE_HZ:
            msg = (
                f"{name}: {rate_hz:g} samples a second; the model reads recordings of"
                f" {LEAST_RATE_HZ:g} to {MOST_RATE_HZ:g}"
            )
            raise RefusedError(msg)
    return found


def _files(names: Sequence[str], target: Path) -> list[Path]:
    """Return the table of each recording; refuse what could not be written."""
    several = len(names) > 1
    if several and target.is_file():
        msg = (
            f"{target}: is a file, and there are {len(names)} recordings: name a folder"
        )
        raise RefusedError(msg)
    folder = target if several else target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be made ({error.strerror}); name another folder"
        raise RefusedError(msg) from None
    return [folder / f"{name}.tsv" for name in names] if several else [target]


def _annotate(
    found: Mapping[str, Parts], files: Sequence[Path], progress: Progress
) -> None:
    scorer = Scorer.load()
    total = sum(n_windows(part) for parts in found.values() for part in parts)
    tell = partial(progress.advance, progress.add_task("scored", total=total))
    for (name, parts), file in zip(found.items(), files, strict=True):
        known = course(scorer, parts, tell)
        table = _table(known, parts, scorer.threshold)
        _demand_known(name, known)
        with _opened(file) as opened:
            write(table, opened)
        progress.console.print(_told(name, table, file), soft_wrap=True)


def _table(known: Course, parts: Parts, threshold: float) -> Table:
    found = events(known.at_s, known.probability, known.log_line_length, threshold)
    length_s = parts[-1].begins_s + parts[-1].length_s
    return Table(known, found, threshold, parts[0].start, length_s)


def _demand_known(name: str, known: Course) -> None:
    """Refuse to say "no seizure" of what could not be judged at all."""
    if np.isnan(known.probability).all():
        msg = (
            f"{name}: nothing of it could be judged: it is shorter than {WINDOW_S} s,"
            " or too many channels are flat, clipped, disconnected or missing"
        )
        raise RefusedError(msg)


@contextmanager
def _opened(file: Path) -> Iterator[IO[str]]:
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            yield opened
    except OSError as error:
        msg = f"{file}: cannot be written ({error.strerror})"
        raise RefusedError(msg) from None


def _told(name: str, table: Table, file: Path) -> str:
    n_found = len(table.events)
    found = f"{n_found} seizure{'' if n_found == 1 else 's'}"
    unknown_s = int(np.isnan(table.course.probability).sum())
    left = f"; {unknown_s} s could not be judged" if unknown_s else ""
    return f"{name}: {found} in {table.length_s:.0f} s{left}: {file}"


if __name__ == "__main__":
    app()
