"""What patterns read of a patient: the last known values, scores, and their trends.

scored slots (+ baselines) -> signals of the last hour -> signals of a patient

A patient has a row a minute, and one whenever the points of a score change. Of
a signal that spans an hour, the rows of that hour are kept, and nothing else of
them than what is needed.
"""

from collections.abc import Mapping
from typing import Final

from jobs import charts
from jobs.observations import age_s, disputed
from jobs.scored import SPOKEN, highs, lows
from jobs.signals import Signal
from jobs.sql import interval
from jobs.tables import table_of
from producers.contract import ALL_DEVICES, BASELINES, VITAL_SIGNS, VITALS
from producers.schema import HOUR_MS
from scores import inputs, news2, shock_index, sirs

PATIENT_SIGNALS_VIEW: Final = "patient_signals"

LOST_AFTER_S: Final = 60
GIVEN_UP_AFTER_S: Final = 3600
"""A sign that was there and is missing is lost, until it seems meant to be away."""

LEAST_SPREAD: Final = 3.0
"""A heart rate that has never moved still may: the least spread it is measured by."""

_DAY_H: Final = 24

_UNITS: Final = {sign.name: sign.unit for sign in VITAL_SIGNS}
_KNOWN: Final = (
    inputs.HEART_RATE,
    inputs.RESPIRATORY_RATE,
    inputs.SPO2,
    inputs.SYSTOLIC,
    inputs.TEMPERATURE,
)
_WATCHED: Final = (inputs.HEART_RATE, inputs.RESPIRATORY_RATE, inputs.SPO2)
[_CONSCIOUSNESS] = [c for c in VITALS.columns if c.name == inputs.CONSCIOUSNESS.column]


def _is_lost(column: str) -> str:
    lost = f"{column} > {LOST_AFTER_S} AND {column} <= {GIVEN_UP_AFTER_S}"
    return f"CASE WHEN {lost} THEN 1 ELSE 0 END"


_STEPS_DOWN: Final = " ".join(
    f"WHEN '{code}' THEN {n}" for n, code in enumerate(_CONSCIOUSNESS.one_of)
)
_NEWS2_AT_LEAST: Final = " + ".join(lows(news2.SCALE_1))
_NEWS2_AT_MOST: Final = " + ".join(highs(news2.SCALE_1))

_NOW: Final[Mapping[str, Signal]] = {
    **{
        f"known_{read.column}": Signal(read.column, _UNITS[read.column])
        for read in _KNOWN
    },
    "pulse_deficit_bpm": Signal("heart_rate_bpm - pulse_rate_bpm", unit="/min"),
    "shock_index": Signal(charts.quotient(shock_index.SCORE), unit="bpm/mmHg"),
    "news2_at_least": Signal(_NEWS2_AT_LEAST, unit="points"),
    "news2_reddest_part": Signal(
        f"GREATEST({', '.join(lows(news2.SCALE_1))})", unit="points"
    ),
    "sirs_at_least": Signal(" + ".join(lows(sirs.SCORE)), unit="criteria"),
    "inputs_lost": Signal(
        " + ".join(_is_lost(age_s(read)) for read in _WATCHED), unit="lost"
    ),
    "signs_disputed": Signal(
        " + ".join(map(disputed, _KNOWN)), unit="signs in dispute"
    ),
    "heart_rate_deviation": Signal(
        f"ABS(heart_rate_bpm - usual) / GREATEST(spread, {LEAST_SPREAD})",
        unit="spreads",
    ),
}
"""Signals that follow from one row; SQL over the observations and their points."""

_WITHIN_AN_HOUR: Final[Mapping[str, Signal]] = {
    "news2_rise_1h": Signal("news2_now - news2_before", unit="points"),
    "consciousness_fall_1h": Signal("awake_now - awake_before", unit="steps"),
}
"""Signals that compare a row with the best of the hour before it."""

PATIENT_SIGNALS: Final[Mapping[str, Signal]] = {**_NOW, **_WITHIN_AN_HOUR}
"""What patterns read of a patient, whatever the device."""


def patient_signals_view() -> str:
    """Return the DDL of the view of each patient's signals.

    Columns: patient_id, device_id (all of them), ts, ts_ms, activity, and the
    signals of PATIENT_SIGNALS. The view ``spoken`` and the table of baselines
    must exist.
    """
    now = ", ".join(f"{each.sql} AS {name}" for name, each in _NOW.items())
    hour = ", ".join(f"{each.sql} AS {name}" for name, each in _WITHIN_AN_HOUR.items())
    past = f"RANGE BETWEEN {interval(HOUR_MS)} PRECEDING AND CURRENT ROW"
    return f"""
        CREATE TEMPORARY VIEW {PATIENT_SIGNALS_VIEW} AS
        SELECT patient_id, '{ALL_DEVICES}' AS device_id, ts, ts_ms, activity,
               {", ".join(_NOW)}, {hour}
        FROM (
            SELECT *, MIN(news2_at_most) OVER w AS news2_before,
                   MIN(awake_now) OVER w AS awake_before
            FROM (
                SELECT patient_id, ts, ts_ms, activity, {now},
                       {_NEWS2_AT_LEAST} AS news2_now,
                       {_NEWS2_AT_MOST} AS news2_at_most,
                       CASE consciousness {_STEPS_DOWN} END AS awake_now
                FROM ({_with_usual()})
            )
            WINDOW w AS (PARTITION BY patient_id ORDER BY ts {past})
        )
    """


def _with_usual() -> str:
    """Return the query for what is known, and the heart rate usual at that hour."""
    sign = inputs.HEART_RATE.column
    return f"""
        SELECT s.*, b.median AS usual, b.spread AS spread
        FROM (
            SELECT *, CAST(MOD(ts_ms / {HOUR_MS}, {_DAY_H}) AS INT) AS hour_of_day,
                   CASE WHEN ts_ms > 0 THEN '{sign}' END AS sign_name
            FROM {SPOKEN}
        ) AS s
        LEFT JOIN {table_of(BASELINES)} FOR SYSTEM_TIME AS OF s.ts AS b
          ON b.patient_id = s.patient_id
         AND b.sign_name = s.sign_name
         AND b.hour_of_day = s.hour_of_day
    """
