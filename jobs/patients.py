"""Patterns on what is known of a patient, found as those of readings are.

signals of a patient -> steps -> runs -> turns -> matches
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from cep_patterns.pattern import Held
from jobs import held
from jobs.conditions import badness, hit
from jobs.limits import judged
from jobs.patient_signals import PATIENT_SIGNALS_VIEW, patient_signals_view
from jobs.sql import NEVER_MS


def find(t_env: TableEnvironment, patterns: Sequence[Held]) -> list[str]:
    """Return the query for every match of ``patterns``, if there are any.

    The view ``spoken`` and the tables of limits and baselines must exist.
    """
    if not patterns:
        return []
    t_env.execute_sql(patient_signals_view())
    rows = steps(patterns, PATIENT_SIGNALS_VIEW)
    return [held.matches(t_env, "patients", patterns, judged(patterns, rows))]


def steps(patterns: Sequence[Held], signals: str) -> str:
    """Return the query for the steps of ``patterns`` in a view of their ``signals``.

    Of the view's rows none comes too late, and none is left out.
    """
    each = ", ".join(
        f"ROW({rule}, {hit(p)}, {p.signal} IS NOT NULL, {badness(p)})"
        for rule, p in enumerate(patterns)
    )
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, rule, hit, badness,
               CAST({NEVER_MS} AS BIGINT) AS overtaken_ms,
               TRUE AS may_open, FALSE AS complete
        FROM (SELECT *, ARRAY[{each}] AS steps FROM {signals})
        CROSS JOIN UNNEST(steps) AS step (rule, hit, known, badness)
        WHERE known
    """
