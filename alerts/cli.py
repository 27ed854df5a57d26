"""Alarms: serve them, list them, acknowledge, shelve, and see how they came about."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from alembic.util import CommandError
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from alerts import maintenance, shown, wiring
from alerts.check_people import told_at
from alerts.database import DatabaseError
from alerts.delivery_settings import DeliverySettings
from alerts.events import Acknowledge, Close, Event, Refused, Shelve
from alerts.model import RANK
from alerts.people import PeopleError
from alerts.people_file import load
from alerts.serving import Serving
from alerts.settings import AlertSettings, from_environment
from alerts.tables import AlarmRow
from alerts.trail import trail
from alerts.wiring import Wiring
from producers.clock_step import anew_where_set_back

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)

AlarmId = Annotated[str, typer.Argument(help="The alarm, or how its id begins.")]
By = Annotated[str, typer.Option(envvar="USER", help="Who does it.")]
LONGEST_MIN: Final = 366 * 24 * 60
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def _finite(minutes: float) -> float:
    """Refuse what is no length of time: NaN, or longer than any calendar."""
    if not abs(minutes) <= LONGEST_MIN:
        msg = f"give minutes, and not more than {LONGEST_MIN}"
        raise typer.BadParameter(msg)
    return minutes


@contextmanager
def _opened(
    opened: Callable[[AlertSettings, DeliverySettings], Wiring] = Wiring.of,
) -> Iterator[tuple[Wiring, AlertSettings, DeliverySettings]]:
    settings, delivery = from_environment(), DeliverySettings.from_environment()
    parts = opened(settings, delivery)
    try:
        yield parts, settings, delivery
    finally:
        parts.database.close()


@app.command()
def serve() -> None:
    """Turn matches into alarms, and alarms into notices, until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for chatty in ("kafka", "alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with _opened(wiring.when_there) as (parts, settings, delivery):
        serving = Serving(parts, settings, delivery)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: serving.end())
        with anew_where_set_back(serving.end):
            serving.run()


@app.command("list")
def list_alarms(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are over.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List alarms, the most urgent first."""
    with _opened() as (parts, *_), parts.database.reading() as session:
        query = select(AlarmRow).where(AlarmRow.raised_ms.is_not(None))
        if not everything:
            query = query.where(AlarmRow.is_open)
        alarms = [row.alarm() for row in session.scalars(query)]
    alarms.sort(key=lambda alarm: (-RANK[alarm.severity], -(alarm.raised_ms or 0)))
    _print(shown.as_json(alarms) if as_json else shown.alarm_table(alarms))


@app.command()
def acknowledge(alarm: AlarmId, by: By, reason: str = "") -> None:
    """Say that somebody looks after an alarm."""
    _command(alarm, Acknowledge(by=by, reason=reason))


@app.command()
def shelve(
    alarm: AlarmId,
    by: By,
    reason: Annotated[str, typer.Option(help="Why nobody need hear of it.")],
    minutes: Annotated[float, typer.Option(help="For how long.", callback=_finite)],
) -> None:
    """Hear nothing of an alarm for a while."""
    _command(alarm, Shelve(by=by, reason=reason, for_s=round(60 * minutes)))


@app.command()
def close(
    alarm: AlarmId,
    by: By,
    reason: Annotated[str, typer.Option(help="How you know that it is over.")],
) -> None:
    """Say that an alarm is over, though nothing says so of its condition."""
    _command(alarm, Close(by=by, reason=reason))


def _command(alarm_id: str, event: Event) -> None:
    with _opened() as (parts, *_), parts.database.writing() as session:
        ledger = parts.ledger(session)
        after = ledger.happen(ledger.find(alarm_id), event)
    _print(shown.alarm_table([after]))


@app.command("trail")
def show_trail(alarm: AlarmId, *, as_json: Json = False) -> None:
    """Show an alarm from its first reading to its acknowledgement."""
    with _opened() as (parts, *_), parts.database.writing() as session:
        found = parts.ledger(session).find(alarm)
        entries = trail(session, found)
    _print(shown.as_json(entries) if as_json else shown.trail_table(found, entries))


@app.command()
def check_people(
    file: Annotated[Path, typer.Argument(help="The people's file.")],
) -> None:
    """Name every mistake in a people's file, or say who would be told now."""
    _print(told_at(load(file), datetime.now(UTC)))


@app.command()
def maintain(
    ward: Annotated[str, typer.Argument(help="The ward that is worked on.")],
    reason: Annotated[str, typer.Option(help="Why nobody is to be told.")],
    minutes: Annotated[
        float, typer.Option(help="For how long.", min=1, callback=_finite)
    ],
    *,
    also_high: Annotated[bool, typer.Option(help="Hold high severity, too.")] = False,
) -> None:
    """Hold the notices and escalation of a ward while somebody works on its devices."""
    path, now = DeliverySettings.from_environment().people, datetime.now(UTC)
    for_s = timedelta(minutes=minutes)
    maintenance.begin(path, ward, now, for_s, reason, also_high=also_high)
    _print(told_at(load(path), now))


@app.command()
def maintained(
    ward: Annotated[str, typer.Argument(help="The ward that was worked on.")],
) -> None:
    """End a ward's maintenance before its time."""
    path, now = DeliverySettings.from_environment().people, datetime.now(UTC)
    _print(f"{maintenance.end(path, ward, now)} ended")


def _print(what: object) -> None:
    Console(highlight=False).print(what, soft_wrap=isinstance(what, str))


def main() -> None:
    """Run a command; say in one line why it could not be done.

    What it makes (a database, a key, a people's file) is for whoever runs it alone.
    """
    os.umask(0o077)
    try:
        app()
    except (DatabaseError, PeopleError, Refused) as error:
        _refuse(str(error))
    except (DBAPIError, CommandError, OSError) as error:
        _refuse(f"not done: {str(error).splitlines()[0]}")


def _refuse(why: str) -> None:
    Console(stderr=True, markup=False).print(why, style="red", soft_wrap=True)
    sys.exit(1)
