"""The readings that windows and patterns may use, as SQL.

vitals (decoded) -> whole, plausible, on time -> readings
                 -> whole, plausible          -> past_readings
                 -> without a usable time     -> readings_without_time

A value that no sensor can mean is left out and counted; the rest of its
message is used. ``producers.validation`` says the same of the original bytes, and
writes down why.
"""

from typing import Final

from jobs.demands import demands, flag, has
from jobs.signals import SIGNALS
from jobs.sql import ms_of
from jobs.tables import is_flag, says_when, table_of
from producers.contract import VITALS
from producers.schema import Column

READINGS: Final = "readings"
LATE_READINGS: Final = "late_readings"
PAST_READINGS: Final = "past_readings"
WITHOUT_TIME: Final = "readings_without_time"

_DEMANDS: Final = demands(VITALS)
_HAS_IDS: Final = has(VITALS, "patient_id", "device_id")
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
        FROM ({usable_readings(", CURRENT_WATERMARK(ts) AS reached")})
        WHERE reached IS NULL OR ts > reached
    """


def past_readings_view() -> str:
    """Return the DDL of the same view for a batch, where nothing is late."""
    return f"CREATE TEMPORARY VIEW IF NOT EXISTS {PAST_READINGS} AS {usable_readings()}"


def usable_readings(further: str = "") -> str:
    """Return the query for usable readings, late or not, with ``further`` columns."""
    return f"""
        SELECT ts, ts_ms, patient_id, device_id,
               {", ".join(map(_allowed, _STATES))},
               {", ".join(f"{each.sql} AS {name}" for name, each in SIGNALS.items())}
               {further}
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS}
    """


def without_time_view() -> str:
    """Return the DDL of the view of readings of which nobody knows when they were true.

    Columns: patient_id, device_id; ts and ts_ms say when they arrived. Nearly every
    reading says when; it is left out before anybody looks at its ids, which Flink would
    copy for that. So they are looked at behind the watermark, as in ``readings_view``.
    """
    return f"""
        CREATE TEMPORARY VIEW IF NOT EXISTS {WITHOUT_TIME} AS
        SELECT patient_id, device_id, ts, ts_ms
        FROM (
            SELECT patient_id, device_id, ts, {ms_of("ts")} AS ts_ms,
                   CURRENT_WATERMARK(ts) AS reached
            FROM {table_of(VITALS)}
            WHERE COALESCE(NOT ({says_when(VITALS)}), TRUE)
        )
        WHERE (reached IS NULL OR ts > reached) AND {_HAS_IDS}
    """


def _allowed(state: Column) -> str:
    if is_flag(state):
        return f"{flag(state)} AS {state.name}"
    if not state.one_of:
        return state.name
    words = ", ".join(f"'{word}'" for word in state.one_of)
    return f"CASE WHEN {state.name} IN ({words}) THEN {state.name} END AS {state.name}"


def late_readings_view() -> str:
    """Return the DDL of the view of readings behind the watermark.

    Of a word that is none of those allowed nothing is left: it may be so long that no
    topic takes it once more.
    """
    return f"""
        CREATE TEMPORARY VIEW {LATE_READINGS} AS
        SELECT {", ".join(map(_allowed, VITALS.columns))},
               source_partition, source_offset
        FROM {table_of(VITALS)}
        WHERE {_DEMANDS} AND {_LATE}
    """
