"""Leave out the readings that cannot matter to any pattern.

readings -> in order of arrival: hits, and what comes right after -> sorted -> steps
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
from jobs.conditions import badness, bare, hit
from jobs.readings import READINGS
from jobs.signals import CONTINUOUS, FINGERPRINT, SIGNS_KNOWN
from jobs.sql import NEVER_MS
from producers.contract import VITALS

ARRIVALS: Final = "arrivals"
_NEAR: Final = "near_readings"
_ALL: Final = "all_readings"

OVERTAKERS: Final = 2 * (-(-VITALS.max_lateness_ms * VITALS.max_rate_hz // 1000) - 1)
"""How many readings of a device can come between one and the first that overtook it.

Each is less than the lateness allowance away from the overtaken one, on either
side, and they keep the distance that the contract promises.
"""

WRAP_MS: Final = 1 << 27
"""Lags carry time modulo this (37 hours), so that one number holds time and bits."""

MOST_PATTERNS: Final = 31
"""How many bits are left beside the time, and beside five that count up to as many."""

_COUNTS: Final = MOST_PATTERNS + 1
_FIRST_BIT: Final = WRAP_MS * _COUNTS
_PREDECESSORS: Final = range(1, OVERTAKERS + 1)


def arrivals_view(patterns: Sequence[Rule]) -> str:
    """Return the DDL of the view of readings, each with what arrived before it.

    ``packed`` is its time, how many patterns it is a hit of, and a calm bit for
    each pattern: 1 where it is none. ``packed_k`` is that of the k-th before.
    """
    lags = ", ".join(f"LAG(packed, {k}) OVER w AS packed_{k}" for k in _PREDECESSORS)
    return f"""
        CREATE TEMPORARY VIEW {ARRIVALS} AS
        SELECT *, {lags}
        FROM (SELECT *, PROCTIME() AS arrival FROM ({_packed(patterns)}))
        WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY arrival)
    """


def near_view() -> str:
    """Return the DDL of the view of readings that are a step of any pattern.

    In order of time, device by device. The view of arrivals must exist.
    """
    hits = f"MOD(packed / {WRAP_MS}, {_COUNTS}) > 0"
    changes = " OR ".join(
        f"packed / {_FIRST_BIT} <> packed_{k} / {_FIRST_BIT}" for k in _PREDECESSORS
    )
    return _sorted(_NEAR, f"SELECT * FROM {ARRIVALS} WHERE {hits} OR {changes}")


def all_view() -> str:
    """Return the DDL of the same view of all readings: what thinning starts from."""
    return _sorted(_ALL, f"SELECT * FROM {READINGS}")


def steps(patterns: Mapping[int, Rule]) -> str:
    """Return the query for the steps of ``patterns`` that can matter.

    In order of time, device by device; the view of readings near must exist. Columns:
    patient_id, device_id, ts, ts_ms, rule (its number in the view of arrivals), hit,
    badness (the signal, signed so that more is worse), overtaken_ms.
    """
    looks = ", ".join(_look(rule, pattern) for rule, pattern in patterns.items())
    uneasy = " OR ".join(f"NOT ({_calm(f'packed_{k}')})" for k in _PREDECESSORS)
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, rule, NOT ({_calm("packed")}) AS hit,
               badness, LEAST({", ".join(map(_overtaker_ms, _PREDECESSORS))})
                        AS overtaken_ms
        FROM (SELECT *, ARRAY[{looks}] AS looks FROM {_NEAR})
        CROSS JOIN UNNEST(looks) AS look (rule, place, badness)
        WHERE badness IS NOT NULL AND (NOT ({_calm("packed")}) OR {uneasy})
    """


def all_steps(patterns: Mapping[int, Rule]) -> str:
    """Return the query for every step of ``patterns``, in the view of all readings."""
    return "\nUNION ALL\n".join(
        f"""
        SELECT patient_id, device_id, ts, ts_ms, {rule} AS rule,
               {hit(pattern)} AS hit, {badness(pattern)} AS badness,
               CAST({NEVER_MS} AS BIGINT) AS overtaken_ms
        FROM {_ALL}
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


def _packed(patterns: Sequence[Rule]) -> str:
    """Return the query for readings, with all that ``packed`` says of each."""
    columns = ["patient_id", "device_id", "ts", "ts_ms"]
    columns += sorted({*CONTINUOUS, *(pattern.signal for pattern in patterns)})
    of_signals = _by_signal(patterns)
    bits = " + ".join(map(_bits, of_signals, of_signals.values())) or "0"
    return f"""
        SELECT {", ".join(columns)}, {bits} + MOD(ts_ms, {WRAP_MS}) AS packed
        FROM {READINGS}
    """


def _sorted(view: str, readings: str) -> str:
    """Return the DDL of the view of ``readings``, of each device in order of time.

    An OVER in event time sorts for whoever asks it for something.
    """
    return f"""
        CREATE TEMPORARY VIEW {view} AS
        SELECT *
        FROM (
            SELECT *, MAX(ts_ms) OVER (PARTITION BY device_id ORDER BY ts) AS latest_ms
            FROM ({readings})
        )
        WHERE latest_ms >= ts_ms
    """


def _by_signal(patterns: Sequence[Rule]) -> Mapping[str, Mapping[int, Rule]]:
    """Return the patterns, by their index, of each signal."""
    of_signals: dict[str, dict[int, Rule]] = {}
    for rule, pattern in enumerate(patterns):
        of_signals.setdefault(pattern.signal, {})[rule] = pattern
    return of_signals


def _bits(signal: str, patterns: Mapping[int, Rule]) -> str:
    """Return what the patterns of ``signal`` add to ``packed``.

    Nearly always the signal lies within the bounds of all, and that is one comparison.
    """
    within = " AND ".join(f"NOT ({bare(pattern)})" for pattern in patterns.values())
    calm = sum(_FIRST_BIT << rule for rule in patterns)
    each = " + ".join(
        f"CASE WHEN {hit(pattern)} THEN CAST({WRAP_MS} AS BIGINT)"
        f" ELSE CAST({_FIRST_BIT << rule} AS BIGINT) END"
        for rule, pattern in patterns.items()
    )
    return f"""CASE
        WHEN {within} THEN CAST({calm} AS BIGINT)
        WHEN {signal} IS NOT NULL THEN {each}
        ELSE CAST(0 AS BIGINT) END"""


def _look(rule: int, pattern: Rule) -> str:
    """Return how a reading looks to ``pattern``, whose bit is at ``place``.

    All else follows from the bits, the same way for all patterns: little to compile.
    """
    return f"ROW({rule}, CAST({_FIRST_BIT << rule} AS BIGINT), {badness(pattern)})"


def _calm(packed: str) -> str:
    return f"MOD({packed} / place, 2) = 1"


def _overtaker_ms(k: int) -> str:
    """Return the time of the ``k``-th predecessor if calm and later, else never."""
    return f"""CASE
        WHEN {_calm(f"packed_{k}")} AND {_before_ms(k)} > ts_ms
             AND {_before_ms(k)} <= ts_ms + {VITALS.max_lateness_ms}
        THEN {_before_ms(k)} ELSE {NEVER_MS} END"""


def _before_ms(k: int) -> str:
    """Return the time of the ``k``-th predecessor, unwrapped."""
    apart_ms = f"MOD(packed_{k}, {WRAP_MS}) - MOD(ts_ms, {WRAP_MS})"
    half_ms = WRAP_MS // 2
    return f"""(ts_ms + MOD({apart_ms} + {WRAP_MS + half_ms}, {WRAP_MS}) - {half_ms})"""
