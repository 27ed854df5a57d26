"""What patterns read of a device: what its hours say, and where they are going.

hours of devices -> beside the patient's other device -> quarters of days -> trends
                 -------------------------------------------------------> signals

A trend is the least-squares slope of what is known of a device's quarters of days,
so that a fortnight is 56 rows and no more. Quarters are whole numbers, whose sums are
exact, however long they slide.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from jobs.device_hours import DEVICE_HOURS, PROBE_HOURS
from jobs.signals import Signal
from jobs.sql import interval
from producers.schema import DAY_MS, HOUR_MS

BESIDE_OTHERS: Final = "device_hours_beside_others"
DEVICE_SIGNALS_VIEW: Final = "device_signals"

A_DAY: Final = 4
QUARTER_MS: Final = DAY_MS // A_DAY
SHORT_DAYS: Final = 3
LONG_DAYS: Final = 7
SLOW_DAYS: Final = 14
"""A slope is so much surer over twice the days that a third of it stands out."""

KNOWN: Final = 0.7
"""Of the days that a trend spans, the share of quarters that must be known."""


def _sums(y: str) -> str:
    """Return the aggregates that :func:`_slope` needs of column ``y``."""
    known = f"CASE WHEN {y} IS NOT NULL THEN quarter_no END"
    return f"""
        COUNT({y}) OVER w AS {y}_n, SUM({known}) OVER w AS {y}_q,
        SUM({known} * quarter_no) OVER w AS {y}_qq,
        SUM({y}) OVER w AS {y}_y, SUM({y} * quarter_no) OVER w AS {y}_qy"""


def _sums_of(y: str) -> Iterable[str]:
    """Return the names of those columns, for a query round the one that has them."""
    return (f"{y}_{sum_}" for sum_ in ("n", "q", "qq", "y", "qy"))


def _slope(y: str, days: int) -> str:
    """Return by how much ``y`` rises a day; null where too little is known."""
    return f"""CASE WHEN {y}_n >= {_least(days)}
        THEN {A_DAY} * ({y}_n * {y}_qy - {y}_q * {y}_y)
             / ({y}_n * {y}_qq - {y}_q * {y}_q) END"""


def _least(days: int) -> int:
    return round(KNOWN * days * A_DAY)


HOURLY: Final[Mapping[str, Signal]] = {
    "calibration_age_days": Signal("calibration_age_days", unit="days"),
    "repeated_readings_pct": Signal("repeated_pct", unit="%"),
    "clock_error_s": Signal("clock_error_s", unit="s"),
}
TRENDS: Final[Mapping[str, Signal]] = {
    "battery_drain_rise_pct_per_day": Signal(
        f"""100 * {_slope("drain_pct_per_h", LONG_DAYS)}
        / NULLIF(drain_pct_per_h_y / drain_pct_per_h_n, 0)""",
        unit="% of the drain a day",
    ),
    "contact_fall_pct_per_day": Signal(
        f"-({_slope('contact_pct', SHORT_DAYS)})", unit="% a day"
    ),
    "spo2_gap_drift_pct_per_day": Signal(
        f"ABS({_slope('spo2_gap_pct', SLOW_DAYS)})", unit="% a day"
    ),
    "restarts_7d": Signal("restarts", unit="restarts"),
    "restart_trend_7d": Signal(
        f"""CASE WHEN quarters_n >= {_least(LONG_DAYS)} AND restarts > 0 THEN
        (CAST(restarts_q AS DOUBLE) / restarts - (quarter_no + first_quarter) / 2.0)
        * SQRT(12.0 * restarts) / (quarter_no - first_quarter + 1) END""",
        unit="standard deviations",
    ),
}
"""Signals of a quarter; the trend of restarts is Laplace's: above 0, they come faster.

