"""A live ward from one command, and nothing left of it after Ctrl-C.

python -m workbench.demo --devices 1000 --scenario demo
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from stack.errors import StackError
from stack.settings import Settings
from workbench.alarms import Alarm
from workbench.child import Child
from workbench.gathering import Gathering
from workbench.interruption import interrupted_once
from workbench.live import now_ms, show
from workbench.running import servers_up
from workbench.source import Source, recorded, simulated
from workbench.submission import Submission
from workbench.ward import Ward
from workbench.watching import Watch

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Folder = Annotated[
    Path | None, typer.Option(help="Play these recordings instead of a simulation.")
]
Devices = Annotated[int, typer.Option(min=1, help="Simulated patients, 1 Hz each.")]
Scenario = Annotated[str, typer.Option(help="What happens to them.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed plays the same.")]


@app.command()
def main(
    *,
    source: Folder = None,
    devices: Devices = 1000,
    scenario: Scenario = "demo",
    seed: Seed = 1,
) -> None:
    """Start all that is missing, show the ward, and stop again what was started."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    try:
        sender = recorded(source) if source else simulated(devices, scenario, seed)
        with interrupted_once():
            run(Settings.load(os.environ), sender, console)
    except KeyboardInterrupt:
        console.print("stopped; nothing that was started here is left running")
    except (StackError, httpx.HTTPError) as error:
        console.print(f"demo: {error}", style="red", soft_wrap=True)
        raise typer.Exit(1) from None


def run(settings: Settings, source: Source, console: Console) -> None:
    """Run the ward until it is interrupted, then undo what was done, last first."""
    with servers_up(settings, console) as (cluster, stay), ExitStack() as undo:
        gathering = Gathering(settings, source.title, now_ms())
        watch = Watch(settings)
        watch.start()
        submission = Submission(cluster)
        undo.callback(submission.undo, console, servers_stop=not stay)
        undo.callback(watch.stop)
        child = Child.beside(cluster, source.command, "sender")
        undo.callback(_stop_sender, child, console)
        _show(console, gathering, watch, submission, child)


def _stop_sender(child: Child, console: Console) -> None:
    with console.status("Stop the readings"):
        child.stop()
    console.print("stopped the readings")


def _show(
    console: Console,
    gathering: Gathering,
    watch: Watch,
    submission: Submission,
    child: Child,
) -> None:
    detects_since_ms: int | None = None

    def news() -> Iterator[Alarm]:
        nonlocal detects_since_ms
        submission.demand()
        if detects_since_ms is None and submission.detects(watch.seen.jobs):
            detects_since_ms = now_ms()
        return gathering.news(watch.seen, detects_since_ms)

    def look() -> Ward:
        jobs = submission.states(watch.seen.jobs)
        return gathering.ward(watch.seen, jobs, child.death(), now_ms())

    show(console, news, look)


if __name__ == "__main__":
    app()
