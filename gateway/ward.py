"""All patients, and what has changed of them since a page last heard.

A version counts the changes. A page says which it has seen and gets the sections
that changed since, however long that was: a slow page misses nothing but what is
no longer true.
"""

from collections.abc import Callable
from typing import Any, Final

from alerts.model import Alarm
from gateway.conditions import Condition
from gateway.messages import decoded, usable
from gateway.patient import Patient
from producers.contract import ALARMS, EEG_SCORES, SCORES, VITALS
from producers.schema import HOUR_MS

FOLLOWED: Final = {topic.name: topic for topic in (VITALS, SCORES, EEG_SCORES, ALARMS)}
FORGOTTEN_MS: Final = 12 * HOUR_MS
"""Silent for so long and with nothing wrong, a patient is not here any more."""
MOST_PATIENTS: Final = 5_000
"""Devices that make up pseudonyms must not fill the memory."""

Place = tuple[str, str]
"""A ward, and a bed or a pseudonym."""
EVERYWHERE: Final = ""
"""The ward of what concerns all of them."""


class Ward:
    """The state behind every page; time is an argument."""

    def __init__(self, place_of: Callable[[str], Place]) -> None:
        """Know nobody yet; ``place_of`` says where a patient lies."""
        self.version = 0
        self.is_full = False
        self._forgot_at = 0
        self._place_of = place_of
        self._patients: dict[str, Patient] = {}
        self._ward_of: dict[str, str] = {}
        self._changed: dict[str, dict[str, int]] = {}

    def take(self, topic_name: str, payload: bytes | None, now_ms: int) -> None:
        """Take in one message of a topic; what cannot be used changes nothing."""
        given = decoded(payload)
        if given is None or not self._has_room(given.get("patient_id")):
            return
        message = usable(FOLLOWED[topic_name], given, now_ms)
        if message is not None:
            patient_id = str(message["patient_id"])
            self._note(patient_id, self._of(patient_id).take(topic_name, message))

    def know(self, alarm: Alarm) -> None:
        """Take in an alarm as the database has it."""
        if self._has_room(alarm.patient_id):
            patient = self._of(alarm.patient_id)
            patient.conditions.take(Condition.of_alarm(alarm))
            self._note(alarm.patient_id, "alarms")

    def _note(self, patient_id: str, section: str) -> None:
        self.version += 1
        self._changed[patient_id][section] = self.version

    def _has_room(self, patient_id: object) -> bool:
        """Say whether somebody is here or may come; judged before all else.

        Of a fleet that is larger than the ward most messages end here.
        """
        if isinstance(patient_id, str) and patient_id in self._patients:
            return True
        self.is_full = len(self._patients) >= MOST_PATIENTS
        return not self.is_full

    def _of(self, patient_id: str) -> Patient:
        known = self._patients.get(patient_id)
        return self._admitted(patient_id) if known is None else known

    def _admitted(self, patient_id: str) -> Patient:
        ward, place = self._place_of(patient_id)
        patient = self._patients[patient_id] = Patient(place)
        self._ward_of[patient_id] = ward
        self.version += 1
        self._changed[patient_id] = dict.fromkeys(patient.sections(), self.version)
        return patient

    def forget(self, now_ms: int) -> None:
        """Forget who has long been silent; pages that knew him begin anew."""
        since_ms = now_ms - FORGOTTEN_MS
        gone = [
            patient_id
            for patient_id, patient in self._patients.items()
            if patient.heard_ms < since_ms and not patient.conditions.ongoing()
        ]
        for patient_id in gone:
            del self._patients[patient_id]
            del self._ward_of[patient_id]
            del self._changed[patient_id]
        if gone:
            self.version += 1
            self._forgot_at = self.version

    def wards(self) -> list[str]:
        """Return every ward in which somebody lies."""
        return sorted(set(self._ward_of.values()) - {EVERYWHERE})

    def since(self, version: int, ward: str) -> dict[str, Any]:
        """Return what changed in ``ward`` (empty: everywhere) after ``version``.

        Version 0 is that of a page that knows nothing: it is told the ``whole``.
        """
        if version < self._forgot_at:
            version = 0
        patients = {
            patient_id: self._patients[patient_id].sections(names)
            for patient_id, changed in self._changed.items()
            if not ward or self._ward_of[patient_id] in (ward, EVERYWHERE)
            if (names := _after(version, changed))
        }
        return {"version": self.version, "whole": not version, "patients": patients}

    def patient(self, patient_id: str) -> Patient | None:
        """Return one patient, if he is known."""
        return self._patients.get(patient_id)


def _after(version: int, changed: dict[str, int]) -> list[str]:
    """Return the sections that changed; a sparkline is told once, pages go on."""
    return [
        name
        for name, at in changed.items()
        if at > version and (name != "recent" or not version)
    ]
