"""A patient's own limits, as SQL: what the pattern says, unless a clinician says more.

steps + limits (as they were at the time of each) -> judged steps

A limit holds from its own time on, until the next one for the same patient and
pattern does, but for a month at most: then it is forgotten with the patient, if
he has gone, or to be thought over. A reading of yesterday is judged by the limit
of yesterday. Readings were thinned by the tightest limit that any patient may
have, so none is missed here.
"""

from collections.abc import Callable, Sequence
from typing import Final

from cep_patterns.pattern import Adjustable, Burden, Run
from jobs.conditions import excludes_its_bound, own_limit, sign
from jobs.matches import by_rule
from jobs.tables import table_of
from producers.contract import LIMIT_HOLDS_MS, LIMITS

_STEP: Final = (
    "patient_id, device_id, ts, ts_ms, rule, badness, overtaken_ms, may_open, complete"
)


def judged(patterns: Sequence[Run], steps: str) -> str:
    """Return the query for ``steps``, each by the limit that holds for its patient.

    It adds ``limit_value``, and takes hits back that are none by that limit.
    """
    if not any(map(own_limit, patterns)):
        return by_usual(patterns, steps)
    worse = f"{by_rule(patterns, sign)} * limit_value"
    excluded = by_rule(patterns, excludes_its_bound)
    return f"""
        SELECT {_STEP}, limit_value,
               hit AND CASE WHEN own_lowest IS NULL THEN TRUE
                            WHEN {excluded} THEN badness > {worse}
                            ELSE badness >= {worse} END AS hit
        FROM (
            SELECT *, CASE WHEN own_lowest IS NULL THEN usual ELSE GREATEST(own_lowest,
                          LEAST(own_highest, COALESCE(own, usual))) END AS limit_value
            FROM ({_with_own(patterns, steps)})
        )
    """


def by_usual(patterns: Sequence[Run], steps: str) -> str:
    """Return the same for steps of patterns whose limits are nobody's own."""
    limit = _double(by_rule(patterns, bound))
    return f"SELECT {_STEP}, {limit} AS limit_value, hit FROM ({steps})"


def bound(pattern: Run) -> float:
    """Return the limit that a pattern itself states."""
    return pattern.index if isinstance(pattern, Burden) else pattern.condition.bound


def _with_own(patterns: Sequence[Run], steps: str) -> str:
    return f"""
        SELECT s.*,
               CASE WHEN s.ts_ms < l.ts_ms + {LIMIT_HOLDS_MS} THEN l.limit_value END
                   AS own,
               {_double(by_rule(patterns, bound))} AS usual,
               {_double(by_rule(patterns, _lowest))} AS own_lowest,
               {_double(by_rule(patterns, _highest))} AS own_highest
        FROM (
            SELECT *, {by_rule(patterns, _name)} AS pattern_name FROM ({steps})
        ) AS s
        LEFT JOIN {table_of(LIMITS)} FOR SYSTEM_TIME AS OF s.ts AS l
          ON l.patient_id = s.patient_id AND l.pattern_name = s.pattern_name
    """


def _double(number: str) -> str:
    return f"CAST({number} AS DOUBLE)"


def _name(pattern: Run) -> str:
    return f"CAST('{pattern.name}' AS STRING)"


def _lowest(pattern: Run) -> object:
    return _of_allowed(pattern, lambda a: min(a.tightest, a.widest))


def _highest(pattern: Run) -> object:
    return _of_allowed(pattern, lambda a: max(a.tightest, a.widest))


def _of_allowed(pattern: Run, value: Callable[[Adjustable], float]) -> object:
    allowed = own_limit(pattern)
    return value(allowed) if allowed else "CAST(NULL AS DOUBLE)"
