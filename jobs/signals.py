"""What patterns read of a reading: its vital signs, and what follows from them.

A value that no sensor can mean is missing, and so is one that means something else
than it says: there is none, or it is of another unit. A zero may be a sensor off the
patient, or a heart that has stopped: what else the reading says decides, and where
nothing does, it is missing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from jobs.demands import is_code, plausible, suspected, usable
from producers.contract import VITAL_SIGNS, VITALS
from producers.schema import Column

TRUSTED_PCT: Final = 50
"""The least signal quality at which a sensor counts as on the patient."""

_SIGN: Final = {sign.name: sign for sign in VITAL_SIGNS}
[_QUALITY] = [each for each in VITALS.columns if each.name == "signal_quality_pct"]
_IN_CONTACT: Final = (
    f"COALESCE({_QUALITY.name} >= {TRUSTED_PCT} AND {plausible(_QUALITY)}, FALSE)"
)
_LIVES: Final = "(COALESCE(pulse_rate_bpm, 0) > 0 OR COALESCE(spo2_pct, 0) > 0)"

_OFF: Final[Mapping[str, str]] = {
    "spo2_pct": "spo2_pct = 0",
    "pulse_rate_bpm": "pulse_rate_bpm = 0",
    "heart_rate_bpm": f"heart_rate_bpm = 0 AND ({_LIVES} OR NOT {_IN_CONTACT})",
    "respiratory_rate_per_min": f"respiratory_rate_per_min = 0 AND NOT {_IN_CONTACT}",
}
"""Signs whose zero may say "not on the patient", and when it does."""


_NUMBERS: Final = (*VITAL_SIGNS, _QUALITY)
_PRESSURES: Final = (_SIGN["systolic_mmhg"], _SIGN["diastolic_mmhg"])


def _usable(sign: Column) -> str:
    return f"CASE WHEN {usable(sign)} THEN {sign.name} END"


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


_MISREAD: Final = 1000
"""Beside a number that cannot be, what one counts that means another, or none."""


def _fault(number: Column) -> str:
    """Return what is wrong with a number: ``_MISREAD``, 1 if it cannot be, or 0.

    Nearly all are fine, and that is one comparison: the cases must not say the same one
    after the other, or Flink makes one of them that asks for every code.
    """
    units = [f"({suspected(number, each)})" for each in number.suspects]
    zero_is_off = number.name in _OFF
    return f"""CASE WHEN {usable(number)} THEN 0
        WHEN {is_code(number)} THEN {_MISREAD}
        {"".join(f"WHEN {u} THEN {_unit_fault(number)} " for u in units)}
        WHEN {number.name} {"<> 0" if zero_is_off else "IS NOT NULL"} THEN 1
        ELSE 0 END"""


def _unit_fault(number: Column) -> int:
    return 0 if number in _PRESSURES else _MISREAD


def _of_another_unit(pressure: Column) -> str:
    [kpa] = pressure.suspects
    return _one_if(suspected(pressure, kpa))


_SAYS_NOTHING: Final = " AND ".join(f"{sign} IS NULL" for sign in _SIGN)
_FAULTS: Final = f"({' + '.join(map(_fault, _NUMBERS))})"
_BEATS: Final = usable(_SIGN["heart_rate_bpm"])
_PULSES: Final = usable(_SIGN["pulse_rate_bpm"])
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
        WHEN {_PULSES} THEN pulse_rate_bpm
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
    "empty_readings": Signal(_one_if(_SAYS_NOTHING), unit="readings"),
    "implausible_values": Signal(f"MOD({_FAULTS}, {_MISREAD})", unit="implausible"),
    "misread_values": Signal(f"{_FAULTS} / {_MISREAD}", unit="misread"),
    "pressures_in_kpa": Signal(
        f"""CASE WHEN systolic_mmhg IS NOT NULL
        THEN {" + ".join(map(_of_another_unit, _PRESSURES))} END""",
        unit="pressures",
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
    "unusable_times": Signal("without_time", unit="readings"),
}
"""What patterns read of a device's slots: how the first reading of each compares, and
how many readings said no time that can be."""
