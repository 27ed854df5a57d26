"""What two devices at one bedside say, second after second: no clock and no Kafka."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from digital_twin.shadow.bedside import Sensor, patient
from digital_twin.shadow.faults import Unit
from digital_twin.shadow.monitor import AS_MADE, Answer, Order
from digital_twin.shadow.state import Settings
from producers.contract import DEVICE_STATUS, REPORTS, VITALS
from producers.contract.fixes import SETTING_NAMES
from producers.schema import Topic

STATUS_EVERY_S: Final = 10
"""More often than the contract asks: what is fixed is watched more closely; our
choice."""

Out = tuple[Topic, dict[str, object]]


@dataclass(slots=True)
class Voice:
    """A device's own messages: numbered, timed by its clock, and counted.

    That signal, contact and battery are good all the time is our choice.
    """

    device_id: str
    patient_id: str
    sensor: Sensor
    seq: int = 0
    _spo2: list[float] = field(default_factory=list)
    _heart: list[float] = field(default_factory=list)

    def reading(self, true: dict[str, float], settings: Settings, ts_ms: int) -> Out:
        """Return one set of readings."""
        values = self.sensor.reading(true, settings)
        self._spo2.append(values["spo2_pct"])
        self._heart.append(values["heart_rate_bpm"])
        return VITALS, {**self._head(ts_ms), **values, "signal_quality_pct": 95.0}

    def status(self, unit: Unit, up_s: float, ts_ms: int) -> Out:
        """Return how it is, with the means since it last said so."""
        message = {
            **self._head(ts_ms),
            "boot_id": f"{self.device_id}-{unit.monitor.boot}",
            "uptime_s": up_s,
            "battery_pct": 80.0,
            "on_mains": True,
            "contact_pct": 95.0,
            "readings": len(self._spo2),
            "settings_version": unit.said.version,
            **unit.said.settings,
        }
        if self._spo2:
            message["mean_spo2_pct"] = sum(self._spo2) / len(self._spo2)
            message["mean_heart_rate_bpm"] = sum(self._heart) / len(self._heart)
        self._spo2, self._heart = [], []
        return DEVICE_STATUS, message

    def report(self, answer: Answer, boot: int, ts_ms: int) -> Out:
        """Return what it says of a command."""
        message: dict[str, object] = {
            "ts_ms": ts_ms,
            "command_id": answer.command_id,
            "device_id": self.device_id,
            "patient_id": self.patient_id,
            "report": answer.stage.value,
            "version": answer.state.version,
            **answer.state.settings,
            "boot_id": f"{self.device_id}-{boot}",
        }
        return REPORTS, message | ({"reason": answer.reason} if answer.reason else {})

    def _head(self, ts_ms: int) -> dict[str, object]:
        self.seq += 1
        return {
            "ts_ms": ts_ms,
            "device_id": self.device_id,
            "patient_id": self.patient_id,
            "seq": self.seq,
        }


@dataclass(slots=True)
class Bedside:
    """A patient, the device with its fault, and the reference beside it."""

    unit: Unit
    voice: Voice
    reference: Voice
    body: Iterator[dict[str, float]]
    _second: int = -1
    _boot: int = 0
    _started_s: int = 0

    @classmethod
    def of(
        cls, device_id: str, patient_id: str, unit: Unit, error_pct: float, seed: int
    ) -> "Bedside":
        """Return a bedside before its first second."""
        own, other = np.random.default_rng(seed).spawn(2)
        return cls(
            unit,
            Voice(device_id, patient_id, Sensor(own, error_pct)),
            Voice(f"{device_id}-reference", patient_id, Sensor(other)),
            patient(seed),
        )

    def second(self, commands: list[dict[str, Any]], now_ms: int) -> list[Out]:
        """Return what both devices say in the next second, given what was heard."""
        self._second += 1
        own_ms = now_ms + round(1000 * self.unit.clock_s)
        answers = self.unit.work()
        answers += [
            answer
            for command in commands
            for answer in self.unit.hear(order_of(command), own_ms)
        ]
        true = next(self.body)
        boot = self.unit.monitor.boot
        return [
            *(self.voice.report(answer, boot, own_ms) for answer in answers),
            self.voice.reading(true, self.unit.settings, own_ms),
            self.reference.reading(true, AS_MADE.settings, now_ms),
            *self._statuses(boot, own_ms, now_ms),
        ]

    def _statuses(self, boot: int, own_ms: int, now_ms: int) -> list[Out]:
        started = boot != self._boot
        if started:
            self._boot, self._started_s = boot, self._second
        up_s = float(self._second - self._started_s)
        due = self._second % STATUS_EVERY_S == 0
        said = [self.voice.status(self.unit, up_s, own_ms)] if due or started else []
        if due:
            other = Unit()
            said.append(self.reference.status(other, float(self._second), now_ms))
        return said


def order_of(command: dict[str, Any]) -> Order:
    """Return a command as the device takes it."""
    return Order(
        command["command_id"],
        command["action"],
        command["version"],
        {name: command[name] for name in SETTING_NAMES if name in command},
        command["deadline_ms"],
    )
