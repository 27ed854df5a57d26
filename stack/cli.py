"""The command line: ``python -m stack``."""

import errno
import logging
import os
import signal
import sys
import time
from pathlib import Path
from threading import Event
from typing import Annotated, Final

import typer
from rich.console import Console

from producers.secrecy import EXAMPLE, OWN
from stack import credentials, flink_jobs, flink_run, lifecycle
from stack.backup import restore as put_back
from stack.backup import save
from stack.environment import ROOT
from stack.errors import StackError
from stack.flink_run import Cluster
from stack.health import alarms_url, checks
from stack.install import install as install_servers
from stack.keeper import Keeper
from stack.servers import Servers, find
from stack.settings import Settings
from stack.status import status as current_status
from stack.steps import step

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)

Jobs = Annotated[
    list[str] | None, typer.Argument(help="Modules of jobs/; all when none is named.")
]
File = Annotated[Path, typer.Argument(help="The backup.")]
Unspoken = Annotated[
    bool, typer.Option("--all", help="Also those that nobody ever submitted.")
]
ROOM: Final = (
    " (free some of its disk, or set VIGIL_CACHE and VIGIL_STATE_DIR to another)"
)
OURS: Final = " (make it yours, or set VIGIL_CACHE and VIGIL_STATE_DIR to what is)"
FIXES: Final = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EROFS: ROOM,
    errno.EACCES: OURS,
    errno.EPERM: OURS,
    errno.ENOTDIR: OURS,
    errno.EEXIST: OURS,
}
Fresh = Annotated[bool, typer.Option(help="Do not resume from a checkpoint.")]


def _settings() -> Settings:
    return Settings.load(os.environ)


def _installed(settings: Settings) -> Servers:
    return install_servers(settings, os.environ, console)


def _cluster() -> Cluster:
    settings = _settings()
    return Cluster(settings, find(settings, os.environ), os.environ)


@app.command()
def install() -> None:
    """Install the servers that are missing into the user's cache."""
    _installed(_settings())


@app.command()
def up() -> None:
    """Start the servers, wait until they work, create topics and buckets."""
    settings = _settings()
    lifecycle.up(settings, _installed(settings), os.environ, console)


@app.command()
def prepare() -> None:
    """Create what is missing of topics, buckets and keys, wherever the servers run."""
    settings = _settings()
    credentials.make_flink_key(settings)
    lifecycle.prepare(settings, os.environ, console)


@app.command()
def secrets() -> None:
    """Make the secrets of containers, once, in docker/.env."""
    credentials.make_for_containers(EXAMPLE)
    console.print(f"made: {OWN.relative_to(ROOT)}")


@app.command()
def down() -> None:
    """Stop the servers; what they stored stays."""
    lifecycle.down(_settings(), console)


@app.command()
def status() -> None:
    """Show servers and jobs; exit with 1 unless every server is up."""
    tables, all_up = current_status(_settings())
    console.print(tables)
    raise typer.Exit(0 if all_up else 1)


@app.command()
def healthy(service: Annotated[str, typer.Argument(help="Which one.")]) -> None:
    """Say whether one service can do its work, by the exit code: for containers."""
    raise typer.Exit(0 if checks(_settings())[service]() else 1)


@app.command()
def backup(file: File) -> None:
    """Write all that cannot be made again into one file, while the stack runs."""
    settings = _settings()
    save(settings, alarms_url(settings), os.environ, file, console)
    console.print(f"wrote {file}: it holds secrets, and is yours alone")


@app.command()
def restore(file: File) -> None:
    """Make the stack, which is down and wiped, what a backup holds."""
    settings = _settings()
    put_back(settings, alarms_url(settings), file, console)
    console.print("restored; make up starts it")


@app.command()
def reset() -> None:
    """Wipe everything the servers stored."""
    for folder in lifecycle.reset(_settings()):
        console.print(f"removed {folder}")


@app.command()
def submit(jobs: Jobs = None, *, fresh: Fresh = False) -> None:
    """Submit jobs that are not running; they resume where they stopped."""
    cluster, wanted = _cluster(), jobs or flink_jobs.JOBS
    with step(console, f"Submit {', '.join(wanted)}"):
        sent = flink_jobs.submit(cluster, wanted, fresh=fresh)
    for name in set(map(flink_jobs.job_name, wanted)) - set(sent):
        console.print(f"{name} was running already")


@app.command()
def keep(*, unspoken: Unspoken = False) -> None:
    """Submit again, until stopped, each job that was not cancelled and is gone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())
    keeper = Keeper(_cluster(), time.monotonic, unspoken=unspoken)
    keeper.run(Event().wait)


@app.command()
def archive() -> None:
    """Pack what the jobs import, for `flink run` by hand."""
    console.print(f"wrote {flink_run.archive().relative_to(ROOT)}")


@app.command()
def cancel(jobs: Jobs = None) -> None:
    """Cancel jobs, and let them rest; their last checkpoint is kept."""
    for name in flink_jobs.cancel(_cluster(), jobs or flink_jobs.JOBS):
        console.print(f"cancelled {name}")


def main() -> None:
    """Run a command; say in one line why it could not be done."""
    os.umask(0o077)  # what is written here may be secret
    try:
        app()
    except (StackError, OSError) as error:
        console.print(_said(error), style="red", soft_wrap=True, markup=False)
        sys.exit(1)


def _said(error: StackError | OSError) -> str:
    """Return one line: a disk or a folder that refuses is no fault of ours."""
    if isinstance(error, StackError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}{FIXES.get(error.errno or 0, '')}"
