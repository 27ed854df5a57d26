"""What is usual for each patient, sign and hour of the day, as SQL for a batch.

past readings -> a median a minute -> calm minutes -> levels -> usual -> baselines
matches       -> episodes ---------------^

An artefact lasts seconds, so it does not move a minute's median; one that does
is a rare minute, and neither the median of all minutes nor the median of their
deviations is moved by rare ones. An alarm is never learned as usual: minutes
with a clinical episode are left out.
"""

from dataclasses import dataclass
from typing import Final

from jobs.readings import PAST_READINGS
from jobs.tables import table_of
from producers.contract import BASELINES, MATCHES, VITAL_SIGNS, VITALS
from producers.schema import DAY_MS, HOUR_MS, MINUTE_MS

HISTORY_MS: Final = VITALS.retention_ms
"""How far back is looked: a whole week, weekend included, is what the topic keeps."""

AS_DEVIATION: Final = 1.4826
"""Makes the median absolute deviation of normal values their standard deviation."""

ANY_HOUR: Final = -1
"""The slot of all hours together, beside 0 to 23."""


@dataclass(frozen=True, slots=True)
class Enough:
    """The least calm minutes that count as a habit, and how far they must spread."""

    minutes: int
    hours: int
    days: int


THIS_HOUR: Final = Enough(minutes=60, hours=1, days=3)
"""Of three days, one odd day cannot set the median; an hour's worth of minutes
lets a device that measures every few minutes have a habit within a week."""

OF_ANY_HOUR: Final = Enough(minutes=720, hours=12, days=2)
"""Half a day's worth, from half of the clock: an afternoon says nothing of a night."""

_HOURS: Final = 24
_DAYS: Final = HISTORY_MS // DAY_MS + 1

MINUTES: Final = "minutes"
EPISODES: Final = "episodes"
CALM_MINUTES: Final = "calm_minutes"
LEVELS: Final = "levels"
MEDIANS: Final = "medians"
USUAL: Final = "usual"

_SIGNS: Final = tuple(sign.name for sign in VITAL_SIGNS)


def views(learned_ms: int) -> tuple[str, ...]:
    """Return the DDL of all views that :func:`baselines` needs, in order."""
    return (
        minutes_view(learned_ms - HISTORY_MS),
        episodes_view(),
        calm_minutes_view(),
        levels_view(),
        medians_view(),
        usual_view(),
    )


def minutes_view(since_ms: int) -> str:
    """Return the DDL of the view of each device's minutes: medians and counts.

    One device's, because the median of two that disagree is a value of neither.
    """
    medians = ", ".join(
        f"PERCENTILE({s}, 0.5) AS {s}, COUNT({s}) AS {s}_count" for s in _SIGNS
    )
    minute_ms = f"ts_ms / {MINUTE_MS} * {MINUTE_MS}"
    return f"""
        CREATE TEMPORARY VIEW {MINUTES} AS
        SELECT patient_id, device_id, {minute_ms} AS minute_ms, {medians}
        FROM {PAST_READINGS}
        WHERE ts_ms >= {since_ms}
        GROUP BY patient_id, device_id, {minute_ms}
    """


def episodes_view() -> str:
    """Return the DDL of the view of clinical episodes, each with its end.

    One whose end was never said, because its job was started fresh, was over
    when the next of its kind began.
    """
    return f"""
        CREATE TEMPORARY VIEW {EPISODES} AS
        SELECT patient_id, device_id, started_ms,
               COALESCE(ended_ms, LEAD(started_ms) OVER w) AS ended_ms
        FROM (
            SELECT patient_id, device_id, pattern_name,
                   MIN(started_ms) AS started_ms, MAX(ended_ms) AS ended_ms
            FROM {table_of(MATCHES)}
            WHERE kind = 'clinical'
            GROUP BY match_id, patient_id, device_id, pattern_name
        )
        WINDOW w AS (
            PARTITION BY patient_id, device_id, pattern_name ORDER BY started_ms)
    """


