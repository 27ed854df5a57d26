"""The shape "silent": a device that sent readings, and then none.

slots with a reading -> matches, when silent and when heard again

A silence begins with its first empty slot and ends with its last one.
"""

from cep_patterns.pattern import Silent
from jobs.matches import as_matches
from jobs.slots import SLOT_MS, SLOTS
from jobs.sql import interval


def found(pattern: Silent) -> str:
    """Return the query for each silence, once, after its last demanded empty slot."""
    silent_ms = pattern.slots * SLOT_MS
    occurrences = f"""
        SELECT patient_id, device_id, 0 AS rule, 'ongoing' AS phase,
               MAX(slot_ms) + {SLOT_MS} AS started_ms,
               CAST(NULL AS BIGINT) AS ended_ms,
               MAX(slot_ms) + {SLOT_MS + silent_ms} AS ts_ms,
               CAST(NULL AS DOUBLE) AS limit_value,
               CAST(NULL AS DOUBLE) AS observed
        FROM TABLE(SESSION(
            TABLE {SLOTS} PARTITION BY (patient_id, device_id),
            DESCRIPTOR(heard_at), {interval(silent_ms)}))
        GROUP BY patient_id, device_id, window_start, window_end
    """
    return as_matches([pattern], occurrences=occurrences)


def over(pattern: Silent) -> str:
    """Return the query for each silence, once, when a reading has ended it."""
    occurrences = f"""
        SELECT patient_id, device_id, 0 AS rule, 'ended' AS phase,
               before_ms + {SLOT_MS} AS started_ms,
               slot_ms AS ended_ms,
               slot_ms + {SLOT_MS} AS ts_ms,
               CAST(NULL AS DOUBLE) AS limit_value,
               CAST(NULL AS DOUBLE) AS observed
        FROM {SLOTS}
        WHERE slot_ms - before_ms > {pattern.slots * SLOT_MS}
    """
    return as_matches([pattern], occurrences=occurrences)
