"""How a score looks on every board, and what boards ask about it.

Fields that a score lacks at one time it may have had before. So what is asked
is the last of each field *and* its time, and only the row that has the lowest
possible total, which every score has, is the newest score.
"""

from collections.abc import Sequence
from typing import Final

from cep_patterns.pattern import Severity
from grafana.flux import CHOSEN_PATIENT, SPAN, columns, one_of, read
from grafana.matches import COLOURS
from grafana.patient_values import IN_RANGE
from grafana.show import PLAIN, Show, mapped, marked
from grafana.stored import (
    HIGHEST,
    KNOWN_PARTS,
    LOWEST,
    OF_PARTS,
    PATIENT,
    RESPOND_BY_MS,
    RISK_AT_LEAST,
    RISK_AT_MOST,
    SCORE,
    of_part,
)
from jobs.measurements import SCORES_FOUND
from scores.news2 import RISKS, SCALE_1

SCORE_LOOKBACK: Final = "-12h"
"""As long as a patient is held to be on the ward."""
OVERDUE: Final = "OVERDUE by "
SHOWN: Final = 200

_OF_NEWS2: Final = f'r.{SCORE} == "{SCALE_1.name}"'
_SINCE: Final = f"start: {SCORE_LOOKBACK}"
_NUMBERS: Final = (LOWEST, HIGHEST, KNOWN_PARTS, OF_PARTS, RESPOND_BY_MS)
_SHOWN: Final = ("news2", RISK_AT_LEAST, RISK_AT_MOST, "known", "respond")
_TEXTS: Final = (RISK_AT_LEAST, RISK_AT_MOST)

_RISK_COLOURS: Final = (
    PLAIN,
    COLOURS[Severity.MEDIUM],
    "#FF9830",
    COLOURS[Severity.HIGH],
)
_RISKS_SHOWN: Final = mapped(
    (risk.name, risk.name, colour)
    for risk, colour in zip(RISKS, _RISK_COLOURS, strict=True)
)
TOTAL_COLUMN: Final = Show("news2", "NEWS2", "string", width=100)
RISK_COLUMN: Final = Show(
    RISK_AT_LEAST,
    "Risk, at least",
    "string",
    width=140,
    coloured="color-background",
    mappings=_RISKS_SHOWN,
)
RISK_AT_MOST_COLUMN: Final = Show(
    RISK_AT_MOST,
    "at most",
    "string",
    width=140,
    coloured="color-text",
    mappings=_RISKS_SHOWN,
)
KNOWN_COLUMN: Final = Show("known", "Parts known", "string", width=110)
CLOCK_COLUMN: Final = Show(
    "respond",
    "Somebody should come",
    "string",
    width=190,
    mappings=marked(f"^{OVERDUE}", COLOURS[Severity.HIGH]),
)
AGE_COLUMN: Final = Show("age_s", "Scored, age", "dthms", width=110)


def ward_scores() -> str:
    """Return the query for every patient's NEWS2, the worst first."""
    return f"""{_scored()}
  |> sort(columns: ["from", "to"], desc: true)
  |> limit(n: {SHOWN})
  |> keep(columns: {columns((PATIENT, *_SHOWN, "age_s"))})"""


def patient_score() -> str:
    """Return the query for the chosen patient's newest NEWS2, in one row."""
    return f"{_scored(CHOSEN_PATIENT)}\n  |> keep(columns: {columns(_SHOWN)})"


