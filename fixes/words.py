"""A step and a proof, in words and tables for a person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from fixes.wire import settings_of
from producers.contract.fixes import HOPS, SETTING_NAMES

Proof = Mapping[str, Any]

_GOOD: Final = "settled"
_UNDER_WAY: Final = frozenset(HOPS) - {_GOOD}
_UNITS: Final = {
    "averaging_s": "s",
    "spo2_offset_pct": "%",
    "spo2_alarm_pct": "%",
    "spo2_pct": "%",
    "heart_rate_bpm": "/min",
}


def is_over(proof: Proof) -> bool:
    """Return whether nothing can become of it any more."""
    return proof["state"] not in _UNDER_WAY


def colour(proof: Proof) -> str:
    """Return the colour of its state."""
    if not is_over(proof):
        return "cyan"
    return "green" if proof["state"] == _GOOD else "red"


def clock(ms: int) -> str:
    """Return a time as its clock shows it, in UTC."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%H:%M:%S.%f}"[:-3]


def line(proof: Proof) -> Text:
    """Return a step in one line."""
    state = proof["state"].replace("_", " ")
    words = f"{clock(proof['ts_ms'])}  {state:<20}{_more(proof)}"
    return Text(words, style=colour(proof))


def _more(proof: Proof) -> str:
    """Return what is worth saying of a step beside its name."""
    if proof.get("reason"):
        return str(proof["reason"])
    if proof["state"] == "issued":
        return f"version {proof['version']}, on the twin: {_value(proof, 'on_twin')}"
    if proof["state"] == "verified":
        return f"independent telemetry: {_value(proof, 'after')}"
    if proof.get("repeated"):
        return f"heard again: {proof['repeated']} so far"
    return str(proof.get("remarks", "")).rpartition("; ")[2]


def _value(proof: Proof, which: str) -> str:
    value = proof.get(f"value_{which}")
    if value is None:
        return "-"
    return f"{value:.2f} {_UNITS.get(proof['signal_name'], '')}".strip()


def proof_page(proof: Proof) -> RenderableType:
    """Return all that is known of a command."""
    return Group(
        _verdict(proof), _states(proof), _hops(proof), _telemetry(proof), _notes(proof)
    )


def _verdict(proof: Proof) -> Text:
    state = proof["state"].replace("_", " ")
    said = f"{proof['command_id']}  {proof['action']} {proof['device_id']}: {state}"
    reason = f"\n{proof['reason']}" if proof.get("reason") else ""
    return Text(f"{said}{reason}", style=f"bold {colour(proof)}")


def _states(proof: Proof) -> Table:
    table = _table("state", "desired", "reported")
    table.add_row("version", _text(proof, "version"), _text(proof, "reported_version"))
    desired, reported = settings_of(proof, "desired_"), settings_of(proof, "reported_")
    for name in SETTING_NAMES:
        pair = desired.get(name, "-"), reported.get(name, "-")
        style = "" if pair[0] == pair[1] else "red"
        table.add_row(name, *(_shown(each) for each in pair), style=style)
    return table


def _text(proof: Proof, name: str) -> str:
    return str(proof.get(name, "-"))


def _shown(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else value


def _hops(proof: Proof) -> Table:
    """Return when each hop was heard of, and how long after it was issued."""
    table = _table("hop", "at (UTC)", "after")
    first_ms = proof.get("issued_ms")
    for hop in HOPS:
        at_ms = proof.get(f"{hop}_ms")
        table.add_row(hop, clock(at_ms) if at_ms else "-", _after(first_ms, at_ms))
    if not proof.get("settled_ms") and proof.get("ended_ms"):
        end = proof["ended_ms"]
        state = proof["state"].replace("_", " ")
        table.add_row(state, clock(end), _after(first_ms, end), style="red")
    table.add_row("deadline", clock(proof["deadline_ms"]), "", style="dim")
    return table


def _after(first_ms: int | None, at_ms: int | None) -> str:
    if first_ms is None or at_ms is None:
        return ""
    return f"{(at_ms - first_ms) / 1000:.3f} s"


def _telemetry(proof: Proof) -> Table:
    bounds = f"{proof['lowest']:g} to {proof['highest']:g}"
    what = f"{proof['statistic']} of {proof['signal_name']} ({proof['reference']})"
    table = _table("telemetry", "before", "on the twin", "after", "wanted")
    values = (_value(proof, which) for which in ("before", "on_twin", "after"))
    table.add_row(what.replace("_", " "), *values, bounds)
    counted = f"{_text(proof, 'readings')} / {_text(proof, 'reference_readings')}"
    window = f"{proof['window_s']:g} s, {proof['settle_s']:g} s after it was applied"
    table.add_row("readings, of it / of others", "", "", counted, f"in {window}")
    return table


def _notes(proof: Proof) -> Text:
    by, sent = proof.get("asked_by", "somebody"), _times(proof.get("sent", 0))
    again, clock_s = proof.get("repeated", 0), proof.get("clock_s", 0.0)
    notes = [
        f"asked by {by}, based on version {_text(proof, 'based_on')}",
        f"sent {sent}; reports heard again: {again}; its clock: {clock_s:+.1f} s",
    ]
    if proof.get("remarks"):
        notes.append(str(proof["remarks"]))
    if proof.get("drifted_ms"):
        notes.append(f"since {clock(proof['drifted_ms'])} it says something else again")
    return Text("\n".join(notes), style="dim")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column)
    return table
