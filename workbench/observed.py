"""How an alarm is put to people: its value with its unit, its colour, its state."""

from collections.abc import Mapping
from typing import Final

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Severity, Silent
from producers.contract import VITAL_SIGNS

SEVERITY_STYLE: Final[Mapping[str, str]] = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}
"""The colours of IEC 60601-1-8, always beside the word."""

_SHOWN_UNITS: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
_UNITS: Final = {
    **{sign.name: _SHOWN_UNITS.get(sign.unit, sign.unit) for sign in VITAL_SIGNS},
    "beats_in_contact_bpm": "/min",
    "breaths_in_contact_per_min": "/min",
    "sensors_off": "off",
    "implausible_values": "implausible",
}
_OF_SIGNAL: Final = {
    pattern.name: _UNITS[pattern.signal]
    for pattern in CATALOGUE
    if not isinstance(pattern, Silent)
}


def value(pattern_name: object, observed: object) -> str:
    """Return the observed value with the unit of the pattern's signal."""
    if not isinstance(observed, int | float):
        return "-"
    return f"{observed:g} {_OF_SIGNAL.get(str(pattern_name), '')}".strip()
