"""What the patient board asks about vital signs."""

from typing import Final

from grafana.flux import (
    AGE,
    CHOSEN_PATIENT,
    LIVE_S,
    one_of,
    read,
)
from grafana.stored import (
    DEVICE,
    MAX,
    MEAN,
    MIN,
    PATIENT,
    SIGNS,
    UNUSABLE,
    statistic,
)
from jobs.measurements import (
    STATISTICS,
    VITALS_1M,
    VITALS_10S,
    VITALS_RAW,
)
from producers.schema import Column

READING: Final = "reading"
"""The series of single readings; ``mean``, ``min`` and ``max`` are of windows."""
STALE: Final = "STALE: "
SILENT: Final = "SILENT for "
VALUE_LOOKBACK: Final = "-24h"
IN_RANGE: Final = "start: v.timeRangeStart, stop: v.timeRangeStop"
POINTS: Final = 1000
"""A chart of so many points shows single readings in ranges of up to 25 min."""
PATIENTS_SHOWN: Final = 5000
UNUSABLE_SHOWN: Final = 100


def patients() -> str:
    """Return the query for the patients to choose from."""
    return f"""\
import "influxdata/influxdb/schema"

schema.tagValues(
  bucket: "{VITALS_RAW.bucket.name}",
  tag: "{PATIENT}",
  predicate: (r) => r._measurement == "{VITALS_RAW.name}",
  start: -7d,
)"""


def latest(sign: Column) -> str:
    """Return the query for the latest value of ``sign``, and how old it is."""
    points = read(
        VITALS_RAW, f"start: {VALUE_LOOKBACK}", CHOSEN_PATIENT, one_of((sign.name,))
    )
    return f"""\
{AGE}
{points}
  |> last()
  |> group()
  |> sort(columns: ["_time"])
  |> tail(n: 1)
  |> map(fn: (r) => ({{
    latest: r._value,
    age: (if {_live("r._time")} then "" else "{STALE}") + age(t: r._time) + " ago",
  }}))"""


def last_heard() -> str:
    """Return the query for how long ago anything came from the patient."""
    fields = one_of((*SIGNS, UNUSABLE))
    return f"""\
{AGE}
{read(VITALS_RAW, f"start: {VALUE_LOOKBACK}", CHOSEN_PATIENT, fields)}
  |> last()
  |> keep(columns: ["_time"])
  |> group()
  |> sort(columns: ["_time"])
  |> tail(n: 1)
  |> map(fn: (r) => ({{
    heard: if {_live("r._time")}
      then age(t: r._time) + " ago"
      else "{SILENT}" + age(t: r._time),
  }}))"""


def history(sign: Column) -> str:
    """Return the query for ``sign`` over time.

    That is every reading while readings can be told apart; from a window of 2 s
    on, the mean, least and greatest value of each window.
    """
    windows = ", ".join(
        f'windows(field: "{statistic(sign, name)}", name: "{name}", fn: {name})'
        for name in (MEAN, MIN, MAX)
    )
    return f"""\
width = int(v: v.windowPeriod)
single = width < int(v: 2s)
stored = if width < int(v: 1m) then "{VITALS_10S.name}" else "{VITALS_1M.name}"
step = if width < int(v: 10s) then 10s else v.windowPeriod
windows = (field, name, fn) => from(bucket: "{STATISTICS.name}")
  |> range({IN_RANGE})
  |> filter(fn: (r) => r._measurement == stored)
  |> filter(fn: (r) => {CHOSEN_PATIENT})
  |> filter(fn: (r) => r._field == field)
  |> aggregateWindow(every: step, fn: fn, createEmpty: true, timeSrc: "_start")
  |> keep(columns: ["_time", "_value"])
  |> set(key: "_field", value: name)
readings = {read(VITALS_RAW, IN_RANGE, CHOSEN_PATIENT, one_of((sign.name,)))}
  |> keep(columns: ["_time", "_value", "{DEVICE}"])
  |> set(key: "_field", value: "{READING}")
band = union(tables: [{windows}])
  |> group(columns: ["_field"])
if single then readings else band"""


def unusable() -> str:
    """Return the query for the values that were left out, the newest first."""
    return f"""\
{read(VITALS_RAW, IN_RANGE, CHOSEN_PATIENT, one_of((UNUSABLE,)))}
  |> group()
  |> sort(columns: ["_time"], desc: true)
  |> limit(n: {UNUSABLE_SHOWN})
  |> map(fn: (r) => ({{at: r._time, {DEVICE}: r.{DEVICE}, {UNUSABLE}: r._value}}))"""


def _live(time: str) -> str:
    return f"int(v: now()) - int(v: {time}) <= {LIVE_S} * 1000000000"
