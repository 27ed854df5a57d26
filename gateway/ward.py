"""All patients, and what has changed of them since a page last heard.

A version counts the changes. A page says which it has seen and gets the sections
that changed since, however long that was: a slow page misses nothing but what is
no longer true.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from alerts.model import Alarm
from gateway.admission import Admission, Place
from gateway.conditions import Condition
from gateway.messages import Arrived
from gateway.patient import SPOKEN, Patient
from gateway.urgency import LeftOut, Urgency, urgency_of
from producers.contract import ALARMS, EEG_SCORES, SCORES, VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID, SYSTEM_PATIENT_ID
from producers.schema import HOUR_MS
from producers.validation import Message, verdict

FOLLOWED: Final = {topic.name: topic for topic in (VITALS, SCORES, EEG_SCORES, ALARMS)}
FORGOTTEN_MS: Final = 12 * HOUR_MS
"""Silent for so long and with nothing wrong, a patient is not here any more."""
MOST_GONE: Final = 1_000
"""Pages that have not heard of so many who left begin anew."""

EVERYWHERE: Final = ""
"""The ward of what concerns all of them."""

Known = dict[str, Condition]
"""Alarms by their ids."""


class Discharged(NamedTuple):
    """When somebody went home, and at which version that was."""

    at_ms: int
    version: int


class Ward:
    """The state behind every page; time is that of the broker."""

    def __init__(self, place_of: Callable[[str], Place]) -> None:
        """Know nobody yet; ``place_of`` says where a patient lies."""
        self.version = 0
        self.admission = Admission(place_of)
        self._begun_at = 0
        self._now_ms = 0
        self._changed: dict[str, dict[str, int]] = {}
        self._gone: dict[str, int] = {}
        self._discharged: dict[str, Discharged] = {}

    def take(self, arrived: Arrived) -> tuple[str, ...]:
        """Take in one message; of one that cannot be used, say why."""
        topic = FOLLOWED[arrived.topic_name]
        message, reasons = verdict(topic, arrived.payload, arrived.arrived_ms)
        if message is None:
            return reasons
        self._now_ms = max(self._now_ms, arrived.arrived_ms)
        patient_id = str(message["patient_id"])
        if self._is_shown(patient_id, arrived):
            if topic is ALARMS:
                self._hear_of(patient_id, Condition.of_step(message))
            else:
                self._read(patient_id, message, arrived)
        return ()

    def _is_shown(self, patient_id: str, arrived: Arrived) -> bool:
        """Whether it is a patient, or Vigil itself, and here."""
        if patient_id == SYSTEM_PATIENT_ID:
            return arrived.topic_name == ALARMS.name
        if is_nobody(patient_id):
            return False
        left = self._discharged.get(patient_id)
        if left is None:
            return True
        if arrived.topic_name not in SPOKEN or arrived.arrived_ms <= left.at_ms:
            return False
        del self._discharged[patient_id]
        return True

    def _read(self, patient_id: str, message: Message, arrived: Arrived) -> None:
        speaks = arrived.topic_name in SPOKEN
        patient = self._of(patient_id, urgency_of(None, is_speaking=speaks))
        if patient is not None:
            section = patient.take(arrived.topic_name, message, arrived.arrived_ms)
            self._note(patient_id, section)

    def _hear_of(self, patient_id: str, told: Condition) -> None:
        loudest = None if told.is_over else told
        patient = self._of(patient_id, urgency_of(loudest, is_speaking=False))
        if patient is not None:
            patient.hear_of(told, self.version + 1)
            self._note(patient_id, "alarms")

    def know(self, alarm: Alarm) -> None:
        """Take in an alarm as the database has just had it."""
        if is_nobody(alarm.patient_id):
            return
        told = Condition.of_alarm(alarm)
        loudest = None if told.is_over else told
        patient = self._of(alarm.patient_id, urgency_of(loudest, is_speaking=False))
        if patient is not None:
            patient.conditions.know(told, self.version + 1)
            self._note(alarm.patient_id, "alarms")

    def confirm(self, open_alarms: Iterable[Alarm], asked_at: int) -> None:
        """Put alarms right by what the database had open at version ``asked_at``."""
        known = self._by_patient(open_alarms, asked_at)
        for patient_id, loudest in known.items():
            self._discharged.pop(patient_id, None)
            urgency = urgency_of(next(iter(loudest.values())), is_speaking=False)
            self._of(patient_id, urgency)
        for patient_id, patient in [*self.admission.patients.items()]:
            if patient.conditions.confirm(known.get(patient_id, {}), asked_at):
                self._note(patient_id, "alarms")
            if patient.is_made_up:
                self._remove(patient_id)

    def _by_patient(self, alarms: Iterable[Alarm], asked_at: int) -> dict[str, Known]:
        """Return alarms by patient and id, the loudest first: it is to have a place."""
        conditions = ((each.patient_id, Condition.of_alarm(each)) for each in alarms)
        by_patient: defaultdict[str, Known] = defaultdict(dict)
        for patient_id, told in sorted(conditions, key=lambda each: -each[1].loudness):
            left = self._discharged.get(patient_id)
            if not is_nobody(patient_id) and (not left or left.version <= asked_at):
                by_patient[patient_id][told.alarm_id] = told
        return by_patient

    def _note(self, patient_id: str, section: str) -> None:
        self.version += 1
        self._changed[patient_id][section] = self.version

    def _of(self, patient_id: str, urgency: Urgency) -> Patient | None:
        """Return a patient, admitted if there is a place for somebody so urgent."""
        if (known := self.admission.patients.get(patient_id)) is not None:
            return known
        gives_way = self.admission.pushed_out(patient_id, urgency, self._now_ms)
        if gives_way is None:
            return None
        if gives_way:
            self._remove(gives_way)
        patient = self.admission.admit(patient_id)
        self._gone.pop(patient_id, None)
        self.version += 1
        self._changed[patient_id] = dict.fromkeys(patient.sections(), self.version)
        return patient

    def _remove(self, patient_id: str) -> None:
        self.admission.remove(patient_id)
        del self._changed[patient_id]
        self.version += 1
        self._gone[patient_id] = self.version
        if len(self._gone) > MOST_GONE:
            first = next(iter(self._gone))
            self._begun_at = self._gone.pop(first)

    def discharge(self, patient_id: str, at_ms: int) -> None:
        """Take from the page who went home, until a device of theirs speaks."""
        self.version += 1
        self._discharged[patient_id] = Discharged(at_ms, self.version)
        self.admission.left_out.discard(patient_id)
        if patient_id in self.admission.patients:
            self._remove(patient_id)

    @property
    def left_out(self) -> LeftOut:
        """Who is not shown for want of a place."""
        return self.admission.left_out

    def pass_time(self) -> None:
        """Notice what nobody tells: who has become less urgent than others."""
        self.admission.pass_time(self._now_ms)

    def forget(self, now_ms: int) -> None:
        """Forget who has long been silent."""
        since_ms = now_ms - FORGOTTEN_MS
        for patient_id, patient in [*self.admission.patients.items()]:
            if patient.heard_ms < since_ms and not patient.conditions.ongoing():
                self._remove(patient_id)
        left = self._discharged.items()
        self._discharged = {who: each for who, each in left if each.at_ms >= since_ms}

    def wards(self) -> list[str]:
        """Return every ward in which somebody lies."""
        return sorted(set(self.admission.ward_of.values()) - {EVERYWHERE})

    def since(self, version: int, ward: str) -> dict[str, Any]:
        """Return what changed in ``ward`` (empty: everywhere) after ``version``.

        Version 0 is that of a page that knows nothing: it is told the ``whole``.
        """
        if version < self._begun_at:
            version = 0
        known, ward_of = self.admission.patients, self.admission.ward_of
        patients = {
            patient_id: known[patient_id].sections(names)
            for patient_id, changed in self._changed.items()
            if not ward or ward_of[patient_id] in (ward, EVERYWHERE)
            if (names := _after(version, changed))
        }
        gone = [each for each, at in self._gone.items() if version and at > version]
        told = {"whole": not version, "patients": patients, "gone": gone}
        return {"version": self.version, **told}

    def patient(self, patient_id: str) -> Patient | None:
        """Return one patient, if they are known."""
        return self.admission.patients.get(patient_id)


def is_nobody(patient_id: str) -> bool:
    """Whether it only shows that the way is open, and is no patient for anybody."""
    reserved = f"{SYSTEM_PATIENT_ID}-"
    return patient_id == SYNTHETIC_PATIENT_ID or patient_id.startswith(reserved)


def _after(version: int, changed: dict[str, int]) -> list[str]:
    """Return the sections that changed; a sparkline never does, for pages go on."""
    return [name for name, at in changed.items() if at > version]
