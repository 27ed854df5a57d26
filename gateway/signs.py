"""What the page shows of the vital signs, and when a value is too old for it."""

from dataclasses import dataclass
from typing import Final

from producers.contract import VITAL_SIGNS

MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One vital sign on a tile.

    A value older than ``stale_s`` is marked as such; one older than ``gone_s`` is
    not shown any more, only how long ago it was known.
    """

    column: str
    label: str
    unit: str
    decimals: int
    stale_s: int
    gone_s: int


_LABELS: Final = {
    "heart_rate_bpm": "HR",
    "pulse_rate_bpm": "Pulse",
    "spo2_pct": "SpO₂",
    "respiratory_rate_per_min": "RR",
    "systolic_mmhg": "Sys",
    "diastolic_mmhg": "Dia",
    "temperature_c": "Temp",
}
_SHOWN_UNIT: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
_SPOT_CHECKED: Final = frozenset({"systolic_mmhg", "diastolic_mmhg", "temperature_c"})
"""Measured at the pace of a ward round; all else comes every few seconds."""


def _sign(column: str, unit: str) -> Sign:
    spot = column in _SPOT_CHECKED
    return Sign(
        column=column,
        label=_LABELS[column],
        unit=_SHOWN_UNIT.get(unit, unit),
        decimals=1 if unit == "Cel" else 0,
        stale_s=60 * MINUTE_S if spot else 15,
        gone_s=4 * 60 * MINUTE_S if spot else 5 * MINUTE_S,
    )


SIGNS: Final = tuple(_sign(each.name, each.unit) for each in VITAL_SIGNS)
SPARKLINED: Final = ("heart_rate_bpm", "spo2_pct")
"""Drawn on the tile itself."""
