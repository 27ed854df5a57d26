"""The shape "followed": a held condition that begins soon after another was true.

steps of both -> steps of the second, each with whether it may open a run

A run opens only if the patient's last reading that met the first condition is
recent enough; from there on it is a run like any other.
"""

from collections.abc import Sequence
from typing import Final

from cep_patterns.pattern import Followed, Met, Single
from jobs.matches import by_rule

_ANY_TIME: Final = "CAST(NULL AS INT)"


def mets(patterns: Sequence[Single]) -> list[Met]:
    """Return what some of ``patterns`` follow, in their order."""
    return [pattern.after for pattern in patterns if isinstance(pattern, Followed)]


def concerned(patterns: Sequence[Single]) -> set[int]:
    """Return the numbers of the rules that follow or are followed.

    The rules of what is followed come after those of ``patterns``.
    """
    follow = {i for i, p in enumerate(patterns) if isinstance(p, Followed)}
    return follow | {len(patterns) + k for k in range(len(follow))}


def steps_anytime(steps: str) -> str:
    """Return the query for ``steps`` of rules that follow nothing."""
    return f"SELECT *, TRUE AS may_open, FALSE AS complete FROM ({steps})"


def steps_after(patterns: Sequence[Single], steps: str) -> str:
    """Return the query for ``steps`` that follow, and whether each may open a run.

    In ``steps`` are those of the rules of :func:`concerned`.
    """
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, rule, hit, badness, overtaken_ms,
               COALESCE(ts_ms <= met_ms + within_ms, FALSE) AS may_open,
               FALSE AS complete
        FROM (
            SELECT *,
                   {by_rule(patterns, _within_ms)} AS within_ms,
                   MAX(CASE WHEN hit AND rule >= {len(patterns)} THEN ts_ms END)
                   OVER (PARTITION BY patient_id, same ORDER BY ts) AS met_ms
            FROM (SELECT *, {_same(patterns)} AS same FROM ({steps}))
        )
        WHERE rule < {len(patterns)}
    """


def _within_ms(pattern: Single) -> object:
    return pattern.within_s * 1000 if isinstance(pattern, Followed) else _ANY_TIME


def _same(patterns: Sequence[Single]) -> str:
    """Return the number that what is followed shares with what follows it."""
    following = (i for i, p in enumerate(patterns) if isinstance(p, Followed))
    cases = (f"WHEN {len(patterns) + k} THEN {i}" for k, i in enumerate(following))
    return f"CASE rule {' '.join(cases)} ELSE rule END"
