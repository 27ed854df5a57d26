"""What is stored in InfluxDB: one entry per bucket and measurement.

Tags are bounded sets and pseudonyms; numbers and texts are fields. Jobs write
from these entries, boards read from them, the stack creates the buckets.
"""

from dataclasses import dataclass
from typing import Final

from producers.contract import VITAL_SIGNS

DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and how long it keeps its points; 0 means for ever."""

    name: str
    retention_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measurement: where it lives, what identifies a point, what it holds.

    ``time`` names the column that is the point's time, in ms. Points with the
    same tags and time are one point, so that a replay overwrites itself.
    """

    name: str
    bucket: Bucket
    time: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]


READINGS: Final = Bucket("readings", retention_s=30 * DAY_S)
STATISTICS: Final = Bucket("statistics", retention_s=730 * DAY_S)
EVENTS: Final = Bucket("events", retention_s=0)
BUCKETS: Final = (READINGS, STATISTICS, EVENTS)

STATISTIC_NAMES: Final = ("mean", "min", "max", "count")
"""Statistics of one vital sign in one window; count is of usable values."""

_STATISTIC_FIELDS = tuple(
    f"{sign.name}_{statistic}" for sign in VITAL_SIGNS for statistic in STATISTIC_NAMES
)

VITALS_RAW: Final = Measurement(
    name="vitals",
    bucket=READINGS,
    time="ts_ms",
    tags=("patient_id", "device_id"),
    fields=(
        *(sign.name for sign in VITAL_SIGNS),
        "on_oxygen",
        "consciousness",
        "activity",
        "signal_quality_pct",
        "unusable",
    ),
)
"""Every reading, at its own time; ``unusable`` names the values left out, and why."""

VITALS_10S: Final = Measurement(
    name="vitals_10s",
    bucket=STATISTICS,
    time="ts_ms",
    tags=("patient_id",),
    fields=_STATISTIC_FIELDS,
)
VITALS_1M: Final = Measurement(
    name="vitals_1m",
    bucket=STATISTICS,
    time="ts_ms",
    tags=("patient_id",),
    fields=_STATISTIC_FIELDS,
)
"""Statistics of a window, at the window's start."""

MATCHES_FOUND: Final = Measurement(
    name="matches",
    bucket=EVENTS,
    time="started_ms",
    tags=("patient_id", "device_id", "pattern_name", "severity", "kind"),
    fields=("match_id", "rule_version", "ended_ms", "observed", "limit_value"),
)
"""One point per match, at its start; ``ended_ms`` joins it when it is over."""

MEASUREMENTS: Final = (VITALS_RAW, VITALS_10S, VITALS_1M, MATCHES_FOUND)
