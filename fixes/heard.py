"""What devices say of themselves: the newest status of each."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from digital_twin.shadow.state import State
from digital_twin.shadow.trial import Situation
from fixes.wire import Message, settings_of

SILENCE_MS: Final = 150_000
"""A status comes once a minute: after so long without one, a device was away."""


class Status(NamedTuple):
    """A device's newest status, and when the broker took it."""

    patient_id: str
    at_ms: int
    boot_id: str
    state: State
    mean_spo2_pct: float | None


def status_of(message: Message, at_ms: int) -> Status:
    """Return the status that ``message`` is.

    Raises
    ------
    KeyError
        It is none.
    """
    return Status(
        patient_id=message["patient_id"],
        at_ms=at_ms,
        boot_id=message["boot_id"],
        state=State(message.get("settings_version", 0), settings_of(message)),
        mean_spo2_pct=message.get("mean_spo2_pct"),
    )


@dataclass(slots=True)
class Heard:
    """Every device that was heard, and whose it is."""

    newest: dict[str, Status] = field(default_factory=dict)
    _of_patient: dict[str, set[str]] = field(default_factory=dict)

    def hear(self, device_id: str, status: Status) -> str:
        """Keep ``status``; return why the device may have missed what was sent."""
        before = self.newest.get(device_id)
        self.newest[device_id] = status
        self._of_patient.setdefault(status.patient_id, set()).add(device_id)
        if before is None:
            return ""
        if before.boot_id != status.boot_id:
            return "the device has started anew"
        if status.at_ms - before.at_ms > SILENCE_MS:
            return "the device was silent"
        return ""

    def lately(self, device_id: str, now_ms: int) -> Status | None:
        """Return the newest status, unless the device has been silent since."""
        status = self.newest.get(device_id)
        if status is None or now_ms - status.at_ms > SILENCE_MS:
            return None
        return status

    def others(self, device_id: str, patient_id: str) -> set[str]:
        """Return the patient's other devices."""
        return self._of_patient.get(patient_id, set()) - {device_id}

    def situation(self, device_id: str, status: Status) -> Situation:
        """Return what the twin must know of a device."""
        others = self.others(device_id, status.patient_id)
        found = (self.lately(other, status.at_ms) for other in others)
        means = [s.mean_spo2_pct for s in found if s and s.mean_spo2_pct is not None]
        return Situation(
            state=status.state,
            mean_spo2_pct=status.mean_spo2_pct,
            other_spo2_pct=sum(means) / len(means) if means else None,
        )
