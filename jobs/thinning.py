"""Leave out the readings that cannot matter to any pattern.

readings -> in order of arrival: hits, and what comes right after -> steps
                                 first of its slot                -> heartbeats

Nearly all readings are calm, and sorting them by event time is what costs. So
most are dropped in order of arrival, where nothing waits and nothing is
sorted. A *step* is one reading seen by one held pattern: a hit, or a calm
reading that may end a run of hits. A reading without the pattern's signal is
no step. A step is kept when it is

* a hit, or
* calm where one of the last readings before it was not: a hit, or one without
  the signal, behind which a run may have ended unseen.

A calm reading that arrived *before* an earlier hit is gone by then. Those that
can have overtaken a hit are among its last few predecessors, so each hit
carries the time of the earliest of them, ``overtaken_ms``.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from cep_patterns.pattern import Rule
from jobs.conditions import badness, hit, signals
from jobs.readings import READINGS
from jobs.signals import CONTINUOUS, FINGERPRINT, SIGNS_KNOWN
from jobs.sql import NEVER_MS
from producers.contract import VITALS

ARRIVALS: Final = "arrivals"

OVERTAKERS: Final = 2 * (-(-VITALS.max_lateness_ms * VITALS.max_rate_hz // 1000) - 1)
"""How many readings of a device can come between one and the first that overtook it.

Each is less than the lateness allowance away from the overtaken one, on either
side, and they keep the distance that the contract promises.
"""

WRAP_MS: Final = 1 << 30
"""Lags carry time modulo this (12 days), so that one number holds time and bits."""

MOST_PATTERNS: Final = 63 - 30
"""How many bits are left beside the time."""

_PREDECESSORS: Final = range(1, OVERTAKERS + 1)
_BITS: Final = f"packed / {WRAP_MS}"


def arrivals_view(patterns: Sequence[Rule]) -> str:
    """Return the DDL of the view of readings, each with what arrived before it.

    ``packed`` is its time and a calm bit for each pattern, ``packed_k`` those of
    the k-th reading before.
    """
    columns = ["patient_id", "device_id", "ts", "ts_ms", "activity"]
    columns += sorted({*CONTINUOUS, *signals(patterns)})
    calm_bits = " + ".join(map(_calm_bit, range(len(patterns)), patterns)) or "0"
    lags = ", ".join(f"LAG(packed, {k}) OVER w AS packed_{k}" for k in _PREDECESSORS)
    return f"""
        CREATE TEMPORARY VIEW {ARRIVALS} AS
        SELECT *, {lags}
        FROM (
            SELECT {", ".join(columns)}, PROCTIME() AS arrival,
                   ({calm_bits}) * {WRAP_MS} + MOD(ts_ms, {WRAP_MS}) AS packed
            FROM {READINGS}
        )
        WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY arrival)
    """


def steps(patterns: Mapping[int, Rule]) -> str:
    """Return the query for the steps of ``patterns`` that can matter.

    Columns: patient_id, device_id, ts, ts_ms, rule (its number in the view), hit,
    badness (the signal, signed so that more is worse), overtaken_ms.
    """
    each = ", ".join(_step(rule, pattern) for rule, pattern in patterns.items())
    hits = " OR ".join(map(hit, patterns.values()))
    changes = " OR ".join(f"{_BITS} <> packed_{k} / {WRAP_MS}" for k in _PREDECESSORS)
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, rule, hit, badness, overtaken_ms
        FROM (
            SELECT *, ARRAY[{each}] AS steps FROM {ARRIVALS} WHERE {hits} OR {changes}
        )
        CROSS JOIN UNNEST(steps) AS step (rule, hit, near, badness, overtaken_ms)
        WHERE near
    """


def readings_near(rule: int, near: Rule) -> str:
    """Return the query for the readings that meet ``near``, and the calm beside them.

    Columns: patient_id, device_id, ts, ts_ms, level (the signal), calm,
    overtaken_ms. In the view, ``near`` is number ``rule``.
    """
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, {near.signal} AS level,
               NOT {hit(near)} AS calm, {_overtaken_ms(rule)} AS overtaken_ms
        FROM {ARRIVALS}
        WHERE {_is_near(rule, near)}
    """


def all_readings(rule: int, near: Rule) -> str:  # noqa: ARG001 - as readings_near
    """Return the query for every reading with the signal: what thinning starts from."""
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, {near.signal} AS level,
               NOT {hit(near)} AS calm, CAST({NEVER_MS} AS BIGINT) AS overtaken_ms
        FROM {READINGS}
        WHERE {near.signal} IS NOT NULL
    """


def all_steps(patterns: Mapping[int, Rule]) -> str:
    """Return the query for every step of ``patterns``: what thinning starts from."""
    return "\nUNION ALL\n".join(
        f"""
        SELECT patient_id, device_id, ts, ts_ms, {rule} AS rule,
               {hit(pattern)} AS hit, {badness(pattern)} AS badness,
               CAST({NEVER_MS} AS BIGINT) AS overtaken_ms
        FROM {READINGS}
        WHERE {pattern.signal} IS NOT NULL
        """
        for rule, pattern in patterns.items()
    )


def heartbeats(slot_ms: int) -> str:
    """Return the query for the readings that arrive first in a slot of the clock."""
    before_ms = _before_ms(1)
    return f"""
        SELECT patient_id, device_id, ts, ts_ms,
               {FINGERPRINT} AS fingerprint, {SIGNS_KNOWN} AS signs_known
        FROM {ARRIVALS}
        WHERE packed_1 IS NULL OR ts_ms / {slot_ms} <> {before_ms} / {slot_ms}
    """


def _calm_bit(rule: int, pattern: Rule) -> str:
    return (
        f"CASE WHEN NOT ({hit(pattern)}) THEN CAST({1 << rule} AS BIGINT)"
        " ELSE CAST(0 AS BIGINT) END"
    )


def _step(rule: int, pattern: Rule) -> str:
    return f"""ROW(
        {rule},
        {hit(pattern)},
        {_is_near(rule, pattern)},
        {badness(pattern)},
        {_overtaken_ms(rule)})"""


def _is_near(rule: int, pattern: Rule) -> str:
    uneasy = " OR ".join(f"NOT ({_was_calm(rule, k)})" for k in _PREDECESSORS)
    return f"{pattern.signal} IS NOT NULL AND ({hit(pattern)} OR {uneasy})"


def _overtaken_ms(rule: int) -> str:
    return f"LEAST({', '.join(_overtaker_ms(rule, k) for k in _PREDECESSORS)})"


def _overtaker_ms(rule: int, k: int) -> str:
    """Return the time of the ``k``-th predecessor if calm and later, else never."""
    return f"""CASE
        WHEN {_was_calm(rule, k)} AND {_before_ms(k)} > ts_ms
             AND {_before_ms(k)} <= ts_ms + {VITALS.max_lateness_ms}
        THEN {_before_ms(k)} ELSE {NEVER_MS} END"""


def _was_calm(rule: int, k: int) -> str:
    return f"MOD(packed_{k} / {WRAP_MS << rule}, 2) = 1"


def _before_ms(k: int) -> str:
    """Return the time of the ``k``-th predecessor, unwrapped."""
    apart_ms = f"MOD(packed_{k}, {WRAP_MS}) - MOD(ts_ms, {WRAP_MS})"
    half_ms = WRAP_MS // 2
    return f"""(ts_ms + MOD({apart_ms} + {WRAP_MS + half_ms}, {WRAP_MS}) - {half_ms})"""
