"""Statistics of the vital signs in windows of the clock, as SQL.

readings -> 10 s a patient -> 1 min a patient

The minute is made of its six windows, so that each reading is summed once.
"""

from typing import Final

from jobs.readings import READINGS
from jobs.sql import interval
from producers.contract import VITAL_SIGNS

TEN_SECONDS: Final = "windows_10s"
ONE_MINUTE: Final = "windows_1m"

_SIGNS: Final = tuple(sign.name for sign in VITAL_SIGNS)


def ten_seconds_view() -> str:
    """Return the DDL of the view of sums, counts and extremes of each 10 s."""
    sums = ", ".join(
        f"SUM({s}) AS {s}_sum, COUNT({s}) AS {s}_count,"
        f" MIN({s}) AS {s}_min, MAX({s}) AS {s}_max"
        for s in _SIGNS
    )
    return _windows(TEN_SECONDS, READINGS, "ts", 10_000, sums)


def one_minute_view() -> str:
    """Return the DDL of the same view of each minute."""
    sums = ", ".join(
        f"SUM({s}_sum) AS {s}_sum, SUM({s}_count) AS {s}_count,"
        f" MIN({s}_min) AS {s}_min, MAX({s}_max) AS {s}_max"
        for s in _SIGNS
    )
    return _windows(ONE_MINUTE, TEN_SECONDS, "windowed_at", 60_000, sums)


def statistics(view: str) -> str:
    """Return the query for what is stored: mean, min, max and count of each sign.

    A sign without a usable reading in a window has no statistics there. Counts
    are floats, because a column of whole numbers and gaps becomes one in Python,
    and the database refuses a field that is now this and now that.
    """
    columns = ", ".join(
        f"{s}_sum / {s}_count AS {s}_mean, {s}_min, {s}_max,"
        f" CAST(NULLIF({s}_count, 0) AS DOUBLE) AS {s}_count"
        for s in _SIGNS
    )
    return f"SELECT patient_id, ts_ms, {columns} FROM {view}"


def _windows(view: str, source: str, at: str, length_ms: int, sums: str) -> str:
    return f"""
        CREATE TEMPORARY VIEW {view} AS
        SELECT patient_id, window_time AS windowed_at,
               MIN(ts_ms) / {length_ms} * {length_ms} AS ts_ms, {sums}
        FROM TABLE(TUMBLE(TABLE {source}, DESCRIPTOR({at}), {interval(length_ms)}))
        GROUP BY patient_id, window_start, window_end, window_time
    """
