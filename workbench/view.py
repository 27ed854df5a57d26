"""The ward on a terminal: a state in, something to draw out."""

import time
from typing import Final

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from cep_patterns.pattern import Severity
from workbench.alarms import Alarm
from workbench.measures import Latency
from workbench.observed import SEVERITY_STYLE
from workbench.report import clock
from workbench.ward import Ward

LABEL: Final = "dim"
LINE: Final = "bright_black"
UNKNOWN: Final = "..."
HINT: Final = "Ctrl-C stops all that this command started. Not a medical device."
_GOOD, _BAD = "green", "bold red"
_ENDED: Final = "dim"
_COLUMNS: Final = {
    "time": 8,
    "severity": 8,
    "patient": 13,
    "pattern": 21,
    "value": 10,
    "state": 13,
}
"""The columns of an alarm, no narrower than this: 80 in all, with the gaps."""


def view(ward: Ward, height: int, now_ms: int) -> RenderableType:
    """Return the whole picture, as many alarms as fit into ``height`` lines."""
    above = [
        _title(ward),
        Rule(style=LINE),
        _numbers(ward),
        _latency(ward.latency),
        _jobs(ward),
        *(_line(Text(trouble, style=_BAD)) for trouble in ward.troubles),
        Rule(_alarm_counts(ward), align="left", style=LINE),
    ]
    below = [Rule(style=LINE), *_listens(ward), _line(Text(HINT, style=LABEL))]
    numbers_and_header = 2
    free = height - len(above) - len(below) - numbers_and_header
    return Group(*above, _alarms(ward, max(free, 1), now_ms), *below)


def _title(ward: Ward) -> RenderableType:
    title = Table.grid(expand=True)
    title.add_column(no_wrap=True)
    title.add_column(justify="right", no_wrap=True)
    up = f"{ward.source}  {clock(round(ward.up_s * 1000))}"
    title.add_row(Text("Vigil, the live ward", style="bold"), Text(up, style=LABEL))
    return title


def _numbers(ward: Ward) -> RenderableType:
    took = ward.latency
    shown = {
        "readings/s in": _number(ward.readings_per_s),
        "points/s stored": _number(ward.points_per_s),
        "rejected": _number(ward.rejected),
        "late": _number(ward.late),
        "latency p50": UNKNOWN if took is None else f"{took.p50_s:.2f} s",
        "latency p99": UNKNOWN if took is None else f"{took.p99_s:.2f} s",
    }
    numbers = Table.grid(padding=(0, 3))
    for _ in shown:
        numbers.add_column(no_wrap=True)
    numbers.add_row(*(Text(label, style=LABEL) for label in shown))
    numbers.add_row(*(Text(number, style="bold") for number in shown.values()))
    return numbers


def _number(number: float | None) -> str:
    return UNKNOWN if number is None else f"{number:,.0f}"


def _latency(took: Latency | None) -> RenderableType:
    if took is None:
        return _line(Text("device to Kafka: no match to measure yet", style=LABEL))
    text = (
        f"device to Kafka, last {took.count}: {took.allowed_s:.2f} s for late readings"
        f" + ours {took.ours_p50_s:.2f} s, p99 {took.ours_p99_s:.2f} s"
    )
    return _line(Text(text, style=LABEL))


def _jobs(ward: Ward) -> RenderableType:
    jobs = Text()
    for name, state in ward.jobs.items():
        jobs.append(f"{name} ", style=LABEL)
        jobs.append(f"{state}   ", style=_GOOD if state == "running" else "yellow")
    return _line(jobs)


def _alarm_counts(ward: Ward) -> Text:
    ongoing = ward.alarms.ongoing()
    counts = Text(f"{ward.alarms.found} alarms, {ongoing.total()} ongoing", style="")
    for severity in reversed(Severity):
        if ongoing[severity]:
            counts.append(
                f"  {ongoing[severity]} {severity}", style=SEVERITY_STYLE[severity]
            )
    return counts


def _alarms(ward: Ward, rows: int, now_ms: int) -> RenderableType:
    table = Table(
        box=None, expand=True, padding=(0, 1, 0, 0), header_style=LABEL, style=""
    )
    for name, width in _COLUMNS.items():
        table.add_column(name, no_wrap=True, min_width=width)
    shown = ward.alarms.newest(rows)
    for each in shown:
        table.add_row(*_cells(each, now_ms), style=_ENDED if each.is_over else "")
    for _ in range(rows - len(shown)):
        table.add_row()
    return table


def _cells(alarm: Alarm, now_ms: int) -> tuple[RenderableType, ...]:
    return (
        time_of_day(alarm.found_ms),
        Text(alarm.severity, style=SEVERITY_STYLE[alarm.severity]),
        alarm.patient,
        alarm.pattern,
        alarm.observed,
        state(alarm, now_ms),
    )


def state(alarm: Alarm, now_ms: int) -> str:
    """Return whether an alarm lasts, and how long it has."""
    if alarm.ended_ms is None:
        return f"ongoing {_short(max(0, now_ms - alarm.started_ms))}"
    return f"ended   {_short(alarm.ended_ms - alarm.started_ms)}"


def _short(ms: int) -> str:
    return clock(ms).removeprefix("0:")


def time_of_day(ms: int) -> str:
    """Return a time as the clock on this machine's wall shows it."""
    return time.strftime("%H:%M:%S", time.localtime(ms / 1000))


def _listens(ward: Ward) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for name, where in ward.listens.items():
        lines.append(_line(Text.assemble((f"{name:9}", LABEL), where)))
    return lines


def _line(text: Text) -> Text:
    """Return ``text`` as exactly one line, however narrow the terminal."""
    text.no_wrap = True
    text.overflow = "ellipsis"
    return text
