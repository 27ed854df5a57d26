"""How an alarm is put to people: its value with its unit, its colour, its state."""

from collections.abc import Mapping
from typing import Final

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Burden, Run, Severity, Silent
from jobs.device_signals import DEVICE_SIGNALS
from jobs.eeg_signals import EEG_SIGNALS
from jobs.patient_signals import PATIENT_SIGNALS
from jobs.signals import SIGNALS, SLOT_SIGNALS

SEVERITY_STYLE: Final[Mapping[str, str]] = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}
"""The colours of IEC 60601-1-8, always beside the word."""

_SHOWN_UNITS: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
_UNITS: Final = {
    name: _SHOWN_UNITS.get(signal.unit, signal.unit)
    for name, signal in {
        **SIGNALS,
        **SLOT_SIGNALS,
        **PATIENT_SIGNALS,
        **EEG_SIGNALS,
        **DEVICE_SIGNALS,
    }.items()
}


def _unit(pattern: Run) -> str:
    unit = _UNITS.get(pattern.signal, "")  # who runs it says that there is none
    return f"{unit}·s" if isinstance(pattern, Burden) else unit


_OF_PATTERN: Final = {
    pattern.name: _unit(pattern)
    for pattern in CATALOGUE
    if not isinstance(pattern, Silent)
}


def value(pattern_name: object, observed: object) -> str:
    """Return the observed value with the unit of the pattern's signal."""
    if not isinstance(observed, int | float):
        return "-"
    return f"{observed:g} {_OF_PATTERN.get(str(pattern_name), '')}".strip()
