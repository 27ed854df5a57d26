"""The last four seconds of each recording, as SQL.

eeg (decoded) -> usable seconds -> each with the three before it

A message is a second. A *window* is four of them that follow one another: in
time, with the same rate, scale and channels. Behind a gap, an overlap or another
setting there is none until four have come again. Whatever the reason, a second
without a window is said, and has no probability: nobody shall take it for a calm
one. A second that is sent again at once counts once.
"""

from itertools import pairwise
from typing import Final

from eeg.window import WINDOW_S
from jobs.demands import demands
from jobs.tables import table_of
from producers.contract import EEG

EEG_SECONDS: Final = "eeg_seconds"

SECOND_MS: Final = 1_000
JITTER_MS: Final = 100
"""Clocks are set now and then; so little moves no feature of four seconds."""

BEFORE: Final = tuple(range(WINDOW_S - 1, 0, -1))
"""How many seconds before the last one the others of a window are."""

SAMPLES: Final = (*(f"samples_{k}" for k in BEFORE), "samples")
"""The columns of a window's samples, in order of time; missing where it is broken."""

_READ: Final = (
    "patient_id, device_id, ts, ts_ms, rate_hz, uv_per_count, channels, samples"
)
_KEPT: Final = ("ts_ms", "setting", "samples")
_SETTING: Final = """CONCAT_WS('|', CAST(rate_hz AS STRING),
    CAST(uv_per_count AS STRING), ARRAY_JOIN(channels, '|'))"""


def seconds_view() -> str:
    """Return the DDL of the view of seconds, each with its window if it has one.

    Columns: patient_id, device_id, ts, ts_ms (the last second's start, as on the
    wire), rate_hz, uv_per_count, channels, and SAMPLES.
    """
    lags = (f"LAG({c}, {k}) OVER w AS {c}_{k}" for k in BEFORE for c in _KEPT)
    window = (
        f"CASE WHEN {_whole()} THEN samples_{k} END AS samples_{k}" for k in BEFORE
    )
    return f"""
        CREATE TEMPORARY VIEW {EEG_SECONDS} AS
        SELECT patient_id, device_id, ts, ts_ms, rate_hz, uv_per_count, channels,
               {", ".join(window)}, samples
        FROM (
            SELECT *, {", ".join(lags)}
            FROM ({_once()})
            WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY ts)
        )
    """


def _once() -> str:
    """Return the query for usable seconds, less those that have just come before.

    In order of arrival, because event time has one place for both.
    """
    lags = (f"LAG(ts_ms, {k}) OVER w AS arrived_{k}" for k in BEFORE)
    new = (f"COALESCE(ts_ms <> arrived_{k}, TRUE)" for k in BEFORE)
    return f"""
        SELECT * FROM (
            SELECT *, {", ".join(lags)}
            FROM (SELECT {_READ}, {_SETTING} AS setting, PROCTIME() AS arrival
                  FROM {table_of(EEG)} WHERE {demands(EEG)})
            WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY arrival)
        )
        WHERE {" AND ".join(new)}
    """


def _whole() -> str:
    """Return the predicate that the seconds follow one another; null is no."""
    same = (f"setting = setting_{k}" for k in BEFORE)
    times = ["ts_ms", *(f"ts_ms_{k}" for k in reversed(BEFORE))]
    least_ms, most_ms = SECOND_MS - JITTER_MS, SECOND_MS + JITTER_MS
    apart = (
        f"{later} - {earlier} BETWEEN {least_ms} AND {most_ms}"
        for later, earlier in pairwise(times)
    )
    return " AND ".join([*same, *apart])
