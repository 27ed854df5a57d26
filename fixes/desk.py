"""The desk: it decides on wishes, sends commands, and follows each to its end.

No Kafka and no clock: what is heard goes in with the time at which the broker took
it, and what is to be written comes out. To hear the same again changes nothing.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from digital_twin.shadow.command import Wish
from digital_twin.shadow.life import step
from digital_twin.shadow.stages import (
    Event,
    Life,
    Passed,
    Replaced,
    Resent,
    Stage,
    Told,
)
from digital_twin.shadow.state import Shadow, difference
from fixes import drift
from fixes.decision import decided, refused, shadow_of
from fixes.heard import Heard, Status, status_of
from fixes.proofs import life_of, proof_message
from fixes.wire import Message, command_message, judged_of, said_of
from fixes.wishes import objection, wish_of
from producers.contract import (
    COMMANDS,
    DEVICE_STATUS,
    MATCHES,
    PROOFS,
    REPORTS,
    VERDICTS,
    WISHES,
)
from producers.schema import Topic

logger = logging.getLogger(__name__)

_UNAPPLIED: Final = (Stage.ISSUED, Stage.DELIVERED, Stage.ACCEPTED)
_SILENT: Final = "no status of {} was heard lately: is it on, and is that its name?"
_BUSY: Final = "{} of the same patient is being fixed: wait for its end"


class Outgoing(NamedTuple):
    """A message to be written."""

    topic: Topic
    message: dict[str, object]


@dataclass(slots=True)
class Desk:
    """All commands, all devices, and what is to be written next."""

    lives: dict[str, Life] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    out: list[Outgoing] = field(default_factory=list)
    _newest: dict[str, str] = field(default_factory=dict)

    def remember(self, proofs: Iterable[Message], now_ms: int) -> None:
        """Take up where an earlier desk stopped, by all steps that it wrote.

        What the broker may not have got then is sent again: a device knows a
        command by its id.
        """
        for proof in proofs:
            self._keep(life_of(proof))
        for life in self._open():
            if life.state is Stage.ISSUED:
                self._resend(life, "the desk has started anew", now_ms)

    def hear(
        self, topic: str, message: Message, at_ms: int, reasons: Sequence[str] = ()
    ) -> None:
        """Take in one message, which the broker took at ``at_ms``.

        It is what the contract leaves of it; ``reasons`` say what was unusable.
        """
        if topic == WISHES.name:
            self.wished(message, at_ms, reasons)
        else:
            _EARS[topic](self, message, at_ms)

    def pass_time(self, now_ms: int) -> None:
        """End what has waited for too long; one that cannot be ended stops no other."""
        for life in self._open():
            try:
                self._happen(life, Passed(now_ms))
            except Exception:
                logger.exception("time cannot pass for %s", life.command.command_id)

    def wished(self, message: Message, at_ms: int, reasons: Sequence[str] = ()) -> None:
        """Decide on a wish, once."""
        wish = wish_of(message)
        if wish.command_id in self.lives:
            return
        if why := objection(message, reasons):
            self._write(refused(wish, why, at_ms), at_ms)
            return
        life = self._decided(wish, at_ms)
        if life.state is Stage.ISSUED:
            self._supersede(wish, at_ms)
            self._send(life, at_ms)
        self._write(life, at_ms)

    def _decided(self, wish: Wish, at_ms: int) -> Life:
        device_id = wish.device_id
        status = self.heard.lately(device_id, at_ms)
        if status is None:
            return refused(wish, _SILENT.format(device_id), at_ms)
        if busy := self._busy_beside(device_id, status):
            return refused(wish, busy, at_ms, status)
        shadow = shadow_of(self._of_device(device_id), status)
        situation = self.heard.situation(device_id, status)
        return decided(wish, status, shadow, situation, at_ms)

    def _busy_beside(self, device_id: str, status: Status) -> str:
        """Return why the patient's other devices are no reference now, if so."""
        others = self.heard.others(device_id, status.patient_id)
        busy = {life.command.wish.device_id for life in self._open()} & others
        return _BUSY.format(min(busy)) if busy else ""

    def _supersede(self, wish: Wish, at_ms: int) -> None:
        life = self._of_device(wish.device_id)
        if life and not life.is_over:
            self._happen(life, Replaced(at_ms, wish.command_id))

    def told(self, message: Message, at_ms: int) -> None:
        """Take in a status; what a device may have missed is sent again."""
        device_id: str = message["device_id"]
        status = status_of(message, at_ms)
        missed = self.heard.hear(device_id, status)
        if (life := self._of_device(device_id)) is None:
            return
        if missed and life.state in _UNAPPLIED:
            life = self._resend(life, missed, at_ms)
        self._happen(life, Told(at_ms, status.state))

    def reported(self, message: Message, at_ms: int) -> None:
        """Take in what a device says of a command."""
        said = said_of(message, at_ms)
        if life := self.lives.get(message["command_id"]):
            self._happen(life, said)

    def judged(self, message: Message, at_ms: int) -> None:
        """Take in what telemetry says of a command."""
        judged = judged_of(message, at_ms)
        if life := self.lives.get(message["command_id"]):
            self._happen(life, judged)

    def _happen(self, life: Life, event: Event) -> Life:
        after = step(life, event)
        if after != life:
            self._write(after, event.at_ms)
        if match := drift.news(life, after, event.at_ms):
            self.out.append(Outgoing(MATCHES, match))
        return after

    def _resend(self, life: Life, why: str, at_ms: int) -> Life:
        after = self._happen(life, Resent(at_ms, why))
        self._send(after, at_ms)
        return after

    def _send(self, life: Life, at_ms: int) -> None:
        """Send what is desired and not so, by the newest that the device said."""
        command = life.command
        newest = self.heard.newest.get(command.wish.device_id)
        reported = newest.state if newest else life.reported
        changes = difference(Shadow(command.desired, reported))
        message = command_message(command, changes, at_ms)
        self.out.append(Outgoing(COMMANDS, message))

    def _write(self, life: Life, at_ms: int) -> None:
        self._keep(life)
        self.out.append(Outgoing(PROOFS, proof_message(life, at_ms)))

    def _keep(self, life: Life) -> None:
        """Remember ``life``; of a device's commands the newest version counts."""
        command = life.command
        self.lives[command.command_id] = life
        if life.state is Stage.REFUSED:
            return
        newest = self._of_device(command.wish.device_id)
        if newest is None or command.desired.version >= newest.command.desired.version:
            self._newest[command.wish.device_id] = command.command_id

    def _of_device(self, device_id: str) -> Life | None:
        command_id = self._newest.get(device_id)
        return self.lives[command_id] if command_id else None

    def _open(self) -> list[Life]:
        newest = (self.lives[command_id] for command_id in self._newest.values())
        return [life for life in newest if not life.is_over]


_EARS: Final[dict[str, Callable[[Desk, Message, int], None]]] = {
    DEVICE_STATUS.name: Desk.told,
    REPORTS.name: Desk.reported,
    VERDICTS.name: Desk.judged,
}
