"""The shape "held": a condition that stays true for a while, found once an episode.

steps -> runs -> turns -> matches, when found and when over

Steps come in order of time. Each is compared with the step before it, which says
where a run begins and ends. A run has two *turns*: it is ``ripe`` when it has
lasted long enough, and it ``closes``. Of a run that is ripe, only its end still
matters, so that a run of a day needs no more memory than one of a minute.

``ANCHOR FURTHER*? TURN`` reaches from the opening to the ripe reading, and once
more from there to the close, because each match begins where the last one
ended. (``HIT+? HELD`` would fire anew while the run lasts; ``CALM HIT+? HELD``
would miss a run that begins with a device's first reading.) What a row is says
that row alone: a condition that asks ANCHOR would read the whole match again for
each row. So a run that closes before it is ripe makes a match too, which is left
out afterwards.

Everything is one chain. Flink would plan a second reading of the steps as a
second copy of all that makes them.
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from cep_patterns.pattern import Burden, Held, Run
from jobs.conditions import sign
from jobs.matches import as_matches, by_rule
from jobs.sql import IN_TURN


def matches(
    t_env: TableEnvironment, of: str, patterns: Sequence[Run], steps: str
) -> str:
    """Return the query for every match of ``patterns`` in runs of ``steps``.

    ``of`` says what the steps are, as a word; a view is named after it, because
    MATCH_RECOGNIZE does not read from a query.

    ``steps`` is a query for patient_id, device_id, ts, ts_ms, rule (the index in
    ``patterns``), hit, badness (the signal, signed so that more is worse),
    overtaken_ms, may_open, complete and limit_value (``jobs.limits``). Those of a
    device and rule must come in order of event time, ``ts``.
    """
    turns = f"turns_of_{of}"
    rows = _turns(patterns, _runs(patterns, steps))
    t_env.execute_sql(f"CREATE TEMPORARY VIEW {turns} AS {rows}")
    return _found(patterns, turns)


def _runs(patterns: Sequence[Run], steps: str) -> str:
    """Return the query for ``steps``, each with its place in a run.

    ``opens``: a hit, the first of its run. ``joins``: a hit, in the run of the
    step before. ``closes``: the step before was the last of its run. A hit that
    may not open a run (``may_open``) begins one that is never told.
    """
    gap_ms = by_rule(patterns, lambda pattern: pattern.gap_s * 1000)
    return f"""
        SELECT patient_id, device_id, ts_ms, rule, badness, limit_value,
               before_ms, complete, before_complete,
               complete AND NOT before_complete AS completes,
               {by_rule(patterns, _hold_ms)} AS hold_ms,
               hit AND NOT follows AS begins,
               hit AND NOT follows AND may_open AS opens,
               hit AND follows AS joins,
               badness > before_badness AS worsens,
               before_hit AND NOT (hit AND follows) AS closes, ts, turn
        FROM (
            SELECT *,
                   before_hit AND ts_ms <= before_ms + {gap_ms}
                   AND ts_ms < before_overtaken_ms AS follows
            FROM (
                SELECT *,
                       COALESCE(LAG(hit) OVER w, FALSE) AS before_hit,
                       COALESCE(LAG(ts_ms) OVER w, 0) AS before_ms,
                       LAG(badness) OVER w AS before_badness,
                       COALESCE(LAG(complete) OVER w, FALSE) AS before_complete,
                       COALESCE(LAG(overtaken_ms) OVER w, 0) AS before_overtaken_ms
                FROM (SELECT *, {IN_TURN} FROM ({steps}))
                WINDOW w AS (PARTITION BY patient_id, device_id, rule ORDER BY turn)
            )
        )
    """


def _turns(patterns: Sequence[Run], runs: str) -> str:
    """Return the query for those steps of ``runs`` that can still matter.

    Of those between, only what is worse than the step before can be the worst. Only
    with the columns that a match reads: MATCH_RECOGNIZE keeps what it gets.
    It sorts by event time, which is no wait, for what is upstream has sorted already.
    By the clock on the wall, one that is set back would end the job.
    """
    return f"""
        SELECT patient_id, device_id, ts, ts_ms, rule, badness, limit_value,
               before_ms, started_ms, opens, joins, closes,
               joins AND told AND lasted AS ripe
        FROM (
            SELECT *, hold_ms IS NULL OR ts_ms >= started_ms + hold_ms AS lasted,
                   started_ms = begun_ms {_new(patterns)} AND CASE
                       WHEN hold_ms IS NULL
                       THEN completes OR
                            (complete OR before_complete) AND before_ms = started_ms
                       ELSE before_ms < started_ms + hold_ms END AS told
            FROM (
                SELECT *,
                       MAX(CASE WHEN begins THEN ts_ms END) OVER w AS begun_ms,
                       MAX(CASE WHEN opens THEN ts_ms END) OVER w AS started_ms,
                       MAX(CASE WHEN closes THEN before_ms END) OVER w AS last_ended_ms,
                       MIN(ts_ms) OVER w AS first_ms
                FROM ({runs})
                WINDOW w AS (
                    PARTITION BY patient_id, device_id, rule ORDER BY turn
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                )
            )
        )
        WHERE opens OR closes OR joins AND told AND (lasted OR worsens)
    """


def _new(patterns: Sequence[Run]) -> str:
    """Return the demand for enough calm before a run, where a pattern has one."""
    if not any(map(_calm_ms, patterns)):
        return ""
    since_ms = "started_ms - GREATEST(COALESCE(last_ended_ms, 0), first_ms)"
    return f"AND {since_ms} >= {by_rule(patterns, _calm_ms)}"


def _calm_ms(pattern: Run) -> int:
    return pattern.calm_before_s * 1000 if isinstance(pattern, Held) else 0


def _found(patterns: Sequence[Run], turns: str) -> str:
    """Return the query for each run that is ripe, once then and once when it closes."""
    occurrences = f"""
        SELECT patient_id, device_id, rule,
               CASE WHEN is_ripe THEN 'ongoing' ELSE 'ended' END AS phase,
               started_ms, ended_ms, ts_ms, limit_met AS limit_value,
               {by_rule(patterns, sign)} * worst AS observed
        FROM {turns}
        MATCH_RECOGNIZE (
            PARTITION BY patient_id, device_id, rule
            ORDER BY ts
            MEASURES
                ANCHOR.ripe AS was_ripe,
                TURN.ripe AS is_ripe,
                ANCHOR.started_ms AS started_ms,
                CASE WHEN NOT TURN.ripe THEN TURN.before_ms END AS ended_ms,
                TURN.ts_ms AS ts_ms,
                CASE WHEN TURN.ripe THEN TURN.limit_value
                     ELSE ANCHOR.limit_value END AS limit_met,
                CASE WHEN TURN.ripe THEN GREATEST(
                    ANCHOR.badness,
                    COALESCE(MAX(FURTHER.badness), ANCHOR.badness),
                    TURN.badness
                ) END AS worst
            ONE ROW PER MATCH
            AFTER MATCH SKIP TO LAST TURN
            PATTERN (ANCHOR FURTHER*? TURN)
            DEFINE
                ANCHOR AS opens OR ripe,
                FURTHER AS joins AND NOT ripe,
                TURN AS ripe OR closes
        )
        WHERE was_ripe <> is_ripe
    """
    return as_matches(patterns, occurrences=occurrences)


def _hold_ms(pattern: Run) -> object:
    """Return how long a run must last; a burden has a sum instead."""
    return "CAST(NULL AS INT)" if isinstance(pattern, Burden) else pattern.hold_s * 1000
