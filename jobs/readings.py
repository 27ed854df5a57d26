"""The readings that windows and patterns may use, as SQL.

vitals (decoded) -> whole, plausible, on time -> readings
                 -> whole, plausible          -> past_readings

A value that no sensor can mean is left out and counted; the rest of its
message is used. ``producers.validation`` says the same of the original bytes, and
writes down why.
"""

from typing import Final

from jobs.demands import demands
from jobs.signals import SIGNALS
from jobs.tables import table_of
from producers.contract import VITALS
from producers.schema import Column

READINGS: Final = "readings"
LATE_READINGS: Final = "late_readings"
PAST_READINGS: Final = "past_readings"

_DEMANDS: Final = demands(VITALS)
_STATES: Final = tuple(
    column
    for column in VITALS.columns
    if column.name in {"on_oxygen", "consciousness", "activity"}
)
"""What is said of the patient in words; another word than those allowed is none."""

_LATE: Final = "ts <= CURRENT_WATERMARK(ts)"


def readings_view() -> str:
    """Return the DDL of the view of usable readings that came in time.

    The watermark is a column that is asked twice. So Flink keeps it, and the signals
    with it, apart from what reads the view: else it would work out each signal anew
    wherever a pattern names it.
    """
    return f"""
        CREATE TEMPORARY VIEW IF NOT EXISTS {READINGS} AS
        SELECT *
        FROM ({_usable(", CURRENT_WATERMARK(ts) AS reached")})
        WHERE reached IS NULL OR ts > reached
    """


def past_readings_view() -> str:
    """Return the DDL of the same view for a batch, where nothing is late."""
    return f"CREATE TEMPORARY VIEW IF NOT EXISTS {PAST_READINGS} AS {_usable()}"


def _usable(further: str = "") -> str:
    return f"""
        SELECT ts, ts_ms, patient_id, device_id,
               {", ".join(map(_allowed, _STATES))},
               {", ".join(f"{each.sql} AS {name}" for name, each in SIGNALS.items())}
               {further}
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS}
    """


def _allowed(state: Column) -> str:
    if not state.one_of:
        return state.name
    words = ", ".join(f"'{word}'" for word in state.one_of)
    return f"CASE WHEN {state.name} IN ({words}) THEN {state.name} END AS {state.name}"


def late_readings_view() -> str:
    """Return the DDL of the view of readings behind the watermark."""
    return f"""
        CREATE TEMPORARY VIEW {LATE_READINGS} AS
        SELECT {", ".join(column.name for column in VITALS.columns)},
               source_partition, source_offset
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS} AND {_LATE}
    """