It is how far their mean time lies behind the middle of the week, in standard
deviations of what it would be if they came evenly.
"""

SLIDING: Final[Mapping[str, Signal]] = {
    "probe_offs_1h": Signal("probe_offs_1h", unit="times"),
}

DEVICE_SIGNALS: Final[Mapping[str, Signal]] = {**HOURLY, **TRENDS, **SLIDING}
"""What patterns read of a device."""


def signals_views() -> tuple[str, str]:
    """Return the DDL of the view of each device's signals, and of what it reads.

    Columns: patient_id, device_id, ts, ts_ms (the end of the hour or quarter), and the
    signals; those of other rows are missing. The views of hours must exist.
    """
    rows = (
        _only(HOURLY, DEVICE_HOURS),
        _only(TRENDS, f"({_over_three_days()})"),
        _only(SLIDING, PROBE_HOURS),
    )
    beside = f"CREATE TEMPORARY VIEW {BESIDE_OTHERS} AS {_beside_others()}"
    union = "\nUNION ALL\n".join(rows)
    return beside, f"CREATE TEMPORARY VIEW {DEVICE_SIGNALS_VIEW} AS {union}"


def _only(signals: Mapping[str, Signal], rows: str) -> str:
    """Return the query for ``signals`` of ``rows``; the other signals are missing."""
    columns = (
        f"CAST({signals[name].sql if name in signals else 'NULL'} AS DOUBLE) AS {name}"
        for name in DEVICE_SIGNALS
    )
    return f"""
        SELECT patient_id, device_id, ts, ends_ms AS ts_ms, {", ".join(columns)}
        FROM {rows}"""


def _over_three_days() -> str:
    """Return the query for quarters with the sums of the last days and the last week.

    Only with what the outer rows need: each window keeps the rows that it slides over.
    """
    return f"""
        SELECT *, {_sums("contact_pct")} FROM ({_over_a_week()}) {_window(SHORT_DAYS)}
    """


def _over_a_week() -> str:
    return f"""
        SELECT patient_id, device_id, ts, ends_ms, quarter_no, contact_pct,
               {", ".join(_sums_of("spo2_gap_pct"))}, {_sums("drain_pct_per_h")},
               SUM(boots) OVER w AS restarts,
               SUM(boots * quarter_no) OVER w AS restarts_q,
               COUNT(quarter_no) OVER w AS quarters_n,
               MIN(quarter_no) OVER w AS first_quarter
        FROM ({_over_a_fortnight()})
        {_window(LONG_DAYS)}
    """


def _over_a_fortnight() -> str:
    return f"""
        SELECT patient_id, device_id, ts, ends_ms, quarter_no, contact_pct,
               drain_pct_per_h, boots, {_sums("spo2_gap_pct")}
        FROM ({_quarters()})
        {_window(SLOW_DAYS)}
    """


def _window(days: int) -> str:
    """Return the window of the last ``days``, this quarter included."""
    before = interval(days * DAY_MS - QUARTER_MS)
    return f"""WINDOW w AS (PARTITION BY device_id ORDER BY ts
        RANGE BETWEEN {before} PRECEDING AND CURRENT ROW)"""


def _quarters() -> str:
    return f"""
        SELECT device_id, MAX(patient_id) AS patient_id, window_time AS ts,
               ((MAX(ends_ms) - 1) / {QUARTER_MS} + 1) * {QUARTER_MS} AS ends_ms,
               (MAX(ends_ms) - 1) / {QUARTER_MS} AS quarter_no,
               AVG(drain_pct_per_h) AS drain_pct_per_h,
               AVG(contact_pct) AS contact_pct,
               AVG(spo2_gap_pct) AS spo2_gap_pct,
               SUM(boots) AS boots
        FROM TABLE(
            TUMBLE(TABLE {BESIDE_OTHERS}, DESCRIPTOR(ts), {interval(QUARTER_MS)}))
        GROUP BY device_id, window_start, window_end, window_time
    """


def _beside_others() -> str:
    """Return the query for the hours, each with its gap to the patient's other devices.

    The gap is said of one device alone, the one calibrated longest ago: of two that
    differ, nothing else says which is wrong.
    """
    return f"""
        SELECT patient_id, device_id, ts, ends_ms, boots, drain_pct_per_h, contact_pct,
               CASE WHEN devices > 1 AND calibrated_ms = oldest_ms
                    THEN spo2_pct - (spo2_sum - spo2_pct) / (devices - 1)
                    END AS spo2_gap_pct
        FROM (
            SELECT *, COUNT(spo2_pct) OVER w AS devices,
                   SUM(spo2_pct) OVER w AS spo2_sum,
                   MIN(CASE WHEN spo2_pct IS NOT NULL THEN calibrated_ms END) OVER w
                       AS oldest_ms
            FROM {DEVICE_HOURS}
            WINDOW w AS (PARTITION BY patient_id ORDER BY ts
                RANGE BETWEEN {interval(HOUR_MS // 2)} PRECEDING AND CURRENT ROW)
        )
    """
