"""What a person reads after a trial: a line on the data, a table, plain notes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from producers.contract import VITALS
from workbench.episodes import Match
from workbench.observed import SEVERITY_STYLE, value
from workbench.trial import ABSOLUTE_FROM_MS, Trial

HOUR_S: Final = 3600
MINUTE_S: Final = 60
TIME: Final = "%H:%M:%S"
DAY_AND_TIME: Final = "%m-%d %H:%M:%S"
MOST_REASONS: Final = 6


def report(trials: Sequence[Trial], found: Sequence[Match]) -> RenderableType:
    """Return everything about a trial, the matches last."""
    lines = [Text(line) for line in (read_line(trials), unusable_line(trials))]
    lines += [Text(line, style="yellow") for line in doubts(trials)]
    matches = table(found) if found else Text("no matches", style="bold")
    return Group(*lines, matches)


def read_line(trials: Sequence[Trial]) -> str:
    """Return how much was read."""
    readings = sum(len(each.lines) for each in trials)
    patients = frozenset[str]().union(*(each.patients for each in trials))
    return (
        f"{_counted(len(trials), 'recording')}: {_counted(readings, 'reading')}"
        f" of {_counted(len(patients), 'patient')}, {span(trials)}"
    )


def span(trials: Iterable[Trial]) -> str:
    """Return how long the recordings are, and when they were if they say so."""
    longest = max(trials, key=lambda each: each.last_ms - each.first_ms)
    length = f"{clock(longest.last_ms - longest.first_ms)} long"
    if not longest.is_absolute:
        return length
    return f"{length}, from {_utc(longest.first_ms):%Y-%m-%d %H:%M:%S} UTC"


def unusable_line(trials: Sequence[Trial]) -> str:
    """Return how many messages could not be used, or not wholly, and why."""
    unusable = sum(each.unusable for each in trials)
    partly = sum(each.partly for each in trials)
    if not unusable + partly:
        return "every message could be used"
    counts = f"{_counted(unusable, 'message')} unusable, {partly:,} partly"
    return f"{counts}: {', '.join(_reasons(trials))}"


def doubts(trials: Sequence[Trial]) -> list[str]:
    """Return what a person should look at before believing what is found."""
    late = sum(each.late for each in trials)
    too_late = f"{VITALS.max_lateness_ms / 1000:g} s late or more, and count in nothing"
    return [
        *([f"{_counted(late, 'reading')} came {too_late}"] if late else []),
        *(
            f"{each.name}: ts_ms looks like {each.likely_unit}, not milliseconds"
            for each in trials
            if each.likely_unit
        ),
    ]


def _reasons(trials: Sequence[Trial]) -> list[str]:
    total: dict[str, int] = {}
    for each in trials:
        for kind, count in each.reasons.items():
            total[kind] = total.get(kind, 0) + count
    worst = sorted(total.items(), key=lambda each: -each[1])
    more = ["and more"] if len(worst) > MOST_REASONS else []
    return [f"{kind} ({count:,})" for kind, count in worst[:MOST_REASONS]] + more


def table(found: Sequence[Match]) -> Table:
    """Return the episodes as a table; the day is left out where it is one day."""
    matches = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("started", "ended", "patient", "pattern", "severity", "observed"):
        matches.add_column(name, no_wrap=True)
    days = {_utc(int(str(match["started_ms"]))).date() for match in found}
    shown = TIME if len(days) == 1 else DAY_AND_TIME
    for match in found:
        severity = str(match["severity"])
        over = match["phase"] == "ended"
        matches.add_row(
            moment(match["started_ms"], shown),
            moment(match["ended_ms"], shown) if over else "ongoing",
            str(match["patient_id"]),
            str(match["pattern_name"]),
            Text(severity, style=SEVERITY_STYLE[severity]),
            value(match["pattern_name"], match["observed"]),
        )
    return matches


def moment(ms: object, shown: str) -> str:
    """Return a time (UTC) as ``shown``, or how long after the recording's start."""
    at_ms = int(str(ms))
    return clock(at_ms) if at_ms < ABSOLUTE_FROM_MS else _utc(at_ms).strftime(shown)


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def clock(ms: int) -> str:
    """Return a length of time as h:mm:ss, however many hours it is."""
    hours, rest = divmod(ms // 1000, HOUR_S)
    return f"{hours}:{rest // MINUTE_S:02}:{rest % MINUTE_S:02}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
