"""The shape "burden": how far below a limit and for how long, as one number.

readings near the limit -> what each adds or takes -> the burden -> steps of runs

The burden is a sum that never falls below nothing: the running sum less its
lowest value so far. It is counted in thousandths, which are whole numbers, so
that readings left out far above the limit change nothing in the last digit.
"""

from typing import Final

from cep_patterns.pattern import Burden, Met
from jobs.sql import IN_TURN, interval

THOUSAND: Final = 1000

_DEVICE: Final = "PARTITION BY patient_id, device_id"
_SORTED: Final = f"{_DEVICE} ORDER BY ts"
_SO_FAR: Final = f"""{_DEVICE} ORDER BY turn
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"""


def near(pattern: Burden) -> Met:
    """Return the condition of the readings that make a run."""
    return Met(signal=pattern.signal, condition=pattern.condition)


def steps(pattern: Burden, rule: int, readings: str) -> str:
    """Return the query for the steps of ``pattern``, numbered ``rule``.

    ``readings`` is a query for the steps of :func:`near`, or of all readings, of each
    device in order of time.
    """
    index = round(pattern.index * THOUSAND)
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, {rule} AS rule, NOT calm AS hit,
               burden / {float(THOUSAND)} AS badness, overtaken_ms,
               TRUE AS may_open,
               burden >= {index} OR fallen >= {pattern.violations} AS complete
        FROM (
            SELECT *, balance - LEAST(lowest, 0) AS burden
            FROM (
                SELECT *, MIN(LEAST(balance, balance - added)) OVER ({_SO_FAR})
                          AS lowest
                FROM ({_balance(pattern, readings)})
            )
        )
    """


def _balance(pattern: Burden, readings: str) -> str:
    """Return the query for the readings, the sum so far, and how often it fell."""
    within = interval(pattern.within_s * 1000)
    return f"""
        SELECT *, SUM(added - decayed) OVER ({_SO_FAR}) AS balance
        FROM (
            SELECT *,
                   SUM(CASE WHEN under AND NOT before_under THEN 1 ELSE 0 END)
                OVER ({_SORTED} RANGE BETWEEN {within} PRECEDING AND CURRENT ROW)
                AS fallen
            FROM ({_changes(pattern, readings)})
        )
    """


def _changes(pattern: Burden, readings: str) -> str:
    """Return the query for the readings, and what each adds to the sum or takes."""
    thousandths = f"ROUND(({pattern.limit} - level) * {THOUSAND})"
    return f"""
        SELECT *,
               CASE WHEN calm THEN 0 ELSE CAST({thousandths} AS BIGINT) END AS added,
               CAST(COALESCE(ts_ms - calm_since_ms, 0) * {pattern.decay_most}
                    AS BIGINT) AS decayed
        FROM (
            SELECT *, CASE
                   WHEN before_calm THEN before_ms
                   WHEN before_overtaken_ms < ts_ms THEN before_overtaken_ms
                   END AS calm_since_ms
            FROM ({_neighbours(pattern, readings)})
        )
    """


def _neighbours(pattern: Burden, readings: str) -> str:
    """Return the query for the readings, each with the one before it."""
    return f"""
            SELECT *, level < {pattern.limit} AS under,
                   COALESCE(LAG(calm) OVER w, TRUE) AS before_calm,
                   COALESCE(LAG(level) OVER w < {pattern.limit}, FALSE) AS before_under,
                   LAG(ts_ms) OVER w AS before_ms,
                   LAG(overtaken_ms) OVER w AS before_overtaken_ms
            FROM (
                SELECT *, NOT hit AS calm, -badness AS level, {IN_TURN}
                FROM ({readings})
            )
            WINDOW w AS ({_DEVICE} ORDER BY turn)
    """
