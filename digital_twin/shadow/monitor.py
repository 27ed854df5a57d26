"""A device that takes commands: pure, so that twin and device are the same code.

Its settings, their version and the last command it applied outlive a restart; a
command that it has accepted and not applied yet does not.
"""

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from digital_twin.shadow.stages import Stage
from digital_twin.shadow.state import Settings, State

AS_MADE: Final = State(
    0,
    {
        "averaging_s": 1.0,
        "spo2_offset_pct": 0.0,
        "spo2_alarm_pct": 90.0,
        "firmware": "1.0.0",
    },
)
"""As it leaves the factory; our choice.

Each second is read on its own, so that averaging can be seen to begin. Below 90 % is
where monitors of several makers sound unless told otherwise.
"""

LONGEST_AVERAGING_S: Final = 30.0
"""Some oximeters can be set to 21 s: Farre, R. et al. (1998). Sleep 21(4): 386-390.

Half as much again is our choice.
"""

LARGEST_OFFSET_PCT: Final = 10.0
"""Our choice: more than twice the 4 % that ISO 80601-2-61 lets an oximeter be off."""

RESTARTING: Final = frozenset({"restart", "firmware"})


class Order(NamedTuple):
    """A command as the device gets it."""

    command_id: str
    action: str
    version: int
    changes: Settings
    deadline_ms: int


class Answer(NamedTuple):
    """What the device says of a command, and what it is then."""

    command_id: str
    stage: Stage
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A device: what it is, and what it is about to do."""

    state: State = AS_MADE
    boot: int = 1
    pending: Order | None = None
    applied: str = ""
    largest_offset_pct: float = LARGEST_OFFSET_PCT

    def answer(self, order: Order, stage: Stage, reason: str = "") -> Answer:
        """Return what it says of ``order`` now."""
        return Answer(order.command_id, stage, self.state, reason)


@dataclass(frozen=True, slots=True)
class Turn:
    """A device after something happened, and what it says of it."""

    monitor: Monitor
    answers: tuple[Answer, ...] = field(default=())


def hear(monitor: Monitor, order: Order, now_ms: int) -> Turn:
    """Return what a device does when ``order`` comes; again: it says so again."""
    delivered = monitor.answer(order, Stage.DELIVERED)
    if order.command_id == monitor.applied:
        return Turn(monitor, (delivered, monitor.answer(order, Stage.APPLIED)))
    if reason := _refusal(monitor, order, now_ms):
        return Turn(monitor, (delivered, monitor.answer(order, Stage.REJECTED, reason)))
    accepted = monitor.answer(order, Stage.ACCEPTED)
    return Turn(replace(monitor, pending=order), (delivered, accepted))


def _refusal(monitor: Monitor, order: Order, now_ms: int) -> str:
    if order.version <= monitor.state.version:
        return f"it is at version {monitor.state.version} already"
    if now_ms >= order.deadline_ms:
        return "the deadline has passed by its clock"
    if strange := sorted(order.changes.keys() - AS_MADE.settings.keys()):
        return f"it has no setting {', '.join(strange)}"
    return ""


def work(monitor: Monitor) -> Turn:
    """Return what a device does next: it applies what it has accepted."""
    order = monitor.pending
    if order is None:
        return Turn(monitor)
    settings, reason = _possible(monitor, order)
    done = replace(
        monitor,
        state=State(order.version, settings),
        pending=None,
        applied=order.command_id,
    )
    if order.action in RESTARTING:
        done = restart(done)
    return Turn(done, (done.answer(order, Stage.APPLIED, reason),))


def _possible(monitor: Monitor, order: Order) -> tuple[Settings, str]:
    """Return the settings as far as the device can, and what it cannot."""
    wanted = {**monitor.state.settings, **order.changes}
    possible = dict(wanted)
    most = {
        "averaging_s": LONGEST_AVERAGING_S,
        "spo2_offset_pct": monitor.largest_offset_pct,
    }
    for name, limit in most.items():
        possible[name] = max(-limit, min(limit, float(wanted[name])))
    cut = [f"{n} is {most[n]:g} at most" for n in most if possible[n] != wanted[n]]
    return possible, "; ".join(cut)


def restart(monitor: Monitor) -> Monitor:
    """Return it after another start."""
    return replace(monitor, boot=monitor.boot + 1, pending=None)
