"""What can go wrong between a device and its commands, one at a time, as data.

A faulty device is the same device with its ears, its hands or its mouth disturbed.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from digital_twin.shadow import monitor as device
from digital_twin.shadow.monitor import Answer, Monitor, Order
from digital_twin.shadow.stages import Stage
from digital_twin.shadow.state import Settings, State


class Fault(StrEnum):
    """What is wrong with the device or its line."""

    NONE = "none"
    LOST = "lost"
    DUPLICATE = "duplicate"
    REORDERED = "reordered"
    LYING = "lying"
    REBOOT = "reboot"
    CLOCK = "clock"
    MODIFYING = "modifying"


DOC: Final = {
    Fault.NONE: "a good device",
    Fault.LOST: "each command is lost on its way",
    Fault.DUPLICATE: "each command comes twice, and each answer goes out twice",
    Fault.REORDERED: "answers go out in the reverse order",
    Fault.LYING: "it says applied, and does nothing",
    Fault.REBOOT: "it starts anew between accepting and applying the first command",
    Fault.CLOCK: "its clock is 20 s behind",
    Fault.MODIFYING: "it can be set by 3 % at most, and does what it can",
}
FOUND: Final = {
    Fault.NONE: Stage.SETTLED,
    Fault.LOST: Stage.EXPIRED,
    Fault.DUPLICATE: Stage.SETTLED,
    Fault.REORDERED: Stage.SETTLED,
    Fault.LYING: Stage.FAILED_VERIFICATION,
    Fault.REBOOT: Stage.SETTLED,
    Fault.CLOCK: Stage.FAILED_VERIFICATION,
    Fault.MODIFYING: Stage.MODIFIED,
}
"""How the life of a command to a device with that fault must end."""

CLOCK_BEHIND_S: Final = 20.0
"""Our choice: far more than readings may be late, as clocks that nobody sets are."""

NARROW_PCT: Final = 3.0
"""Our choice: less than what an oximeter may have to be corrected by (4 %)."""


@dataclass(slots=True)
class Unit:
    """A device with a fault. ``monitor`` is what it is, ``said`` what it says it is."""

    fault: Fault = Fault.NONE
    monitor: Monitor = field(default_factory=Monitor)
    _claimed: State | None = None
    _waiting: list[Answer] = field(default_factory=list)
    _has_restarted: bool = False

    def __post_init__(self) -> None:
        """Give it the limits that its fault means."""
        if self.fault is Fault.MODIFYING:
            self.monitor = replace(self.monitor, largest_offset_pct=NARROW_PCT)

    @property
    def settings(self) -> Settings:
        """What its sensor really works with."""
        return self.monitor.state.settings

    @property
    def said(self) -> State:
        """The state it claims. A lie is about settings: not firmware, not starts."""
        return self._claimed or self.monitor.state

    @property
    def clock_s(self) -> float:
        """How far its clock is ahead."""
        return -CLOCK_BEHIND_S if self.fault is Fault.CLOCK else 0.0

    def hear(self, order: Order, now_ms: int) -> list[Answer]:
        """Return what it answers to ``order``."""
        if self.fault is Fault.LOST:
            return []
        if self.fault is Fault.LYING:
            return self._lie(order)
        times = 2 if self.fault is Fault.DUPLICATE else 1
        answers = [each for _ in range(times) for each in self._heard(order, now_ms)]
        if self.fault is Fault.REORDERED:
            self._waiting += answers
            return []
        return answers

    def work(self) -> list[Answer]:
        """Return what it answers a second later."""
        if self._restarts_now():
            self.monitor = device.restart(self.monitor)
            return []
        turn = device.work(self.monitor)
        self.monitor = turn.monitor
        answers = [*self._waiting, *turn.answers][::-1]
        if not turn.answers and self.monitor.pending:
            return []
        self._waiting = []
        return answers * (2 if self.fault is Fault.DUPLICATE else 1)

    def _restarts_now(self) -> bool:
        restarts = self.fault is Fault.REBOOT and self.monitor.pending is not None
        first = restarts and not self._has_restarted
        self._has_restarted = self._has_restarted or restarts
        return first

    def _heard(self, order: Order, now_ms: int) -> tuple[Answer, ...]:
        turn = device.hear(self.monitor, order, now_ms)
        self.monitor = turn.monitor
        return turn.answers

    def _lie(self, order: Order) -> list[Answer]:
        firmware = {"firmware": self.monitor.state.settings["firmware"]}
        wanted = {**self.said.settings, **order.changes}
        self._claimed = State(order.version, {**wanted, **firmware})
        claim = State(order.version, wanted)
        stages = (Stage.DELIVERED, Stage.ACCEPTED, Stage.APPLIED)
        return [Answer(order.command_id, stage, claim) for stage in stages]
