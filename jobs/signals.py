"""What patterns read of a reading: its vital signs, and what follows from them.

A value that no sensor can mean is missing. A zero may be a sensor off the
patient, or a heart that has stopped: what else the reading says decides, and
where nothing does, it is missing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from jobs.demands import plausible
from producers.contract import VITAL_SIGNS
from producers.schema import Column

TRUSTED_PCT: Final = 50
"""The least signal quality at which a sensor counts as on the patient."""

_SIGN: Final = {sign.name: sign for sign in VITAL_SIGNS}
_IN_CONTACT: Final = f"COALESCE(signal_quality_pct, 0) >= {TRUSTED_PCT}"
_LIVES: Final = "(COALESCE(pulse_rate_bpm, 0) > 0 OR COALESCE(spo2_pct, 0) > 0)"

_OFF: Final[Mapping[str, str]] = {
    "spo2_pct": "spo2_pct = 0",
    "pulse_rate_bpm": "pulse_rate_bpm = 0",
    "heart_rate_bpm": f"heart_rate_bpm = 0 AND ({_LIVES} OR NOT {_IN_CONTACT})",
    "respiratory_rate_per_min": f"respiratory_rate_per_min = 0 AND NOT {_IN_CONTACT}",
}
"""Signs whose zero may say "not on the patient", and when it does."""


def _usable(sign: Column) -> str:
    return f"CASE WHEN {plausible(sign)} THEN {sign.name} END"


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _implausible(sign: Column) -> str:
    zero = f" AND {sign.name} <> 0" if sign.name in _OFF else ""
    return _one_if(f"NOT ({plausible(sign)}){zero}")


_BEATS: Final = plausible(_SIGN["heart_rate_bpm"])
_BREATHES: Final = plausible(_SIGN["respiratory_rate_per_min"])


class Signal(NamedTuple):
    """How a signal follows from the columns of the topic ``vitals``, and its unit."""

    sql: str
    unit: str


SIGNALS: Final[Mapping[str, Signal]] = {
    **{sign.name: Signal(_usable(sign), sign.unit) for sign in VITAL_SIGNS},
    "beats_in_contact_bpm": Signal(
        f"""CASE
        WHEN {_BEATS} THEN heart_rate_bpm
        WHEN pulse_rate_bpm > 0 THEN pulse_rate_bpm
        WHEN heart_rate_bpm = 0 AND {_IN_CONTACT} AND NOT {_LIVES} THEN 0 END""",
        unit="/min",
    ),
    "breaths_in_contact_per_min": Signal(
        f"""CASE
        WHEN {_BREATHES} THEN respiratory_rate_per_min
        WHEN respiratory_rate_per_min = 0 AND {_IN_CONTACT} THEN 0 END""",
        unit="/min",
    ),
    "sensors_off": Signal(" + ".join(map(_one_if, _OFF.values())), unit="off"),
    "implausible_values": Signal(
        " + ".join(map(_implausible, VITAL_SIGNS)), unit="implausible"
    ),
}
"""What patterns read of single readings."""

CONTINUOUS: Final = (
    "heart_rate_bpm",
    "pulse_rate_bpm",
    "spo2_pct",
    "respiratory_rate_per_min",
)
"""The signs that a monitor sends with every reading."""

_SPELLED: Final = (f"COALESCE(CAST({sign} AS STRING), '')" for sign in CONTINUOUS)
FINGERPRINT: Final = f"CONCAT_WS('|', {', '.join(_SPELLED)})"
SIGNS_KNOWN: Final = " + ".join(_one_if(f"{sign} IS NOT NULL") for sign in CONTINUOUS)
"""What slots keep of a reading, over the signals: its values as one, and how many."""

SLOT_SIGNALS: Final[Mapping[str, Signal]] = {
    "frozen_signs": Signal(
        """CASE WHEN fingerprint_min = fingerprint_max
               AND fingerprint_max = fingerprint_before
          THEN signs_known ELSE 0 END""",
        unit="signs alike",
    ),
}
"""What patterns read of a device's slots: how the first reading of each compares."""