def calm_minutes_view() -> str:
    """Return the DDL of the view of minutes that no episode touches.

    An episode is the patient's, on whatever device; but one without an end lasts
    on its own device alone, which may have been exchanged since.
    """
    return f"""
        CREATE TEMPORARY VIEW {CALM_MINUTES} AS
        SELECT m.*
        FROM {MINUTES} AS m
        LEFT JOIN {EPISODES} AS e
          ON e.patient_id = m.patient_id
         AND e.started_ms < m.minute_ms + {MINUTE_MS}
         AND (e.ended_ms >= m.minute_ms
              OR e.ended_ms IS NULL AND e.device_id = m.device_id)
        WHERE e.patient_id IS NULL
    """


def levels_view() -> str:
    """Return the DDL of the view of calm minutes, a row a sign and slot.

    Each minute counts in two slots: its own hour of the day, and any hour.
    """
    signs = ", ".join(
        f"ROW(CAST('{s}' AS STRING), {s}, {s}_count, {slot})"
        for s in _SIGNS
        for slot in (
            f"CAST(MOD(minute_ms / {HOUR_MS}, {_HOURS}) AS INT)",
            f"CAST({ANY_HOUR} AS INT)",
        )
    )
    return f"""
        CREATE TEMPORARY VIEW {LEVELS} AS
        SELECT patient_id, minute_ms, sign_name, slot, level, readings
        FROM {CALM_MINUTES}
        CROSS JOIN UNNEST(ARRAY[{signs}]) AS sign (sign_name, level, readings, slot)
        WHERE level IS NOT NULL
    """


def medians_view() -> str:
    """Return the DDL of the view of each slot with enough minutes: its median."""
    return f"""
        CREATE TEMPORARY VIEW {MEDIANS} AS
        SELECT patient_id, sign_name, slot,
               PERCENTILE(level, 0.5) AS median, ARRAY_AGG(level) AS levels,
               SUM(readings) AS readings,
               MIN(minute_ms) AS since_ms, MAX(minute_ms) + {MINUTE_MS} AS until_ms
        FROM {LEVELS}
        GROUP BY patient_id, sign_name, slot
        HAVING CASE slot WHEN {ANY_HOUR} THEN {_is(OF_ANY_HOUR)}
                         ELSE {_is(THIS_HOUR)} END
    """


def _is(enough: Enough) -> str:
    hours = _different(f"MOD(minute_ms / {HOUR_MS}, {_HOURS})", _HOURS)
    days = _different(f"MOD(minute_ms / {DAY_MS}, {_DAYS})", _DAYS)
    return (
        f"COUNT(*) >= {enough.minutes}"
        f" AND {hours} >= {enough.hours} AND {days} >= {enough.days}"
    )


def _different(number: str, below: int) -> str:
    """Return how many different values ``number`` has; all are ``below``.

    COUNT(DISTINCT ...) would have every row sorted once more for each such count.
    """
    seen = (f"MAX(CASE {number} WHEN {n} THEN 1 ELSE 0 END)" for n in range(below))
    return f"({' + '.join(seen)})"


def usual_view() -> str:
    """Return the DDL of the view of the same slots with their spread."""
    return f"""
        CREATE TEMPORARY VIEW {USUAL} AS
        SELECT patient_id, sign_name, slot, median, readings, since_ms, until_ms,
               {AS_DEVIATION} * PERCENTILE(ABS(level - median), 0.5) AS spread
        FROM {MEDIANS} CROSS JOIN UNNEST(levels) AS each_minute (level)
        GROUP BY patient_id, sign_name, slot, median, readings, since_ms, until_ms
    """


def baselines(learned_ms: int) -> str:
    """Return the query for the rows of the topic ``baselines``.

    An hour with too few minutes of its own gets what is usual at any hour, so
    that a reader looks in one row; one without either has none.
    """
    hours = ", ".join(map(str, range(_HOURS)))
    return f"""
        SELECT {", ".join(column.name for column in BASELINES.columns)}
        FROM (
            SELECT *, CAST({learned_ms} AS BIGINT) AS learned_ms,
                   CASE slot WHEN {ANY_HOUR} THEN 'any_hour' ELSE 'this_hour' END
                       AS basis,
                   ROW_NUMBER() OVER (
                       PARTITION BY patient_id, sign_name, hour_of_day
                       ORDER BY slot DESC) AS choice
            FROM {USUAL}
            CROSS JOIN UNNEST(ARRAY[{hours}]) AS clock (hour_of_day)
            WHERE slot IN (hour_of_day, {ANY_HOUR})
        )
        WHERE choice = 1
    """
