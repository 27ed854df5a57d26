"""What the patient board asks about matches."""

from typing import Final

from cep_patterns.pattern import Severity
from grafana.flux import (
    CHOSEN_PATIENT,
    MATCH_KEY,
    MATCH_LOOKBACK,
    SPOKEN_PATTERN,
    read,
)
from grafana.matches import spoken
from grafana.stored import (
    DEVICE,
    ENDED_MS,
    KIND,
    OBSERVED,
    SEVERITY,
)
from jobs.measurements import (
    MATCHES_FOUND,
)

BEGUN_BEFORE: Final = (
    f"start: date.sub(d: {MATCH_LOOKBACK.removeprefix('-')}, from: v.timeRangeStart),"
    " stop: v.timeRangeStop"
)
MARKS_SHOWN: Final = 100


def matches() -> str:
    """Return the query for the patient's matches that touch the board's range."""
    return f"""\
import "date"
import "internal/debug"
import "strings"

{_matches(CHOSEN_PATIENT)}
  |> map(fn: (r) => ({{
    {SEVERITY}: r.{SEVERITY},
    {KIND}: r.{KIND},
    {DEVICE}: r.{DEVICE},
    pattern: {SPOKEN_PATTERN},
    since: r._time,
    until: if exists r.{ENDED_MS} then r.until else debug.null(type: "time"),
    lasting_s: (int(v: r.until) - int(v: r._time)) / 1000000000,
    observed: if exists r.{OBSERVED} then r.{OBSERVED} else debug.null(type: "float"),
    state: if exists r.{ENDED_MS} then "ended" else "ongoing",
  }}))
  |> sort(columns: ["since"], desc: true)"""


def marks(severity: Severity) -> str:
    """Return the query for the patient's matches of one severity, as regions.

    Grafana knows the columns by these names. What lasts still is open: it reaches
    to the present, and says so.
    """
    return f"""\
import "date"
import "strings"

{_matches(CHOSEN_PATIENT, f'r.{SEVERITY} == "{severity}"')}
  |> map(fn: (r) => ({{
    time: r._time,
    timeEnd: r.until,
    title: "{spoken(severity)}",
    text: {SPOKEN_PATTERN} + (if exists r.{ENDED_MS} then "" else ", ongoing"),
    tags: "{severity}," + r.{KIND},
  }}))
  |> sort(columns: ["time"], desc: true)
  |> limit(n: {MARKS_SHOWN})"""


def _matches(*conditions: str) -> str:
    """Return the stream of matches in range, with ``until``: their end, or now."""
    return f"""\
{read(MATCHES_FOUND, BEGUN_BEFORE, *conditions)}
  |> drop(columns: ["_start", "_stop", "_measurement"])
  |> pivot(rowKey: {MATCH_KEY}, columnKey: ["_field"], valueColumn: "_value")
  |> group()
  |> map(fn: (r) => ({{r with
    until: if exists r.{ENDED_MS} then time(v: r.{ENDED_MS} * 1000000) else now(),
  }}))
  |> filter(fn: (r) => r.until >= v.timeRangeStart)"""