def parts() -> str:
    """Return the query for the parts of the chosen patient's newest NEWS2.

    The age of a value goes on after it was scored.
    """
    names = [part.name for part in SCALE_1.parts]
    points = [of_part(name, end) for name in names for end in (LOWEST, HIGHEST)]
    ages = [of_part(name, "age_s") for name in names]
    return f"""\
import "strings"

{_newest("points", points, CHOSEN_PATIENT)}
{_newest("ages", ages, CHOSEN_PATIENT)}
ending = (field) =>
  if strings.hasSuffix(v: field, suffix: "_{LOWEST}") then "{LOWEST}"
  else if strings.hasSuffix(v: field, suffix: "_{HIGHEST}") then "{HIGHEST}"
  else "age_s"
now_aged = ages
  |> map(fn: (r) => ({{r with
    _value: r._value + float(v: int(v: now()) - int(v: r._time)) / 1000000000.0,
  }}))
union(tables: [points |> toFloat(), now_aged])
  |> group()
  |> map(fn: (r) => ({{r with
    part: strings.trimSuffix(v: r._field, suffix: "_" + ending(field: r._field)),
    end: ending(field: r._field),
  }}))
  |> pivot(rowKey: ["_time", "part"], columnKey: ["end"], valueColumn: "_value")
  |> filter(fn: (r) => exists r.{LOWEST})
  |> map(fn: (r) => ({{r with
    part: strings.replaceAll(v: r.part, t: "_", u: " "),
    points: {_range(f"int(v: r.{LOWEST})", f"int(v: r.{HIGHEST})")},
    place: {_places(names)},
  }}))
  |> sort(columns: ["place"])
  |> keep(columns: ["part", "points", "age_s"])"""


def trend() -> str:
    """Return the query for the chosen patient's NEWS2 over time: its worst a window."""
    scores = read(
        SCORES_FOUND, IN_RANGE, CHOSEN_PATIENT, _OF_NEWS2, one_of((LOWEST, HIGHEST))
    )
    return f"""\
step = if int(v: v.windowPeriod) < int(v: 1m) then 1m else v.windowPeriod
{scores}
  |> aggregateWindow(every: step, fn: max, createEmpty: true, timeSrc: "_start")
  |> keep(columns: ["_time", "_value", "_field"])
  |> group(columns: ["_field"])"""


def _scored(*conditions: str) -> str:
    """Return Flux for the newest NEWS2 of each patient, as boards show it.

    What may be missing is made ready before it stands in a column, and passed
    on as it is: after a pivot, a condition on a column with gaps was seen to give
    one patient another's value.
    """
    return f"""\
{SPAN}
{_newest("numbers", _NUMBERS, *conditions)}
{_newest("texts", _TEXTS, *conditions)}
until = (ms) => {{
  s = ms / 1000 - int(v: now()) / 1000000000
  return if s >= 0 then "within " + span(s: s) else "{OVERDUE}" + span(s: -s)
}}
said = numbers
  |> map(fn: (r) => ({{r with
    _field: if r._field == "{RESPOND_BY_MS}" then "respond" else r._field,
    _value: if r._field == "{RESPOND_BY_MS}"
      then until(ms: r._value)
      else string(v: r._value),
  }}))
union(tables: [said, texts])
  |> group()
  |> pivot(
    rowKey: ["_time", "{PATIENT}"], columnKey: ["_field"], valueColumn: "_value"
  )
  |> filter(fn: (r) => exists r.{LOWEST})
  |> map(fn: (r) => ({{r with
    news2: {_range(f"r.{LOWEST}", f"r.{HIGHEST}")},
    known: r.{KNOWN_PARTS} + " of " + r.{OF_PARTS},
    age_s: (int(v: now()) - int(v: r._time)) / 1000000000,
    from: int(v: r.{LOWEST}),
    to: int(v: r.{HIGHEST}),
  }}))"""


def _newest(name: str, fields: Sequence[str], *conditions: str) -> str:
    wanted = read(SCORES_FOUND, _SINCE, _OF_NEWS2, *conditions, one_of(fields))
    return f"""\
{name} = {wanted}
  |> last()
  |> keep(columns: ["_time", "_field", "_value", "{PATIENT}"])
  |> group()"""


def _range(lowest: str, highest: str) -> str:
    """Return Flux for a text: the number where it is certain, else from and to."""
    spread = f'string(v: {lowest}) + " to " + string(v: {highest})'
    return f"if {lowest} == {highest} then string(v: {lowest}) else {spread}"


def _places(names: Sequence[str]) -> str:
    places = (f'if r.part == "{name}" then {i} else ' for i, name in enumerate(names))
    return f"{''.join(places)}{len(names)}"
