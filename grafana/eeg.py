"""What the patient board asks about EEG."""

from typing import Final

from grafana.flux import AGE, CHOSEN_PATIENT, columns, one_of, read
from grafana.patient_values import IN_RANGE, VALUE_LOOKBACK
from grafana.stored import (
    AMPLITUDE,
    CHANNEL,
    DEVICE,
    FIRING_POWER,
    GOOD_CHANNELS,
    PROBABILITY,
    QUALITY,
    SEIZING,
    THRESHOLD,
)
from jobs.measurements import EEG_CHANNELS, EEG_SCORED

SEIZURE: Final = "SEIZURE suspected"
NOT_JUDGED: Final = "NOT JUDGED: too little can be seen"

_SHARES: Final = (PROBABILITY, FIRING_POWER, THRESHOLD)
_SINCE: Final = f"start: {VALUE_LOOKBACK}"


def state() -> str:
    """Return the query for what the newest second says, in one row.

    Where it has no probability, nothing is said of a seizure but that one was
    suspected before.
    """
    return f"""\
{AGE}
{_newest("seizing", SEIZING, f'if r._value then "{SEIZURE}" else ""')}
{_newest("good", GOOD_CHANNELS, "string(v: r._value)")}
{_newest("probable", PROBABILITY, 'string(v: int(v: r._value * 100.0)) + " %"')}
union(tables: [seizing, good, probable])
  |> group()
  |> pivot(
    rowKey: ["_time", "{DEVICE}"], columnKey: ["_field"], valueColumn: "_value"
  )
  |> sort(columns: ["_time"])
  |> tail(n: 1)
  |> map(fn: (r) => ({{
    state: if r.{SEIZING} != "" then r.{SEIZING}
      else if exists r.{PROBABILITY} then "no seizure seen" else "{NOT_JUDGED}",
    {PROBABILITY}: if exists r.{PROBABILITY} then r.{PROBABILITY} else "unknown",
    {GOOD_CHANNELS}: r.{GOOD_CHANNELS},
    age: age(t: r._time) + " ago",
  }}))"""


def shares() -> str:
    """Return the query for probability, its threshold, and firing power over time."""
    scored = read(EEG_SCORED, IN_RANGE, CHOSEN_PATIENT, one_of(_SHARES))
    return f"""\
{_step("1s")}
{scored}
  |> aggregateWindow(every: step, fn: max, createEmpty: false, timeSrc: "_start")
  |> keep(columns: ["_time", "_value", "_field"])
  |> group(columns: ["_field"])
  |> sort(columns: ["_time"])"""


def amplitudes() -> str:
    """Return the query for the envelope of each channel, a column a channel."""
    stored = read(EEG_CHANNELS, IN_RANGE, CHOSEN_PATIENT, one_of((AMPLITUDE,)))
    every = f"{EEG_SCORED.listed.every_ms // 1000}s" if EEG_SCORED.listed else "1s"
    return f"""\
{_step(every)}
{stored}
  |> aggregateWindow(every: step, fn: max, createEmpty: false, timeSrc: "_start")
  |> keep(columns: ["_time", "_value", "{CHANNEL}"])
  |> group()
  |> pivot(rowKey: ["_time"], columnKey: ["{CHANNEL}"], valueColumn: "_value")
  |> sort(columns: ["_time"])"""


def qualities() -> str:
    """Return the query for the newest quality of each channel, the bad ones first."""
    stored = read(EEG_CHANNELS, _SINCE, CHOSEN_PATIENT, one_of((QUALITY,)))
    return f"""\
{stored}
  |> last()
  |> group()
  |> map(fn: (r) => ({{
    {CHANNEL}: r.{CHANNEL},
    {QUALITY}: r._value,
    {DEVICE}: r.{DEVICE},
    age_s: (int(v: now()) - int(v: r._time)) / 1000000000,
    place: if r._value == "good" then 1 else 0,
  }}))
  |> sort(columns: ["place", "{CHANNEL}"])
  |> keep(columns: {columns((CHANNEL, QUALITY, DEVICE, "age_s"))})"""


def _newest(name: str, field: str, text: str) -> str:
    """Return Flux that defines ``name``: the newest of ``field``, as a text."""
    return f"""\
{name} = {read(EEG_SCORED, _SINCE, CHOSEN_PATIENT, one_of((field,)))}
  |> last()
  |> map(fn: (r) => ({{
    _time: r._time, {DEVICE}: r.{DEVICE}, _field: r._field, _value: {text},
  }}))"""


def _step(least: str) -> str:
    window = "v.windowPeriod"
    return f"step = if int(v: {window}) < int(v: {least}) then {least} else {window}"
