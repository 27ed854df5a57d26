"""What the ward board asks about patients: who is heard, what they send."""

from typing import Final

from grafana.flux import (
    AGE,
    LIVE_S,
    one_of,
    read,
)
from grafana.stored import (
    PATIENT,
    SIGNS,
    UNUSABLE,
    count_fields,
    decimals,
)
from jobs.measurements import VITALS_1M, VITALS_RAW

LIVE: Final = "live"
SILENT: Final = "silent"
PATIENT_LOOKBACK: Final = "-12h"
"""A patient not heard from for longer has left the ward."""


def heard() -> str:
    """Return the query for the number of patients with a reading in the last minute.

    Numbers and texts cannot share a table, so they are counted apart; the zero
    makes an empty ward a 0 and not an absence of data.
    """
    recent = f"start: -{LIVE_S}s"
    return f"""\
import "array"

patients = (tables=<-) => tables
  |> group(columns: ["{PATIENT}"])
  |> first()
  |> keep(columns: ["{PATIENT}"])
  |> group()
values = {read(VITALS_RAW, recent, one_of(SIGNS))}
  |> patients()
unusable = {read(VITALS_RAW, recent, one_of((UNUSABLE,)))}
  |> patients()
found = union(tables: [values, unusable])
  |> group()
  |> distinct(column: "{PATIENT}")
  |> count()
  |> rename(columns: {{_value: "heard"}})
union(tables: [found, array.from(rows: [{{heard: 0}}])])
  |> group()
  |> sum(column: "heard")"""


def patients() -> str:
    """Return the query for each patient's latest vital signs, with age where stale.

    A value is a text, so that a stale one carries its age: "96 (12 min)". The
    time of the newest reading joins them as one more value, ``heard``.
    """
    since = f"start: {PATIENT_LOOKBACK}"
    tenths = one_of(name for name, sign in SIGNS.items() if decimals(sign))
    return f"""\
import "math"

{AGE}
live = (t) => int(v: now()) - int(v: t) <= {LIVE_S} * 1000000000
number = (r) => string(v: if {tenths}
  then math.round(x: r._value * 10.0) / 10.0
  else math.round(x: r._value))
moment = (tables=<-) => tables |> keep(columns: ["_time", "{PATIENT}"])
newest = (tables=<-) => tables
  |> last()
  |> keep(columns: ["_time", "_value", "_field", "{PATIENT}"])
  |> group()
latest = {read(VITALS_RAW, since, one_of(SIGNS))}
  |> newest()
unusable = {read(VITALS_RAW, since, one_of((UNUSABLE,)))}
  |> newest()
values = latest
  |> map(fn: (r) => ({{
    {PATIENT}: r.{PATIENT},
    _time: r._time,
    name: r._field,
    text: number(r: r) +
      (if live(t: r._time) then "" else " (" + age(t: r._time) + ")"),
  }}))
heard = union(tables: [latest |> moment(), unusable |> moment()])
  |> map(fn: (r) => ({{
    {PATIENT}: r.{PATIENT},
    _time: r._time,
    name: "heard",
    text: string(v: r._time),
  }}))
union(tables: [values, heard])
  |> group()
  |> sort(columns: ["_time"])
  |> pivot(rowKey: ["{PATIENT}"], columnKey: ["name"], valueColumn: "text")
  |> map(fn: (r) => ({{r with
    heard: time(v: r.heard),
    age_s: (int(v: now()) - int(v: time(v: r.heard))) / 1000000000,
    state: if live(t: time(v: r.heard)) then "{LIVE}" else "{SILENT}",
  }}))
  |> sort(columns: ["state", "{PATIENT}"])"""


def readings_per_second() -> str:
    """Return the query for usable values a second of each vital sign, by the minute."""
    names = "".join(
        f'if r._field == "{count}" then "{name}" else '
        for count, name in zip(count_fields(), SIGNS, strict=True)
    )
    in_range = "start: v.timeRangeStart, stop: v.timeRangeStop"
    return f"""\
{read(VITALS_1M, in_range, one_of(count_fields()))}
  |> group(columns: ["_field"])
  |> aggregateWindow(every: 1m, fn: sum, createEmpty: false, timeSrc: "_start")
  |> map(fn: (r) => ({{
    _time: r._time,
    _field: {names}r._field,
    _value: float(v: r._value) / 60.0,
  }}))
  |> group(columns: ["_field"])"""
