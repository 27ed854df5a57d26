"""What patterns read of a reading: its vital signs, and what follows from them.

A value that no sensor can mean is missing. A zero may be a sensor off the
patient, or a heart that has stopped: what else the reading says decides, and
where nothing does, it is missing.
"""

from collections.abc import Mapping
from typing import Final

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


def _plausible(sign: Column) -> str:
    if sign.plausible is None:
        return "TRUE"
    upper = "<=" if sign.plausible.upper_included else "<"
    return (
        f"{sign.name} > {sign.plausible.above}"
        f" AND {sign.name} {upper} {sign.plausible.below}"
    )


def _usable(sign: Column) -> str:
    return f"CASE WHEN {_plausible(sign)} THEN {sign.name} END"


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _implausible(sign: Column) -> str:
    zero = f" AND {sign.name} <> 0" if sign.name in _OFF else ""
    return _one_if(f"NOT ({_plausible(sign)}){zero}")


_BEATS: Final = _plausible(_SIGN["heart_rate_bpm"])
_BREATHES: Final = _plausible(_SIGN["respiratory_rate_per_min"])

SIGNALS: Final[Mapping[str, str]] = {
    **{sign.name: _usable(sign) for sign in VITAL_SIGNS},
    "beats_in_contact_bpm": f"""CASE
        WHEN {_BEATS} THEN heart_rate_bpm
        WHEN pulse_rate_bpm > 0 THEN pulse_rate_bpm
        WHEN heart_rate_bpm = 0 AND {_IN_CONTACT} AND NOT {_LIVES} THEN 0 END""",
    "breaths_in_contact_per_min": f"""CASE
        WHEN {_BREATHES} THEN respiratory_rate_per_min
        WHEN respiratory_rate_per_min = 0 AND {_IN_CONTACT} THEN 0 END""",
    "sensors_off": " + ".join(map(_one_if, _OFF.values())),
    "implausible_values": " + ".join(map(_implausible, VITAL_SIGNS)),
}
"""Each signal as SQL over the columns of the topic ``vitals``."""
