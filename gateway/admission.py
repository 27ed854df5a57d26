"""Patients, and who of them has a place on the page."""

from collections.abc import Callable, Iterator
from typing import Final

from gateway.patient import Patient
from gateway.urgency import Candidate, LeftOut, Queue, Urgency
from producers.contract.columns import SYSTEM_PATIENT_ID

MOST_PATIENTS: Final = 5_000
"""Devices that make up pseudonyms must not fill the memory."""

Place = tuple[str, str]
"""A ward, and a bed or a pseudonym."""


class Admission:
    """Admits while there is room, and then in place of whoever is less urgent."""

    def __init__(self, place_of: Callable[[str], Place]) -> None:
        """Know nobody yet; ``place_of`` says where a patient lies."""
        self.patients: dict[str, Patient] = {}
        self.ward_of: dict[str, str] = {}
        self.left_out = LeftOut()
        self._place_of = place_of
        self._queue = Queue()

    def pushed_out(self, patient_id: str, urgency: Urgency, now_ms: int) -> str | None:
        """Return who gives way to somebody new: nobody where there is room (empty).

        None: there is no place. Alarms about Vigil itself are not counted.
        """
        if len(self.patients) < MOST_PATIENTS or patient_id == SYSTEM_PATIENT_ID:
            return ""
        urgency = self.left_out.all_known(patient_id, urgency)
        least = self._queue.first(
            lambda: self._everybody(now_ms), lambda each: self._urgency(each, now_ms)
        )
        if least is None or not urgency > least[0]:
            self.left_out.add(patient_id, urgency, now_ms)
            return None
        self.left_out.add(least[1], least[0], now_ms)
        return least[1]

    def _everybody(self, now_ms: int) -> Iterator[Candidate]:
        for patient_id, patient in self.patients.items():
            if patient_id != SYSTEM_PATIENT_ID:
                yield patient.urgency(now_ms), patient_id

    def _urgency(self, patient_id: str, now_ms: int) -> Urgency | None:
        patient = self.patients.get(patient_id)
        return None if patient is None else patient.urgency(now_ms)

    def admit(self, patient_id: str) -> Patient:
        """Give somebody a place, and return what is known of them: nothing yet."""
        self.ward_of[patient_id], place = self._place_of(patient_id)
        self.left_out.discard(patient_id)
        patient = self.patients[patient_id] = Patient(place)
        return patient

    def remove(self, patient_id: str) -> None:
        """Take a place away."""
        del self.patients[patient_id]
        del self.ward_of[patient_id]

    def pass_time(self, now_ms: int) -> None:
        """Notice who has become less urgent, and who asks for no place any more."""
        self._queue.form_anew()
        self.left_out.forget(now_ms)
