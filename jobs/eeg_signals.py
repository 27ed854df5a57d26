"""What patterns read of a patient's EEG, and beside it.

state of each second (+ fast heart rates of the same patient) -> signals of EEG
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cep_patterns.pattern import Held
from eeg.events import MERGE_S, OFF_SHARE
from jobs.conditions import hit, mets
from jobs.eeg_events import EEG_STATE
from jobs.eeg_seconds import SECOND_MS
from jobs.readings import READINGS
from jobs.signals import Signal
from jobs.sql import interval

EEG_SIGNALS_VIEW: Final = "eeg_signals"

FASTEST: Final = "fastest_heart_rate_bpm"
_HEART_RATE: Final = "heart_rate_bpm"
LOOKS_BACK_MS: Final = 10_000
"""How long a heart rate stands beside the EEG: both come once a second, if not lost."""

_OF_EEG: Final[Mapping[str, Signal]] = {
    "seizure_power": Signal(
        f"""CASE
        WHEN seizing THEN COALESCE(firing_power, {OFF_SHARE})
        WHEN ts_ms - last_seizing_ms < {MERGE_S * SECOND_MS} THEN CAST(NULL AS DOUBLE)
        ELSE 0 END""",
        unit="of the last seconds",
    ),
    "channels_lost": Signal("channels_lost", unit="channels"),
}
"""Firing power in a seizure, 0 when it is over for so long that another would be a
new one, and missing between; how many channels cannot be used, if too many."""

EEG_SIGNALS: Final[Mapping[str, Signal]] = {
    **_OF_EEG,
    FASTEST: Signal(FASTEST, unit="/min"),
}
"""What patterns read of a patient's EEG."""


def signals_view(patterns: Sequence[Held]) -> str:
    """Return the DDL of the view of the signals that ``patterns`` read.

    Columns: patient_id, device_id, ts, ts_ms, and the signals. The view
    ``eeg_state`` must exist, and ``readings`` where a pattern reads heart rates.
    """
    signals = ", ".join(f"{each.sql} AS {name}" for name, each in _OF_EEG.items())
    seconds = f"""
        SELECT patient_id, device_id, ts, ts_ms, {signals}
        FROM (
            SELECT *, MAX(CASE WHEN seizing THEN ts_ms END) OVER (
                PARTITION BY patient_id, device_id ORDER BY ts) AS last_seizing_ms
            FROM {EEG_STATE}
        )
    """
    fast = " OR ".join(_fast(patterns))
    rows = _beside_heart_rates(seconds, fast) if fast else seconds
    return f"CREATE TEMPORARY VIEW {EEG_SIGNALS_VIEW} AS {rows}"


def _fast(patterns: Sequence[Held]) -> Iterator[str]:
    """Yield the predicates of heart rates that are fast enough for one of them."""
    for pattern in patterns:
        for met in mets(pattern):
            if met.signal == FASTEST:
                yield hit(replace(met, signal=_HEART_RATE))


def _beside_heart_rates(seconds: str, fast: str) -> str:
    """Return the query for ``seconds``, each with the fastest heart rate of late.

    Heart rates that are not ``fast`` matter to no pattern, and are left out.
    """
    nothing = ", ".join(f"CAST(NULL AS DOUBLE) AS {name}" for name in _OF_EEG)
    return f"""
        SELECT * FROM (
            SELECT *, MAX({_HEART_RATE}) OVER (
                PARTITION BY patient_id ORDER BY ts
                RANGE BETWEEN {interval(LOOKS_BACK_MS)} PRECEDING AND CURRENT ROW
            ) AS {FASTEST}
            FROM (
                SELECT *, CAST(NULL AS DOUBLE) AS {_HEART_RATE} FROM ({seconds})
                UNION ALL
                SELECT patient_id, CAST(NULL AS STRING) AS device_id, ts, ts_ms,
                       {nothing}, {_HEART_RATE}
                FROM {READINGS} WHERE {fast}
            )
        )
        WHERE device_id IS NOT NULL
    """
