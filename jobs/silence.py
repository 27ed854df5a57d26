"""The shape "silent": a device that sent readings, and then none.

heartbeats -> slots with a reading -> matches, when silent and when heard again

Slots of the clock stand in for readings, so that state and timers are one a
slot. A silence begins with its first empty slot and ends with its last one.
"""

from typing import Final

from cep_patterns.pattern import Silent
from jobs.matches import as_matches
from jobs.sql import interval

SLOTS: Final = "slots"


def slots_view(pattern: Silent, heartbeats: str) -> str:
    """Return the DDL of the view of slots with a reading, a row a device and slot."""
    slot_ms = pattern.slot_s * 1000
    return f"""
        CREATE TEMPORARY VIEW {SLOTS} AS
        WITH heartbeats AS ({heartbeats})
        SELECT patient_id, device_id, window_time AS heard_at,
               MAX(ts_ms) / {slot_ms} * {slot_ms} AS slot_ms
        FROM TABLE(TUMBLE(TABLE heartbeats, DESCRIPTOR(ts), {interval(slot_ms)}))
        GROUP BY patient_id, device_id, window_start, window_end, window_time
    """


def found(pattern: Silent) -> str:
    """Return the query for each silence, once, after its last demanded empty slot."""
    slot_ms = pattern.slot_s * 1000
    silent_ms = pattern.slots * slot_ms
    occurrences = f"""
        SELECT patient_id, device_id, 0 AS rule,
               MAX(slot_ms) + {slot_ms} AS started_ms,
               CAST(NULL AS BIGINT) AS ended_ms,
               MAX(slot_ms) + {slot_ms + silent_ms} AS ts_ms,
               CAST(NULL AS DOUBLE) AS observed
        FROM TABLE(SESSION(
            TABLE {SLOTS} PARTITION BY (patient_id, device_id),
            DESCRIPTOR(heard_at), {interval(silent_ms)}))
        GROUP BY patient_id, device_id, window_start, window_end
    """
    return as_matches([pattern], phase="ongoing", occurrences=occurrences)


def over(pattern: Silent) -> str:
    """Return the query for each silence, once, when a reading has ended it."""
    slot_ms = pattern.slot_s * 1000
    occurrences = f"""
        SELECT patient_id, device_id, 0 AS rule,
               before_ms + {slot_ms} AS started_ms,
               slot_ms AS ended_ms,
               slot_ms + {slot_ms} AS ts_ms,
               CAST(NULL AS DOUBLE) AS observed
        FROM (
            SELECT *, LAG(slot_ms) OVER w AS before_ms
            FROM {SLOTS}
            WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY heard_at)
        )
        WHERE slot_ms - before_ms > {pattern.slots * slot_ms}
    """
    return as_matches([pattern], phase="ended", occurrences=occurrences)
