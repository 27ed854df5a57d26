"""Pieces of Flux that more than one panel needs.

Every query filters on tags and fields straight after ``range``, and takes
``last``, ``first`` or ``count`` next: so much runs inside the database, and
only its result is worked on. Grafana takes at most a thousand tables, so every
query ends in few.
"""

import json
from collections.abc import Iterable
from typing import Final

from grafana.stored import (
    DEVICE,
    ENDED_MS,
    KIND,
    OBSERVED,
    PATIENT,
    PATTERN,
    RULE_VERSION,
    SEVERITY,
)
from jobs.measurements import MATCHES_FOUND, Measurement

LIVE_S: Final = 60
"""A reading older than this is not shown as a patient's present state."""

MATCH_LOOKBACK: Final = "-30d"
"""How far back an ongoing match can have begun."""

CHOSEN_PATIENT: Final = f"r.{PATIENT} =~ /^${{patient:regex}}$/"
"""True of the patient that the board's variable names, whatever a link says it is.

Of a regular expression Grafana escapes all that means anything, and Flux works nothing
out in one. Between quotes it would: what stands in ``${}``, which no format escapes.
"""

SPAN: Final = """\
span = (s) =>
  if s < 120 then string(v: s) + " s"
  else if s < 7200 then string(v: s / 60) + " min"
  else string(v: s / 3600) + " h"
"""
"""Defines ``span(s)``: a length of time as a person says it."""

AGE: Final = f"""\
{SPAN}
age = (t) => span(s: (int(v: now()) - int(v: t)) / 1000000000)
"""
"""Defines ``age(t)``: how long ago ``t`` was, as a person says it."""


def one_of(names: Iterable[str]) -> str:
    """Return the condition that a point's field is one of ``names``."""
    return " or ".join(f'r._field == "{name}"' for name in names)


def read(measurement: Measurement, time_range: str, *conditions: str) -> str:
    """Return the stream of points of ``measurement`` that meet every condition."""
    filters = "".join(f"\n  |> filter(fn: (r) => {each})" for each in conditions)
    return f"""\
from(bucket: "{measurement.bucket.name}")
  |> range({time_range})
  |> filter(fn: (r) => r._measurement == "{measurement.name}"){filters}"""


def ongoing(*conditions: str, observed: bool = False) -> str:
    """Return Flux that defines ``ongoing``: the matches that have not ended.

    A patient, device and pattern have one episode at a time, so the newest point
    of each series says all there is to say. Whole numbers and observed values
    meet only after each kind is in one table: converting a thousand small
    tables costs more than reading them.
    """
    found = _newest((RULE_VERSION, ENDED_MS), conditions)
    if observed:
        values = _newest((OBSERVED,), conditions)
        found = f"union(tables: [{found}\n  |> toFloat(), {values}])\n  |> group()"
    return f"""\
ongoing = {found}
  |> pivot(rowKey: {MATCH_KEY}, columnKey: ["_field"], valueColumn: "_value")
  |> filter(fn: (r) => exists r.{RULE_VERSION} and not exists r.{ENDED_MS})
"""


def _newest(fields: Iterable[str], conditions: Iterable[str]) -> str:
    since = f"start: {MATCH_LOOKBACK}"
    return f"""{read(MATCHES_FOUND, since, *conditions, one_of(fields))}
  |> last()
  |> drop(columns: ["_start", "_stop", "_measurement"])
  |> group()"""


def columns(names: Iterable[str]) -> str:
    """Return ``names`` as a Flux array."""
    return f"[{', '.join(map(json.dumps, names))}]"


MATCH_KEY: Final = columns(("_time", PATIENT, DEVICE, PATTERN, SEVERITY, KIND))
"""What identifies a match, and with it a row of a table of matches."""

SPOKEN_PATTERN: Final = f'strings.replaceAll(v: r.{PATTERN}, t: "_", u: " ")'
"""The pattern's name as words; needs ``import "strings"``."""
