"""The burden of alarms as a person reads it: tables, and what they do not say."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cep_patterns.pattern import Pattern
from workbench.burden_counts import BRIEF_S, Burden, Neighbour, Question, Rate
from workbench.burden_variants import Change
from workbench.observed import SEVERITY_STYLE
from workbench.stays import Stay, apart_ms, can_say

UNKNOWN: Final = "-"
RATE_COLUMNS: Final = (
    *("severity", "alarms", "patients", "days", "per day", f"< {BRIEF_S} s", "ongoing"),
)
MOST_PATIENTS: Final = 5
HOW_TO_READ: Final = (
    "a day is a patient watched from first to last reading, where the pattern's signals"
    f" are there, often enough for it; < {BRIEF_S} s: over sooner than that after it"
    " was found; ongoing: outlasts the recording"
)
STEADY_ALARMS: Final = 10
"""With fewer alarms than that, a rate is an anecdote."""


def report(found: Burden) -> RenderableType:
    """Return every table of ``found``, with a heading each."""
    parts: list[RenderableType] = [
        Text(summary(found), style="bold"),
        "",
        rates(found.by_pattern, "pattern"),
        "",
        rates(found.by_severity, "severity"),
        "",
        Text(top_tenth(found)),
    ]
    if found.alarms:
        parts += ["", busiest(found)]
    if found.what_if:
        parts += ["", what_if(found.what_if)]
    return Group(*parts)


def summary(found: Burden) -> str:
    """Return the whole in one line."""
    everything = found.alarms / found.days_tried if found.days_tried else None
    return (
        f"patients: {found.patients:,}, patient-days: {number(found.days)},"
        f" alarms: {found.alarms:,}, that is {number(everything)} a patient-day"
    )


def rates(each: Iterable[Rate], of_what: str) -> Table:
    """Return alarms per patient-day, one row a pattern or a severity."""
    table = _table(of_what, *RATE_COLUMNS)
    for rate in each:
        table.add_row(
            rate.name,
            Text(rate.severity, style=SEVERITY_STYLE[rate.severity]),
            f"{rate.alarms:,}",
            f"{rate.patients:,}",
            number(rate.days),
            number(rate.per_day),
            f"{rate.brief:,}",
            f"{rate.ongoing:,}",
        )
    return table


def top_tenth(found: Burden) -> str:
    """Return how unevenly the alarms fall on the patients."""
    if found.top_tenth_share is None:
        return "no alarms"
    patients = "patient makes" if found.top_tenth == 1 else "patients make"
    return (
        f"the top tenth, {found.top_tenth:,} {patients}"
        f" {found.top_tenth_share:.0%} of all alarms"
    )


def busiest(found: Burden) -> Table:
    """Return the patients with most alarms."""
    table = _table("busiest patients", "mostly", "alarms", "days")
    for load in found.loads[:MOST_PATIENTS]:
        if load.alarms:
            table.add_row(
                load.patient, load.mostly, f"{load.alarms:,}", number(load.days)
            )
    return table


def what_if(questions: Iterable[Question]) -> Table:
    """Return alarms per patient-day of each pattern beside its neighbours."""
    table = _table("what if, per day", "now", *Change)
    for question in questions:
        told = {each.change: _cell(each) for each in question.neighbours}
        now = f"{question.now}: {number(question.per_day)}"
        cells = [told.get(change, UNKNOWN) for change in Change]
        table.add_row(question.name, now, *cells)
    return table


def _cell(neighbour: Neighbour) -> str:
    return f"{neighbour.value}: {number(neighbour.per_day)}"


def number(of: float | None) -> str:
    """Return a number with as many digits as mean something."""
    if of is None:
        return UNKNOWN
    return f"{of:,.0f}" if of >= 100 else f"{of:.2g}"  # noqa: PLR2004 - a percent


def cautions(
    found: Burden, patterns: Sequence[Pattern], watched: Sequence[Stay]
) -> list[str]:
    """Return what the numbers do not say, a line each."""
    return [HOW_TO_READ, *_few(found), *_holds(patterns, watched), *_ends(watched)]


def _few(found: Burden) -> Iterator[str]:
    if found.days_tried and (found.alarms < STEADY_ALARMS or found.days_tried < 1):
        one = number(1 / found.days_tried)
        yield f"few data: one alarm more or less is {one} a day; read no rate off them"


def _holds(patterns: Sequence[Pattern], watched: Sequence[Stay]) -> Iterator[str]:
    """Say which holds the values of a signal come too far apart to show."""
    blind: dict[int, list[str]] = {}
    for pattern in patterns:
        hold_s = getattr(pattern, "hold_s", 0)
        if longest_ms := max(_beyond(pattern, hold_s, watched), default=0):
            blind.setdefault(longest_ms, []).append(f"{pattern.name} ({hold_s} s)")
    for longest_ms, names in sorted(blind.items()):
        yield (
            f"values up to {_length(longest_ms)} apart cannot show the hold of"
            f" {', '.join(names)}: there two values in a row are an alarm, whatever was"
            " between them, and another hold below that distance changes nothing"
        )


def _beyond(pattern: Pattern, hold_s: int, watched: Iterable[Stay]) -> Iterator[int]:
    """Yield how far apart values are where that is more than the hold."""
    for stay in watched:
        distance_ms = apart_ms(pattern, stay)
        if can_say(pattern, stay) and 0 < hold_s * 1000 < distance_ms:
            yield distance_ms


def _ends(watched: Iterable[Stay]) -> Iterator[str]:
    each_ms = [ms for s in watched for ms in (s.interval_ms, *s.signs_ms.values())]
    longest_ms = max(each_ms, default=0)
    if longest_ms > BRIEF_S * 1000:
        yield (
            f"how long an alarm lasts is known as exactly as values come, here up to"
            f' {_length(longest_ms)} apart: "< {BRIEF_S} s" can then mean "found with'
            ' its last value"'
        )


def _length(ms: int) -> str:
    return str(timedelta(milliseconds=ms))


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))
    texts = {columns[0], "severity", "mostly", "now", *Change}
    for name in columns:
        is_text = name in texts
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    return table
