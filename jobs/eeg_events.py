"""From a probability a second to seizures, as SQL; ``eeg.events`` says the same.

scored seconds -> how far each stands out of the patient's own background
               -> whether it fires -> firing power -> hysteresis -> state

These rows are thin: of each, ten minutes are remembered. What is known of the
channels joins them afterwards (``messages``). Line lengths are summed as whole
millionths, so that what leaves a sum takes out of it just what it brought.
"""

from typing import Final

from eeg.background import BACKGROUND_S, LEAST_KNOWN_S, LEFT_OUT_S, STANDS_OUT_LN
from eeg.events import FIRING_S, LEAST_FIRING_KNOWN_S, MERGE_S, OFF_SHARE, ON_SHARE
from jobs.demands import flag
from jobs.eeg_seconds import SECOND_MS
from jobs.sql import IN_TURN, interval
from jobs.tables import table_of
from producers.contract import EEG_SCORES

EEG_SCORED: Final = "eeg_scored"
"""Each second with what the model says: the columns of ``jobs.eeg_scoring.RESULT``."""

EEG_STATE: Final = "eeg_state"

MILLION: Final = 1_000_000

_RECORDING: Final = "PARTITION BY patient_id, device_id"
_SORTED: Final = f"{_RECORDING} ORDER BY ts"
_SO_FAR: Final = f"{_RECORDING} ORDER BY turn"
_IDS: Final = "patient_id, device_id, ts, ts_ms"
_LOST: Final = """CASE WHEN probability IS NULL
    THEN CAST(CARDINALITY(channels) - good_channels AS DOUBLE) ELSE 0 END"""
[_SEIZING] = [column for column in EEG_SCORES.columns if column.name == "seizing"]
_OF_STATE: Final = (
    "probability",
    "stands_out_ln",
    "background_s",
    "firing_power",
    "seizing",
    "channels_lost",
)


def state_view() -> str:
    """Return the DDL of the view of the state after each second.

    Columns: patient_id, device_id, ts, ts_ms (the end of the window), probability,
    stands_out_ln, background_s, firing_power, seizing, and channels_lost: how many
    cannot be used, where they are too many.
    """
    rows = _with_hysteresis(_with_power(_with_background(_thin())))
    return f"CREATE TEMPORARY VIEW {EEG_STATE} AS {rows}"


def told_state_view() -> str:
    """Return the DDL of the same view, read from messages of ``eeg_scores``."""
    return f"""
        CREATE TEMPORARY VIEW {EEG_STATE} AS
        SELECT {_IDS}, probability, stands_out_ln, background_s, firing_power,
               {flag(_SEIZING)} AS seizing, {_LOST} AS channels_lost
        FROM {table_of(EEG_SCORES)}
    """


def messages() -> str:
    """Return the query for the messages of the topic ``eeg_scores``."""
    given = (
        f"{'state' if c.name in (*_OF_STATE, 'ts_ms') else 'scored'}.{c.name}"
        for c in EEG_SCORES.columns
    )
    return f"""
        SELECT {", ".join(given)}
        FROM {EEG_SCORED} AS scored
        JOIN {EEG_STATE} AS state
          ON state.patient_id = scored.patient_id
         AND state.device_id = scored.device_id
         AND state.ts = scored.ts
    """


def _thin() -> str:
    return f"""
        SELECT patient_id, device_id, ts, ts_ms + {SECOND_MS} AS ts_ms, probability,
               probability >= threshold AS model_fires,
               CAST(ROUND(log_line_length * {MILLION}) AS BIGINT) AS loudness,
               {_LOST} AS channels_lost
        FROM {EEG_SCORED}
    """


def _with_background(seconds: str) -> str:
    """Return the query for ``seconds``, and how each stands out of the background.

    That is the mean of the past, less its latest part: two spans that end now.
    """
    background_s = "(all_known - late_known)"
    mean = f"CAST(all_loudness - late_loudness AS DOUBLE) / {background_s}"
    return f"""
        SELECT *, {background_s} AS background_s,
               CASE WHEN {background_s} >= {LEAST_KNOWN_S}
                    THEN (loudness - {mean}) / {MILLION} END AS stands_out_ln
        FROM ({
        _summed(_summed(seconds, BACKGROUND_S + LEFT_OUT_S, "all"), LEFT_OUT_S, "late")
    })
    """


def _summed(seconds: str, length_s: int, name: str) -> str:
    """Return the query for ``seconds``, with the sum and count of loudness so far."""
    return f"""
        SELECT *, COALESCE(SUM(loudness) OVER w, 0) AS {name}_loudness,
               COUNT(loudness) OVER w AS {name}_known
        FROM ({seconds})
        WINDOW w AS ({_SORTED} {_back(length_s * SECOND_MS)})
    """


def _with_power(seconds: str) -> str:
    """Return the query for ``seconds``, and the share of the last ones that fire."""
    stands_out = f"COALESCE(stands_out_ln >= {STANDS_OUT_LN}, TRUE)"
    return f"""
        SELECT *, CASE WHEN known >= {LEAST_FIRING_KNOWN_S}
                       THEN CAST(fired AS DOUBLE) / known END AS firing_power
        FROM (
            SELECT *, COUNT(fires) OVER w AS known, SUM(fires) OVER w AS fired
            FROM (
                SELECT {_IDS}, probability, background_s, stands_out_ln, channels_lost,
                       CASE WHEN model_fires IS NULL THEN CAST(NULL AS INT)
                            WHEN model_fires AND {stands_out} THEN 1 ELSE 0 END AS fires
                FROM ({seconds})
            )
            WINDOW w AS ({_SORTED} {_back(FIRING_S * SECOND_MS - 1)})
        )
    """


def _with_hysteresis(seconds: str) -> str:
    """Return the query for ``seconds``, and whether each is held to be in a seizure."""
    return f"""
        SELECT {_IDS}, {", ".join(name for name in _OF_STATE if name != "seizing")},
               COALESCE(on_ms > COALESCE(off_ms, 0), FALSE) AS seizing
        FROM (
            SELECT *,
                   MAX(CASE WHEN firing_power >= {ON_SHARE} THEN ts_ms END) OVER w
                       AS on_ms,
                   MAX(CASE WHEN firing_power < {OFF_SHARE} OR resumes THEN ts_ms END)
                       OVER w AS off_ms
            FROM (
                SELECT *, ts_ms - LAG(ts_ms) OVER w >= {MERGE_S * SECOND_MS} AS resumes
                FROM (SELECT *, {IN_TURN} FROM ({seconds}))
                WINDOW w AS ({_SO_FAR})
            )
            WINDOW w AS ({_SO_FAR})
        )
    """


def _back(length_ms: int) -> str:
    return f"RANGE BETWEEN {interval(length_ms)} PRECEDING AND CURRENT ROW"
