"""Try the patterns on recorded patients, without any service.

python -m workbench.try_patterns recording.csv --pattern desaturation
"""

import lzma
import os
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, MutableMapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from py4j.protocol import Py4JError
from rich.console import Console

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from producers.recordings import RecordingError, read_all
from stack.checks import java_problems
from stack.flink_run import root_cause
from workbench.episodes import Match, episodes
from workbench.fitness import fitting, notes
from workbench.interruption import INTERRUPTED, interrupted_with_java
from workbench.report import report
from workbench.trial import Line, Trial, in_order_of_time, trial

REFUSED: Final = 2
DAMAGED: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    lzma.LZMAError,
    zlib.error,
    EOFError,
)

JVM: Final = {
    "JVM_ARGS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g",
    "ROOT_LOG_LEVEL": "ERROR",
    # No pattern calls Python: no server for its workers, which Python 3.12
    # cannot end without a complaint.
    "_python_worker_execution_mode": "process",
}
"""A trial is over before the optimizing compiler has paid for itself."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[
    list[Path],
    typer.Argument(
        help="BIDMC CSV, PhysioNet 2019 PSV, JSON lines, archives, folders."
    ),
]
Name = Annotated[str, typer.Option("--pattern", help="Try this pattern alone.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines, one a match.")]


class RefusedError(Exception):
    """One line: what is wrong, and what to do about it."""


@app.command()
def main(*, paths: Paths, pattern: Name = "", as_json: Json = False) -> None:
    """Run the patterns over recordings in this process and print what they find."""
    console = Console(stderr=as_json, highlight=False)
    prepare(os.environ)
    try:
        patterns = chosen(pattern)
        trials = read(paths)
        demand_java(os.environ)
        began_s = time.monotonic()
        with interrupted_with_java(), console.status("Flink reads the recordings"):
            found = matches(patterns, trials)
    except RefusedError as error:
        Console(stderr=True).print(f"try: {error}", style="red", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("try: stopped")
        raise typer.Exit(INTERRUPTED) from None
    console.print(report(trials, found))
    for note in notes(patterns, trials):
        console.print(note, style="yellow")
    console.print(_last_line(patterns, found, time.monotonic() - began_s))
    if as_json:
        sys.stdout.writelines(json_lines(found))


def prepare(env: MutableMapping[str, str]) -> None:
    """Choose how PyFlink starts Java, where the person has not."""
    for name, value in JVM.items():
        env.setdefault(name, value)


def chosen(name: str) -> tuple[Pattern, ...]:
    """Return the pattern of that name, or the whole catalogue if none is given."""
    found = tuple(p for p in CATALOGUE if name in ("", p.name))
    if not found:
        known = ", ".join(p.name for p in CATALOGUE)
        msg = f"--pattern {name}: there is no such pattern; there are {known}"
        raise RefusedError(msg)
    return found


def read(paths: Sequence[Path]) -> list[Trial]:
    """Return every recording in ``paths``, examined; refuse what is none."""
    for path in paths:
        if not path.exists():
            msg = f"{path}: there is no such file; name a recording or a folder of them"
            raise RefusedError(msg)
    try:
        return [trial(recording) for recording in read_all(paths)]
    except RecordingError as error:
        raise RefusedError(str(error)) from None
    except DAMAGED as error:
        msg = f"a damaged archive ({error}): fetch it again"
        raise RefusedError(msg) from None
    except OSError as error:
        msg = f"{error.filename}: {error.strerror}; make it readable"
        raise RefusedError(msg) from None


def demand_java(env: MutableMapping[str, str]) -> None:
    """Refuse to start without the Java that Flink needs."""
    if problems := java_problems(env):
        raise RefusedError("; ".join(problems))


def matches(patterns: Sequence[Pattern], trials: Sequence[Trial]) -> list[Match]:
    """Return the episodes that ``patterns`` find in the recordings they fit."""
    useful = [each for each in trials if fitting(patterns, each)]
    lines = list(in_order_of_time(useful))
    found = matches_in_lines(lines, patterns) if lines else []
    return episodes(found, patterns, useful)


def matches_in_lines(lines: Iterable[Line], patterns: Sequence[Pattern]) -> list[Match]:
    """Return all that ``patterns`` say of ``lines``, each phase for itself."""
    from pyflink.util.exceptions import JavaException  # noqa: PLC0415 - only here

    from jobs.in_process import matches_in  # noqa: PLC0415 - it starts Java

    with tempfile.TemporaryDirectory(prefix="vigil-try-") as folder:
        file = Path(folder, "vitals.jsonl")
        file.write_bytes(b"\n".join(line.value for line in lines))
        try:
            return matches_in(file, patterns)
        except (JavaException, Py4JError) as error:
            names = ", ".join(pattern.name for pattern in patterns)
            msg = f"Flink refuses {names}: {root_cause(str(error))}"
            raise RefusedError(msg) from None
        except ValueError as error:
            raise RefusedError(str(error)) from None


def json_lines(found: Iterable[Match]) -> list[str]:
    """Return the episodes as JSON lines, with the columns of the topic matches."""
    options = orjson.OPT_APPEND_NEWLINE
    return [orjson.dumps(match, option=options).decode() for match in found]


def _last_line(
    patterns: Sequence[Pattern], found: Sequence[Match], took_s: float
) -> str:
    tried = patterns[0].name if len(patterns) == 1 else f"{len(patterns)} patterns"
    return f"{tried}: {len(found)} found in {took_s:.1f} s"


if __name__ == "__main__":
    app()
