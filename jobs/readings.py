"""The readings that windows and patterns may use, as SQL.

vitals (decoded) -> whole, plausible, on time -> readings

A value that no sensor can mean is left out and counted; the rest of its
message is used. ``jobs.validity`` says the same of the original bytes, and
writes down why.
"""

from typing import Final

from jobs.sql import interval
from jobs.tables import table_of
from producers.contract import VITAL_SIGNS, VITALS
from producers.schema import Column

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
        SELECT ts, ts_ms, patient_id, device_id,
               {", ".join(f"{_usable(sign)} AS {sign.name}" for sign in VITAL_SIGNS)},
               {" + ".join(map(_unusable, VITAL_SIGNS))} AS unusable_values
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


def _usable(sign: Column) -> str:
    return f"CASE WHEN {_plausible(sign)} THEN {sign.name} END"


def _unusable(sign: Column) -> str:
    return f"CASE WHEN {sign.name} IS NULL OR ({_plausible(sign)}) THEN 0 ELSE 1 END"


def _plausible(sign: Column) -> str:
    if sign.plausible is None:
        return "TRUE"
    upper = "<=" if sign.plausible.upper_included else "<"
    return (
        f"{sign.name} > {sign.plausible.above}"
        f" AND {sign.name} {upper} {sign.plausible.below}"
    )
