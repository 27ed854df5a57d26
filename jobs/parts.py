"""A catalogue taken apart by what its patterns read."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from cep_patterns.pattern import (
    Burden,
    Followed,
    Held,
    Pattern,
    Rule,
    Run,
    Silent,
    Single,
    levels,
)
from jobs import burden, followed
from jobs.conditions import signals
from jobs.device_signals import DEVICE_SIGNALS
from jobs.eeg_signals import EEG_SIGNALS
from jobs.patient_signals import PATIENT_SIGNALS
from jobs.signals import SIGNALS, SLOT_SIGNALS


class Parts(NamedTuple):
    """A catalogue by what its patterns read.

    Readings, slots and burdens are looked at by ``detect_patterns``, patients by
    ``score_patients``, EEG by ``score_eeg``, devices by ``watch_devices``.
    """

    of_readings: tuple[Single, ...]
    of_slots: tuple[Single, ...]
    burdens: tuple[Burden, ...]
    silences: tuple[Silent, ...]
    of_patients: tuple[Held, ...]
    of_eeg: tuple[Held, ...]
    of_devices: tuple[Held, ...]

    @property
    def in_runs(self) -> tuple[Run, ...]:
        """Return the patterns whose index is the ``rule`` of a step."""
        return (*self.of_readings, *self.burdens)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that the steps of readings are numbered by."""
        return (*self.of_readings, *followed.mets(self.of_readings))

    @property
    def thinned_by(self) -> tuple[Rule, ...]:
        """Return every rule that a reading is looked at with."""
        return (*self.rules, *map(burden.near, self.burdens))


def parts(patterns: Sequence[Pattern]) -> Parts:
    """Return ``patterns``, each with all its levels, by what they read.

    Raises
    ------
    ValueError
        A pattern reads a signal that does not exist.
    """
    _demand_signals(patterns)
    levelled = [
        level
        for pattern in patterns
        if isinstance(pattern, Held | Followed)
        for level in levels(pattern)
    ]
    return Parts(
        of_readings=tuple(p for p in levelled if p.signal in SIGNALS),
        of_slots=tuple(p for p in levelled if p.signal in SLOT_SIGNALS),
        burdens=tuple(p for p in patterns if isinstance(p, Burden)),
        silences=tuple(p for p in patterns if isinstance(p, Silent)),
        of_patients=_held(levelled, PATIENT_SIGNALS),
        of_eeg=_held(levelled, EEG_SIGNALS),
        of_devices=_held(levelled, DEVICE_SIGNALS),
    )


def _held(patterns: Sequence[Single], signals: Container[str]) -> tuple[Held, ...]:
    return tuple(p for p in patterns if isinstance(p, Held) and p.signal in signals)


def _demand_signals(patterns: Sequence[Pattern]) -> None:
    known = {
        **SIGNALS,
        **SLOT_SIGNALS,
        **PATIENT_SIGNALS,
        **EEG_SIGNALS,
        **DEVICE_SIGNALS,
    }
    for pattern in patterns:
        if unknown := _signals(pattern) - known.keys():
            msg = (
                f"{pattern.name} reads {', '.join(sorted(unknown))}, and there is no"
                f" such signal; there are {', '.join(known)}"
            )
            raise ValueError(msg)


def _signals(pattern: Pattern) -> set[str]:
    if isinstance(pattern, Silent):
        return set()
    if isinstance(pattern, Burden):
        return {pattern.signal}
    return signals(followed.mets([pattern])) | signals(levels(pattern))
