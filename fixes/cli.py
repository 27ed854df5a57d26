"""Fixes of devices: serve the desk, ask for a fix and follow it, list them all."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Annotated, Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from digital_twin.shadow.command import FIXES, Fix, Wish
from fixes.broker import Pen
from fixes.desk import Outgoing
from fixes.proofs import proofs_in
from fixes.reading import everything, from_now_on
from fixes.service import now_ms
from fixes.service import serve as serve_desk
from fixes.wishes import FIX_OF, wish_message
from fixes.words import Proof, clock, colour, is_over, line
from producers.clock_step import anew_where_set_back
from producers.command_line import (
    DEFAULT_BROKERS,
    Brokers,
    RefusedError,
    manners,
)
from producers.contract import PROOFS, WISHES

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)

ANSWER_S: Final = 10.0
"""The desk answers within a second; a desk that is not there never does."""
_HELP: Final = "; ".join(f"{f.action} {f.setting.upper()}: {f.doc}" for f in FIXES)

Device = Annotated[str, typer.Argument(help="Which device.")]
Action = Annotated[str, typer.Argument(help=_HELP)]
Value = Annotated[str | None, typer.Argument(help="What the setting shall be.")]
BasedOn = Annotated[
    int | None,
    typer.Option(help="Refuse, unless this version is desired now; else any."),
]
Deadline = Annotated[float, typer.Option(help="Applied within so many seconds.")]
By = Annotated[str, typer.Option(envvar="USER", help="Who asks.")]


@app.command()
def serve(brokers: Brokers = DEFAULT_BROKERS) -> None:
    """Decide on wishes, send commands and follow them, until stopped."""
    with manners("fixes") as stop, anew_where_set_back(stop.set):
        serve_desk(brokers, stop)


@app.command()
def ask(  # noqa: PLR0913 - one argument an option
    device: Device,
    action: Action,
    value: Value = None,
    *,
    based_on: BasedOn = None,
    deadline_s: Deadline = 60.0,
    by: By = "somebody",
    brokers: Brokers = DEFAULT_BROKERS,
) -> None:
    """Ask for a fix, and show each step; exit with 1 unless it settles."""
    console = Console(highlight=False, soft_wrap=True)
    with manners("fixes") as stop:
        wish = wish_for(device, action, value, based_on, deadline_s, by)
        last: Proof = {}
        for last in followed(brokers, wish, stop.is_set):
            console.print(line(last))
    raise typer.Exit(0 if last.get("state") == "settled" else 1)


def wish_for(  # noqa: PLR0913,PLR0917 - a wish has so many parts
    device: str,
    action: str,
    value: str | None,
    based_on: int | None,
    deadline_s: float,
    by: str,
) -> Wish:
    """Return the wish for a fix of the catalogue.

    Raises
    ------
    RefusedError
        There is no such fix, or its value is missing or none.
    """
    if action not in FIX_OF:
        msg = f"there is no fix {action}; there are {', '.join(FIX_OF)}"
        raise RefusedError(msg)
    fix = FIX_OF[action]
    wanted = _value(fix, value)
    return Wish(
        command_id=uuid.uuid4().hex[:12],
        device_id=device,
        action=action,
        changes=fix.changes(wanted),
        expectation=fix.expects(wanted),
        based_on=based_on,
        deadline_s=deadline_s,
        asked_by=by,
    )


def _value(fix: Fix, text: str | None) -> float | str | None:
    if not fix.setting:
        return None
    if text is None:
        msg = f"{fix.action} needs a value for {fix.setting}: {fix.doc}"
        raise RefusedError(msg)
    if fix.setting == "firmware":
        return text
    try:
        return float(text)
    except ValueError:
        msg = f"{fix.setting} must be a number, not {text}"
        raise RefusedError(msg) from None


def followed(brokers: str, wish: Wish, stopped: Callable[[], bool]) -> Iterator[Proof]:
    """Send ``wish``, and yield each step of its life until it is over.

    Raises
    ------
    RefusedError
        No desk answers.
    """
    steps = from_now_on(brokers, PROOFS)
    next(steps)  # it listens before anybody speaks
    Pen(brokers).write([Outgoing(WISHES, wish_message(wish, now_ms()))])
    give_up_s, heard_any = time.monotonic() + ANSWER_S, False
    for heard in steps:
        if stopped():
            return
        if heard is None:
            if not heard_any and time.monotonic() > give_up_s:
                msg = "nobody decides on fixes: python -m fixes serve, or make up"
                raise RefusedError(msg)
        elif (proof := heard.message) and proof["command_id"] == wish.command_id:
            heard_any = True
            yield proof
            if is_over(proof):
                return


@app.command("list")
def list_fixes(brokers: Brokers = DEFAULT_BROKERS) -> None:
    """List every command, the newest last."""
    with manners("fixes"):
        proofs = proofs_in(everything(brokers, PROOFS))
    newest = {proof["command_id"]: proof for proof in proofs}
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("command", "last step", "device", "fix", "state"):
        table.add_column(column, no_wrap=True)
    table.add_column("reason", overflow="fold")
    for proof in sorted(newest.values(), key=lambda p: p["ts_ms"]):
        cells = proof["command_id"], clock(proof["ts_ms"]), proof["device_id"]
        rest = proof["action"], proof["state"], proof.get("reason", "")
        table.add_row(*cells, *rest, style=colour(proof))
    Console(highlight=False).print(table)


def main() -> None:
    """Run a command."""
    app()
