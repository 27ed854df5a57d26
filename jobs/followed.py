"""The shape "followed": a held condition that begins soon after another was true.

runs of both conditions -> runs of the second that follow the first -> matches

Each pattern is two rules among those of the held patterns: what comes before,
and what follows. A run of the second opens only if the patient's last reading
that met the first is recent enough; from there on it is a run like any other.
"""

from collections.abc import Sequence
from typing import Final

from cep_patterns.pattern import Followed, Held
from jobs.held import RUNS
from jobs.matches import by_rule

FOLLOWING: Final = "following_runs"


def rules(patterns: Sequence[Followed]) -> list[Held]:
    """Return the two rules of each pattern, one after the other."""
    return [rule for pattern in patterns for rule in (_before(pattern), then(pattern))]


def then(pattern: Followed) -> Held:
    """Return what follows, under the pattern's own name."""
    return Held(
        name=pattern.name,
        severity=pattern.severity,
        kind=pattern.kind,
        version=pattern.version,
        signal=pattern.signal,
        condition=pattern.condition,
        hold_s=pattern.hold_s,
        gap_s=pattern.gap_s,
    )


def _before(pattern: Followed) -> Held:
    return Held(
        name=f"{pattern.name}, before",
        severity=pattern.severity,
        signal=pattern.after_signal,
        condition=pattern.after_condition,
        hold_s=0,
        gap_s=pattern.gap_s,
    )


def runs_view(patterns: Sequence[Followed], first_rule: int) -> str:
    """Return the DDL of the view of runs that follow, numbered as ``patterns``.

    In the view ``runs``, the rules of the first pattern begin at ``first_rule``.
    """
    within_ms = by_rule(patterns, lambda pattern: pattern.within_s * 1000)
    return f"""
        CREATE TEMPORARY VIEW {FOLLOWING} AS
        SELECT patient_id, device_id, ts, ts_ms, rule, badness, before_ms, hold_ms,
               opens AND COALESCE(ts_ms <= met_ms + {within_ms}, FALSE) AS opens,
               joins, closes
        FROM (
            SELECT *, MAX(CASE WHEN comes_before AND (opens OR joins) THEN ts_ms END)
                OVER (PARTITION BY patient_id, rule ORDER BY ts) AS met_ms
            FROM (
                SELECT patient_id, device_id, ts, ts_ms, badness, before_ms, hold_ms,
                       opens, joins, closes,
                       (rule - {first_rule}) / 2 AS rule,
                       MOD(rule - {first_rule}, 2) = 0 AS comes_before
                FROM {RUNS}
                WHERE rule >= {first_rule}
            )
        )
        WHERE NOT comes_before
    """
