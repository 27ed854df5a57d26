"""The readings that windows and patterns may use, as SQL.

vitals (decoded) -> whole, plausible, on time -> readings

A value that no sensor can mean is left out and counted; the rest of its
message is used. ``jobs.validity`` says the same of the original bytes, and
writes down why.
"""

from typing import Final

from jobs.signals import SIGNALS
from jobs.sql import interval
from jobs.tables import table_of
from producers.contract import VITALS

READINGS: Final = "readings"
LATE_READINGS: Final = "late_readings"

_DEMANDS: Final = " AND ".join(
    (
        "ts_ms IS NOT NULL",
        f"ts <= arrived + {interval(VITALS.max_ahead_ms)}",
        f"ts >= arrived - {interval(VITALS.max_age_ms)}",
        *(
            f"CHAR_LENGTH({column.name}) BETWEEN 1 AND {column.max_length}"
            for column in VITALS.columns
            if column.max_length
        ),
    )
)
_LATE: Final = "ts <= CURRENT_WATERMARK(ts)"
_ON_TIME: Final = "COALESCE(ts > CURRENT_WATERMARK(ts), TRUE)"


def readings_view() -> str:
    """Return the DDL of the view of usable readings that came in time."""
    return f"""
        CREATE TEMPORARY VIEW {READINGS} AS
        SELECT ts, ts_ms, patient_id, device_id, activity,
               {", ".join(f"{sql} AS {name}" for name, sql in SIGNALS.items())}
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS} AND {_ON_TIME}
    """


def late_readings_view() -> str:
    """Return the DDL of the view of readings behind the watermark."""
    return f"""
        CREATE TEMPORARY VIEW {LATE_READINGS} AS
        SELECT {", ".join(column.name for column in VITALS.columns)},
               source_partition, source_offset
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS} AND {_LATE}
    """
