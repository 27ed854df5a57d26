"""A device's slots of the clock, as seen by the first reading of each.

heartbeats           -> slots -> steps of runs
readings without time ->

Slots stand in for readings where a pattern spans minutes, so that state and
timers are one a slot.
"""

from collections.abc import Mapping
from typing import Final

from cep_patterns.pattern import SLOT_S, Single
from jobs.conditions import badness, hit
from jobs.readings import WITHOUT_TIME
from jobs.signals import SLOT_SIGNALS
from jobs.sql import IN_TURN, NEVER_MS, interval
from jobs.thinning import heartbeats

SLOTS: Final = "slots"
SLOT_MS: Final = SLOT_S * 1000


_MATTERS: Final[Mapping[str, str]] = {
    "frozen_signs": """fingerprint_max = fingerprint_before
        OR fingerprint_before = fingerprint_before_that""",
    "unusable_times": "without_time > 0 OR without_time_before > 0",
}
"""Of each signal of slots, where it or the one before can be a hit."""


def slots_view() -> str:
    """Return the DDL of the view of slots with a reading, a row a device and slot.

    Each with what all that read it want of the slots before: so Flink plans it once
    for all of them. The views ``arrivals`` and ``readings_without_time`` must exist.
    """
    return f"""
        CREATE TEMPORARY VIEW {SLOTS} AS
        WITH heartbeats AS (
            SELECT *, 0 AS without_time FROM ({heartbeats(SLOT_MS)})
            UNION ALL
            SELECT patient_id, device_id, ts, ts_ms,
                   CAST(NULL AS STRING) AS fingerprint,
                   CAST(NULL AS INT) AS signs_known, 1 AS without_time
            FROM {WITHOUT_TIME}
        ),
        heard AS (
            SELECT patient_id, device_id, window_time AS heard_at,
                   MAX(ts_ms) / {SLOT_MS} * {SLOT_MS} AS slot_ms,
                   MIN(fingerprint) AS fingerprint_min,
                   MAX(fingerprint) AS fingerprint_max,
                   MIN(signs_known) AS signs_known,
                   SUM(without_time) AS without_time
            FROM TABLE(TUMBLE(TABLE heartbeats, DESCRIPTOR(ts), {interval(SLOT_MS)}))
            GROUP BY patient_id, device_id, window_start, window_end, window_time
        )
        SELECT *, LAG(slot_ms) OVER w AS before_ms,
               LAG(without_time) OVER w AS without_time_before,
               LAG(fingerprint_max) OVER w AS fingerprint_before,
               LAG(fingerprint_max, 2) OVER w AS fingerprint_before_that
        FROM (SELECT *, {IN_TURN} FROM heard)
        WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY turn)
    """


def steps(pattern: Single, rule: int) -> str:
    """Return the query for the slots as ``pattern`` sees them, numbered ``rule``.

    Nearly all slots are no hit, nor was the one before. Such a slot cannot even end a
    run, and is left out.
    """
    return f"""
        SELECT patient_id, device_id, heard_at AS ts, slot_ms AS ts_ms,
               {rule} AS rule, {hit(pattern)} AS hit, {badness(pattern)} AS badness,
               CAST({NEVER_MS} AS BIGINT) AS overtaken_ms,
               TRUE AS may_open, FALSE AS complete
        FROM (
            SELECT *, {SLOT_SIGNALS[pattern.signal].sql} AS {pattern.signal}
            FROM {SLOTS}
            WHERE {_MATTERS[pattern.signal]}
        )
    """
