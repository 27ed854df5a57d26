"""Run one named step: show that it goes on, keep its log, say why it failed."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from rich.console import Console
from rich.status import Status

from stack.errors import StackError

REMINDER_S: Final = 30
PROMPT: Final = "$ "

Tell = Callable[[str], None]


@contextmanager
def step(console: Console, name: str) -> Iterator[Tell]:
    """Name a step, show its progress, and say how long it took.

    What is yielded takes the latest news of the step: a terminal shows it at
    once, a log file shows it now and then.
    """
    started = time.monotonic()
    if not console.is_terminal:
        console.print(f"{name} ...")
    with console.status(name) as status:
        yield _teller(console, status, name)
    console.print(f"{name}: done in {time.monotonic() - started:.1f} s")


def _teller(console: Console, status: Status, name: str) -> Tell:
    started = last = time.monotonic()

    def tell(news: str) -> None:
        nonlocal last
        now = time.monotonic()
        line = f"{name} [dim]{now - started:.0f} s  {news[-60:]}[/dim]"
        status.update(line)
        if not console.is_terminal and now - last >= REMINDER_S:
            console.print(line, soft_wrap=True)
            last = now

    return tell


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    tell: Tell,
) -> None:
    """Run ``command`` to its end, its output in ``log``; its last line is the news."""
    with log.open("a", encoding="utf-8") as copy:
        copy.write(f"{PROMPT}{' '.join(map(str, command))}\n")
        with _started(command, cwd, env) as process:
            _follow(process.stdout, copy, tell)
    if process.returncode:
        tool = Path(command[0]).name
        msg = f"{tool} failed: {cause(log.read_text('utf-8'))} (whole log: {log})"
        raise StackError(msg)


def _follow(lines: IO[str] | None, copy: IO[str], tell: Tell) -> None:
    for line in lines or ():
        copy.write(line)
        copy.flush()
        tell(line.strip())


@contextmanager
def _started(
    command: Sequence[str | Path], cwd: Path, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - our own command lines
        list(map(str, command)),
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            yield process
        except BaseException:
            with suppress(ProcessLookupError):
                process.terminate()
            raise


def cause(output: str) -> str:
    """Return the line of ``output`` that most likely says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(PROMPT)]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors[:1] or lines[-1:] or ["it wrote nothing"])[0]
