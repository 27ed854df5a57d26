"""What is stored in InfluxDB: one entry per bucket and measurement.

Tags are bounded sets and pseudonyms; numbers and texts are fields. Jobs write
from these entries, boards read from them, the stack creates the buckets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eeg.window import WINDOW_S
from producers.contract import DEVICE_STATUS, PROOFS, VITAL_SIGNS
from producers.contract import SCORES as SCORES_TOPIC
from scores.catalogue import RATIOS, SCORES

DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and how long it keeps its points; 0 means for ever."""

    name: str
    retention_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a message says of several in lists, as points of their own.

    ``columns`` says which tag or field of ``measurement`` each list holds. A point
    is stored where ``every_ms`` of the clock begins.
    """

    measurement: "Measurement"
    columns: Mapping[str, str]
    every_ms: int


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
    listed: Listed | None = None


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

ALARM_STEPS: Final = Measurement(
    name="alarms",
    bucket=EVENTS,
    time="ts_ms",
    tags=("patient_id", "pattern_name", "kind", "step_name", "escalation_level"),
    fields=(
        "alarm_id",
        "step_id",
        "step_number",
        "state",
        "severity",
        "started_ms",
        "until_ms",
        "done_by",
        "reason",
    ),
)
"""One point per step of an alarm, when it was taken."""

_FIX_TAGS: Final = ("patient_id", "device_id", "action", "state")

FIX_STEPS: Final = Measurement(
    name="fixes",
    bucket=EVENTS,
    time="ts_ms",
    tags=_FIX_TAGS,
    fields=tuple(
        column.name
        for column in PROOFS.columns
        if column.name not in (*_FIX_TAGS, "ts_ms")
    ),
)
"""One point per step in the life of a command to a device: the proof as it was then."""

BASELINES_LEARNED: Final = Measurement(
    name="baselines",
    bucket=STATISTICS,
    time="learned_ms",
    tags=("patient_id", "sign_name", "hour_of_day"),
    fields=("basis", "median", "spread", "readings", "since_ms", "until_ms"),
)
"""One point per row and run, at the time it was learned: how a habit changes."""

_SCORE_TAGS: Final = ("patient_id", "score_name")
_PARTS: Final = dict.fromkeys(
    name
    for names in (
        *((part.name for part in score.parts) for score in SCORES),
        *((ratio.over.column, ratio.under.column) for ratio in RATIOS),
    )
    for name in names
)
_NESTED: Final = {
    column.name: tuple(
        f"{part}_{entry.name}" for part in _PARTS for entry in column.entries
    )
    for column in SCORES_TOPIC.columns
    if column.entries
}

SCORES_FOUND: Final = Measurement(
    name="scores",
    bucket=STATISTICS,
    time="ts_ms",
    tags=_SCORE_TAGS,
    fields=tuple(
        field
        for column in SCORES_TOPIC.columns
        if column.name not in (*_SCORE_TAGS, "ts_ms")
        for field in _NESTED.get(column.name, (column.name,))
    ),
)
"""Each score at its own time; of a part, ``pulse_lowest`` and so on.

A field that is missing at one time was there at another: what belongs together
is what has the same time, not the last of each field.
"""

EEG_CHANNELS: Final = Measurement(
    name="eeg_channels",
    bucket=READINGS,
    time="ts_ms",
    tags=("patient_id", "device_id", "channel"),
    fields=("probability", "quality", "amplitude_uv"),
)
"""Each channel of EEG once a window: those of the seconds between overlap with it."""

EEG_SCORED: Final = Measurement(
    name="eeg",
    bucket=READINGS,
    time="ts_ms",
    tags=("patient_id", "device_id"),
    fields=(
        "model",
        "threshold",
        "probability",
        "stands_out_ln",
        "background_s",
        "firing_power",
        "seizing",
        "good_channels",
    ),
    listed=Listed(
        measurement=EEG_CHANNELS,
        columns={
            "channels": "channel",
            "channel_probability": "probability",
            "channel_quality": "quality",
            "channel_amplitude_uv": "amplitude_uv",
        },
        every_ms=WINDOW_S * 1000,
    ),
)
"""What is known of a patient's EEG each second, at the end of its window."""

_DEVICE_TAGS: Final = ("patient_id", "device_id")

DEVICES_TOLD: Final = Measurement(
    name="device_status",
    bucket=READINGS,
    time="ts_ms",
    tags=_DEVICE_TAGS,
    fields=(
        *(
            column.name
            for column in DEVICE_STATUS.columns
            if column.name not in (*_DEVICE_TAGS, "ts_ms")
        ),
        "unusable",
    ),
)
"""How each device was, by its own clock; ``unusable`` as of vital signs."""
