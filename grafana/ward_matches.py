"""What the ward board asks about matches."""

from typing import Final

from cep_patterns.pattern import Kind
from grafana.flux import (
    MATCH_LOOKBACK,
    SPOKEN_PATTERN,
    columns,
    ongoing,
    read,
)
from grafana.matches import MOST_URGENT_FIRST, RANK
from grafana.stored import (
    DEVICE,
    ENDED_MS,
    KIND,
    OBSERVED,
    PATIENT,
    SEVERITY,
)
from jobs.measurements import MATCHES_FOUND

SHOWN: Final = 200
ENDED_SHOWN: Final = 50


def counts() -> str:
    """Return the query for one row: how many matches last, by severity."""
    names = (*MOST_URGENT_FIRST, Kind.TECHNICAL)
    zeros = ", ".join(f'{{tile: "{name}", n: 0}}' for name in names)
    return f"""\
import "array"

{ongoing()}
counted = ongoing
  |> map(fn: (r) => ({{
    tile: if r.{KIND} == "{Kind.TECHNICAL}" then r.{KIND} else r.{SEVERITY},
    n: 1,
  }}))
union(tables: [counted, array.from(rows: [{zeros}])])
  |> group(columns: ["tile"])
  |> sum(column: "n")
  |> group()
  |> map(fn: (r) => ({{r with row: 0}}))
  |> pivot(rowKey: ["row"], columnKey: ["tile"], valueColumn: "n")
  |> drop(columns: ["row"])"""


def ongoing_matches(kind: Kind) -> str:
    """Return the query for the ongoing matches, the most urgent and newest first."""
    return f"""\
import "internal/debug"
import "strings"

{ongoing(f'r.{KIND} == "{kind}"', observed=True)}
ongoing
  |> map(fn: (r) => ({{
    {SEVERITY}: r.{SEVERITY},
    {PATIENT}: r.{PATIENT},
    {DEVICE}: r.{DEVICE},
    pattern: {SPOKEN_PATTERN},
    since: r._time,
    lasting_s: (int(v: now()) - int(v: r._time)) / 1000000000,
    observed: if exists r.{OBSERVED} then r.{OBSERVED} else debug.null(type: "float"),
    rank: {RANK},
  }}))
  |> sort(columns: ["rank", "lasting_s"])
  |> limit(n: {SHOWN})
  |> drop(columns: ["rank"])"""


def ended_matches() -> str:
    """Return the query for the matches that ended last, within the board's range."""
    ended = (
        f'r._field == "{ENDED_MS}" and r._value >= int(v: v.timeRangeStart) / 1000000'
    )
    shown = (PATIENT, SEVERITY, "pattern", "since", "until", "lasted_s")
    return f"""\
import "strings"

{read(MATCHES_FOUND, f"start: {MATCH_LOOKBACK}", ended)}
  |> drop(columns: ["_start", "_stop", "_measurement", "_field"])
  |> group()
  |> sort(columns: ["_value"], desc: true)
  |> limit(n: {ENDED_SHOWN})
  |> map(fn: (r) => ({{r with
    pattern: {SPOKEN_PATTERN},
    since: r._time,
    until: time(v: r._value * 1000000),
    lasted_s: (r._value - int(v: r._time) / 1000000) / 1000,
  }}))
  |> keep(columns: {columns(shown)})"""
