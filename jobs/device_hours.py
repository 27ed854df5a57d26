"""What a device's statuses say of it, hour by hour, as SQL.

device_status (decoded, by arrival) -> usable statuses -> hours of devices
                                                       -> hours that slide (probes)

A device's clock is one of the things that are judged, so an hour is one of the
broker's: a status that was held back counts when it comes. What a device counts is
taken so that a status that comes twice, late or never changes little: rates by the
clock that nobody sets, counters by their difference, clocks by the least delayed.
"""

from typing import Final

from jobs.demands import flag, has, plausible
from jobs.sql import interval, ms_of
from jobs.tables import table_of
from producers.contract import DEVICE_STATUS
from producers.schema import DAY_MS, HOUR_MS, MINUTE_MS, Column

STATUSES: Final = "usable_statuses"
DEVICE_HOURS: Final = "device_hours"
PROBE_HOURS: Final = "probe_hours"

PROBE_STEP_MS: Final = 15 * MINUTE_MS
"""How often the last hour's probes are counted."""

LEAST_ON_BATTERY_S: Final = 1800
"""A shorter time on battery says nothing of how fast it drains: it shows whole %."""

_TEXTS: Final = ("device_id", "patient_id", "boot_id")
_MEASURED: Final = (
    "uptime_s",
    "battery_pct",
    "contact_pct",
    "mean_spo2_pct",
)
_COLUMN: Final = {column.name: column for column in DEVICE_STATUS.columns}


def statuses_view() -> str:
    """Return the DDL of the view of usable statuses: what cannot be is missing.

    Columns: ts (when it arrived), arrived_ms, and those of the topic.
    """
    values = (_usable(_COLUMN[name]) for name in _MEASURED)
    return f"""
        CREATE TEMPORARY VIEW {STATUSES} AS
        SELECT arrived AS ts,
               {ms_of("arrived")} AS arrived_ms,
               {", ".join(_TEXTS)}, ts_ms, {flag(_COLUMN["on_mains"])} AS on_mains,
               calibrated_ms,
               readings, repeated_readings, probe_offs,
               {", ".join(values)}
        FROM {table_of(DEVICE_STATUS)}_arrivals
        WHERE {has(DEVICE_STATUS, *_TEXTS)}
    """


def _usable(column: Column) -> str:
    return f"CASE WHEN {plausible(column)} THEN {column.name} END AS {column.name}"


def hours_view() -> str:
    """Return the DDL of the view of each device's hours, a row an hour heard of it.

    Columns: device_id, patient_id, ts, ends_ms, and what is in ``_HOUR``.
    Of a device that two patients had within the hour, no saturation is known.
    """
    each = ",\n               ".join(f"{sql} AS {name}" for name, sql in _HOUR.items())
    return f"""
        CREATE TEMPORARY VIEW {DEVICE_HOURS} AS
        SELECT device_id, MAX(patient_id) AS patient_id, window_time AS ts,
               (MAX(arrived_ms) / {HOUR_MS} + 1) * {HOUR_MS} AS ends_ms,
               {each}
        FROM TABLE(TUMBLE(TABLE {STATUSES}, DESCRIPTOR(ts), {interval(HOUR_MS)}))
        GROUP BY device_id, window_start, window_end, window_time
    """


_AWAKE_S: Final = "(MAX(uptime_s) - MIN(uptime_s))"
_HOUR: Final = {
    "drain_pct_per_h": f"""CASE
        WHEN MAX(CASE WHEN on_mains THEN 1 ELSE 0 END) = 0
         AND MIN(boot_id) = MAX(boot_id) AND {_AWAKE_S} >= {LEAST_ON_BATTERY_S}
        THEN (MAX(battery_pct) - MIN(battery_pct)) * 3600 / {_AWAKE_S} END""",
    "contact_pct": "AVG(CASE WHEN contact_pct > 0 THEN contact_pct END)",
    "boots": f"""COUNT(DISTINCT CASE
        WHEN uptime_s * 1000 < MOD(arrived_ms, {HOUR_MS}) THEN boot_id END)""",
    "spo2_pct": """CASE WHEN MIN(patient_id) = MAX(patient_id)
        THEN AVG(mean_spo2_pct) END""",
    "calibrated_ms": "MAX(calibrated_ms)",
    "calibration_age_days": f"""
        CAST(MAX(arrived_ms) - MAX(calibrated_ms) AS DOUBLE) / {DAY_MS}""",
    "repeated_pct": """CASE WHEN SUM(readings) > 0
        THEN 100.0 * SUM(repeated_readings) / SUM(readings) END""",
    "clock_error_s": "ABS(MAX(ts_ms - arrived_ms)) / 1000.0",
}
"""What is known of an hour, as aggregates of its statuses.

A start counts in the hour in which it was: the device says for how long it has been
up. Of the differences of clocks the largest is that of the least delayed message.
"""


def probe_hours_view() -> str:
    """Return the DDL of the view of how often probes came off in the last hour.

    A row each ``PROBE_STEP_MS`` of those devices of which one did, and one an hour
    of the others, which says that none did.
    """
    window = "window_start, window_end, window_time"
    step, hour = interval(PROBE_STEP_MS), interval(HOUR_MS)
    return f"""
        CREATE TEMPORARY VIEW {PROBE_HOURS} AS
        SELECT device_id, MAX(patient_id) AS patient_id, window_time AS ts,
               (MAX(last_ms) / {PROBE_STEP_MS} + 1) * {PROBE_STEP_MS} AS ends_ms,
               SUM(offs) AS probe_offs_1h
        FROM (
            SELECT device_id, MAX(patient_id) AS patient_id, {window},
                   MAX(arrived_ms) AS last_ms,
                   MAX(probe_offs) - MIN(probe_offs) AS offs
            FROM TABLE(
                HOP(TABLE {STATUSES}, DESCRIPTOR(ts), {step}, {hour}))
            GROUP BY device_id, boot_id, {window}
        )
        GROUP BY device_id, {window}
        HAVING SUM(offs) > 0 OR EXTRACT(MINUTE FROM window_start) = 0
    """
