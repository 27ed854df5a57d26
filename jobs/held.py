"""The shape "held": a condition that stays true for a while, found once an episode.

steps -> runs -> matches, when found and when over

Each step is compared with the step before it in event time. ``OPENING FURTHER*?
HELD`` fires once per run, at the hold time, because no later hit of the run can
open it. (``HIT+? HELD`` would fire anew while the run lasts; ``CALM HIT+? HELD``
would miss a run that begins with a device's first reading.) The end is found on
the edges of runs alone, so that a run of a day needs no more memory than one of
a minute.
"""

from collections.abc import Sequence
from typing import Final

from cep_patterns.pattern import Held
from jobs.conditions import sign
from jobs.matches import as_matches, by_rule
from jobs.sql import interval

RUNS: Final = "runs"


def runs_view(patterns: Sequence[Held], steps: str) -> str:
    """Return the DDL of the view of ``steps``, each with its place in a run.

    ``opens``: a hit, the first of its run. ``joins``: a hit, in the run of the
    step before. ``closes``: the step before was the last of its run.
    """
    gap_ms = by_rule(patterns, lambda pattern: pattern.gap_s * 1000)
    hold_ms = by_rule(patterns, lambda pattern: pattern.hold_s * 1000)
    return f"""
        CREATE TEMPORARY VIEW {RUNS} AS
        SELECT patient_id, device_id, ts, ts_ms, rule, badness, before_ms,
               {hold_ms} AS hold_ms,
               hit AND NOT follows AS opens,
               hit AND follows AS joins,
               before_hit AND NOT (hit AND follows) AS closes
        FROM (
            SELECT *,
                   before_hit AND ts_ms <= before_ms + {gap_ms}
                   AND ts_ms < before_overtaken_ms AS follows
            FROM (
                SELECT *,
                       COALESCE(LAG(hit) OVER w, FALSE) AS before_hit,
                       COALESCE(LAG(ts_ms) OVER w, 0) AS before_ms,
                       COALESCE(LAG(overtaken_ms) OVER w, 0) AS before_overtaken_ms
                FROM ({steps})
                WINDOW w AS (PARTITION BY patient_id, device_id, rule ORDER BY ts)
            )
        )
    """


def found(patterns: Sequence[Held], runs: str = RUNS) -> str:
    """Return the query for each of ``runs`` that is held, once, at its hold time."""
    longest_ms = max(p.hold_s + p.gap_s for p in patterns) * 1000
    occurrences = f"""
        SELECT patient_id, device_id, rule, started_ms, ended_ms, ts_ms,
               {by_rule(patterns, sign)} * worst AS observed
        FROM ({_of(patterns, runs)})
        MATCH_RECOGNIZE (
            PARTITION BY patient_id, device_id, rule
            ORDER BY ts
            MEASURES
                OPENING.ts_ms AS started_ms,
                CAST(NULL AS BIGINT) AS ended_ms,
                HELD.ts_ms AS ts_ms,
                GREATEST(
                    OPENING.badness,
                    COALESCE(MAX(FURTHER.badness), OPENING.badness),
                    HELD.badness
                ) AS worst
            ONE ROW PER MATCH
            AFTER MATCH SKIP PAST LAST ROW
            PATTERN (OPENING FURTHER*? HELD) WITHIN {interval(longest_ms + 1)}
            DEFINE
                OPENING AS OPENING.opens,
                FURTHER AS FURTHER.joins,
                HELD AS HELD.joins AND HELD.ts_ms >= OPENING.ts_ms + OPENING.hold_ms
        )
    """
    return as_matches(patterns, phase="ongoing", occurrences=occurrences)


def over(patterns: Sequence[Held], runs: str = RUNS) -> str:
    """Return the query for each of ``runs`` that was held, once, when it is over."""
    occurrences = f"""
        SELECT patient_id, device_id, rule, started_ms, ended_ms, ts_ms, observed
        FROM ({_of(patterns, runs)} AND (opens OR closes))
        MATCH_RECOGNIZE (
            PARTITION BY patient_id, device_id, rule
            ORDER BY ts
            MEASURES
                OPENING.ts_ms AS started_ms,
                CLOSING.before_ms AS ended_ms,
                CLOSING.ts_ms AS ts_ms,
                CAST(NULL AS DOUBLE) AS observed
            ONE ROW PER MATCH
            AFTER MATCH SKIP TO LAST CLOSING
            PATTERN (OPENING CLOSING)
            DEFINE
                OPENING AS OPENING.opens,
                CLOSING AS CLOSING.closes
                    AND CLOSING.before_ms >= OPENING.ts_ms + OPENING.hold_ms
        )
    """
    return as_matches(patterns, phase="ended", occurrences=occurrences)


def _of(patterns: Sequence[Held], runs: str) -> str:
    """Return the query for the runs of ``patterns``; rules beyond are another's."""
    return f"SELECT * FROM {runs} WHERE rule < {len(patterns)}"
