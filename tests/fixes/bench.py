"""The whole loop without a broker: a desk, a bedside, and who judges telemetry.

A second is a step. What one says is heard by the others in the next second. The
judge is not the job: it measures as the twin does, which is what the job is held
against in its own tests.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from digital_twin.shadow.expectation import Seen, measured
from digital_twin.shadow.faults import Fault, Unit
from digital_twin.shadow.stages import Life
from fixes.cli import wish_for
from fixes.desk import Desk
from fixes.proofs import life_of
from fixes.wishes import wish_message
from producers.bedside import Bedside
from producers.contract import (
    COMMANDS,
    MATCHES,
    PROOFS,
    VERDICTS,
    VITALS,
    WISHES,
)
from producers.contract.fixes import STATES
from producers.schema import Topic
from producers.validation import verdict
from tests.streams import EPOCH_MS, assert_known_columns

DEVICE = "monitor"
PATIENT = "p"
Heard = tuple[str, dict[str, Any]]


@dataclass
class Bench:
    """A device with a fault, its reference, and the desk."""

    fault: Fault = Fault.NONE
    error_pct: float = -5.0
    now_s: int = 0
    desk: Desk = field(default_factory=Desk)
    written: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    wishes: list[dict[str, Any]] = field(default_factory=list)
    is_on: bool = True
    bedside: Bedside = field(init=False)
    _vitals: list[dict[str, Any]] = field(default_factory=list)
    _to_device: list[dict[str, Any]] = field(default_factory=list)
    _judged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Put the devices beside the patient."""
        unit = Unit(self.fault)
        self.bedside = Bedside.of(DEVICE, PATIENT, unit, self.error_pct, seed=1)

    @property
    def now_ms(self) -> int:
        """The time by everybody's clock."""
        return EPOCH_MS + self.now_s * 1000

    def run(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self.now_s += 1
            said = self.bedside.second(self._taken(), self.now_ms) if self.is_on else []
            for topic, message in said:
                assert_fit(topic, message, self.now_ms)
                if topic is VITALS:
                    self._vitals.append(message)
                else:
                    self._tell(topic.name, message)
            self._judge()
            self.desk.pass_time(self.now_ms)
            self._deliver()

    def ask(
        self,
        action: str,
        value: str | None = None,
        *,
        based_on: int | None = None,
        deadline_s: float = 60.0,
    ) -> str:
        """Ask for a fix; return the id of its command."""
        wish = wish_for(DEVICE, action, value, based_on, deadline_s, "nurse")
        message = wish_message(wish, self.now_ms)
        assert_fit(WISHES, message, self.now_ms)
        self.wishes.append(message)
        self._tell(WISHES.name, message)
        self._deliver()
        return wish.command_id

    def restart_desk(self) -> None:
        """Let the desk die, and another one take up what it wrote."""
        proofs = self.written.get(PROOFS.name, [])
        self.desk = Desk()
        self.desk.remember(proofs, self.now_ms)
        self._deliver()

    def life(self, command_id: str) -> Life:
        """Return a life as the topic tells it."""
        steps = self.written[PROOFS.name]
        [*_, newest] = [m for m in steps if m["command_id"] == command_id]
        life = life_of(newest)
        assert life.state == self.desk.lives[command_id].state
        return life

    def states(self, command_id: str) -> list[str]:
        """Return the states that were written, each once."""
        steps = self.written[PROOFS.name]
        told = [m["state"] for m in steps if m["command_id"] == command_id]
        assert set(told) <= set(STATES)
        return list(dict.fromkeys(told))

    @property
    def matches(self) -> list[dict[str, Any]]:
        """What was said to be a condition."""
        return self.written.get(MATCHES.name, [])

    @property
    def commands(self) -> list[dict[str, Any]]:
        """What was sent to the device."""
        return self.written.get(COMMANDS.name, [])

    def _tell(self, topic: str, message: dict[str, Any]) -> None:
        """Let the desk hear what a broker would have carried."""
        self.desk.hear(topic, orjson.loads(orjson.dumps(message)), self.now_ms)

    def _deliver(self) -> None:
        for topic, message in self.desk.out:
            assert_fit(topic, message, self.now_ms)
            self.written.setdefault(topic.name, []).append(message)
            if topic is COMMANDS:
                self._to_device.append(orjson.loads(orjson.dumps(message)))
        self.desk.out.clear()

    def lose(self) -> None:
        """Let what is on its way to the device be lost."""
        self._to_device = []

    def _taken(self) -> list[dict[str, Any]]:
        taken, self._to_device = self._to_device, []
        return taken

    def _judge(self) -> None:
        steps = self.written.get(PROOFS.name, [])
        for step in [s for s in steps if s["state"] == "applied"]:
            from_s = (step["applied_ms"] - EPOCH_MS) / 1000 + step["settle_s"]
            is_over = self.now_s > from_s + step["window_s"] + 5
            if is_over and step["command_id"] not in self._judged:
                self._judged.add(step["command_id"])
                self._tell(VERDICTS.name, self._verdict(step, from_s))

    def _verdict(self, step: dict[str, Any], from_s: float) -> dict[str, Any]:
        needed = life_of(step).command.wish.expectation
        from_ms = EPOCH_MS + round(from_s * 1000)
        to_ms = from_ms + round(needed.window_s * 1000)
        inside = [v for v in self._vitals if from_ms <= v["ts_ms"] < to_ms]
        name = needed.signal
        own, other = (
            np.array([v.get(name, np.nan) for v in inside if v["device_id"] == d])
            for d in (DEVICE, f"{DEVICE}-reference")
        )
        unit = self.bedside.unit
        boot, firmware = f"{DEVICE}-{unit.monitor.boot}", unit.said.settings["firmware"]
        alarm_pct = unit.said.settings["spo2_alarm_pct"]
        after = {"boot_id": boot, "firmware": firmware}.get(name, alarm_pct)
        wanted = step.get("desired_firmware", "")
        seen = Seen(own, other, step["boot_before"], after, wanted)
        value = measured(needed, seen)
        return {
            "command_id": step["command_id"],
            "device_id": DEVICE,
            "met": needed.met_by(value),
            "observed": value,
            "readings": len(own),
            "reference_readings": len(other),
        }


def assert_fit(topic: Topic, message: dict[str, Any], now_ms: int) -> None:
    """Refuse a message that a reader of the contract would not take as it is."""
    assert_known_columns([message], topic)
    assert verdict(topic, orjson.dumps(message), now_ms).reasons == ()


def started(fault: Fault = Fault.NONE, error_pct: float = -5.0) -> Bench:
    """Return a bench whose devices have said how they are."""
    bench = Bench(fault, error_pct)
    bench.run(12)
    return bench
