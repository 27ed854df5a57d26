"""Alarms and their trails as a person reads them, or a program."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from rich.markup import escape
from rich.table import Table

from alerts.model import Alarm
from alerts.trail import Entry
from cep_patterns.pattern import Severity

ID: Final = 8
"""Characters of an id that tell alarms apart."""

COLOURS: Final = {
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
"""Those of IEC 60601-1-8."""

_INTERNAL: Final = frozenset({"policy", "ongoing", "told", "steps", "held_until_ms"})


def alarm_table(alarms: Iterable[Alarm]) -> Table:
    """Return one line per alarm."""
    table = Table()
    for name in ("alarm", "severity", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("level", "patient", "pattern", "raised", "by", "until"):
        table.add_column(name, overflow="fold")
    for alarm in alarms:
        until_ms = alarm.acknowledged_until_ms or alarm.shelved_until_ms
        table.add_row(
            alarm.alarm_id[:ID],
            f"[{COLOURS[alarm.severity]}]{alarm.severity}",
            alarm.state,
            str(alarm.level),
            alarm.patient_id,
            alarm.pattern_name,
            clock(alarm.raised_ms),
            escape(alarm.acknowledged_by),
            clock(until_ms),
        )
    return table


def trail_table(alarm: Alarm, entries: Sequence[Entry]) -> Table:
    """Return one line per thing that happened."""
    title = f"{alarm.pattern_name} of {alarm.patient_id}, alarm {alarm.alarm_id}"
    table = Table("time", "what", "detail", "by", "reason", title=title)
    for entry in entries:
        at = clock(entry.at_ms)
        said = (escape(each) for each in (entry.detail, entry.by, entry.reason))
        table.add_row(at, entry.what, *said)
    return table


def as_json(things: Iterable[Alarm] | Iterable[Entry]) -> str:
    """Return a list of alarms or of entries, without what is ours alone."""
    return orjson.dumps([_public(each) for each in things]).decode()


def _public(thing: Alarm | Entry) -> dict[str, Any]:
    if isinstance(thing, Entry):
        return asdict(thing)
    names = (each.name for each in fields(thing) if each.name not in _INTERNAL)
    return {name: getattr(thing, name) for name in names}


def clock(at_ms: int | None) -> str:
    """Return an instant as it is written here."""
    if at_ms is None:
        return ""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}"
