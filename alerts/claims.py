"""What is sent next, and in which message: high alone, the rest put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.holds import HIGH, TOO_MANY, Drop, Present, Send, Wait, untrue, verdict
from alerts.model import StepKind, hashed
from alerts.notice_table import Notice, Sending
from alerts.outbox import Claimed, due, joining, of_message
from alerts.ward_facts import Alarms, Around, Look, open_alarms, present

TOGETHER: Final = 500
"""So many notices are summed up in one message at most."""


def claim(
    session: Session, channel: str, most: int, now_ms: int, around: Around
) -> list[Claimed]:
    """Return up to ``most`` messages, the most urgent first, marked as being sent.

    High goes alone. All else that is due for one person goes in one message.
    """
    first = due(session, channel, now_ms)
    look = Look(session, around, now_ms)
    look.know(first)
    going = _Going(look)
    seen, messages = set[str](), list[Claimed]()
    with session.no_autoflush:  # all that is claimed is written at once
        for notice in first:
            together = _together(notice)
            if together in seen or len(messages) == most:
                continue
            seen.add(together)
            if leaving := going.take(_all_of(session, notice, now_ms)):
                messages.append(_claimed(session, leaving, around.alarms, now_ms))
    return messages


def look_again(session: Session, claimed: Claimed) -> Claimed:
    """Return a message as it is true now, which may have taken a while to leave.

    What is not true any more is dropped from it; nothing may be left.
    """
    numbers = [each.number for each in claimed.notices]
    here = Notice.number.in_(numbers), Notice.sending == Sending.SENDING
    notices = session.scalars(select(Notice).where(*here).order_by(*_ORDER)).all()
    alarms = present(session, notices)
    for each in notices:
        now = alarms.get(each.alarm_id)
        if drop := untrue(each, now):
            each.sending, each.why = Sending.DROPPED, drop.why
        else:
            _bring_up_to_date(each, now)
    left = tuple(each for each in notices if each.sending is Sending.SENDING)
    return replace(claimed, notices=left)


def leave_out_unreadable(session: Session, channel: str) -> list[int]:
    """Give up what is to be sent and no version of us writes; return which it was.

    Whatever a notice of this version says of itself can be read by itself, and what is
    known of its alarm.
    """
    open_ones = Notice.sending.in_((Sending.WAITING, Sending.SENDING))
    numbers = select(Notice.number).where(Notice.channel == channel, open_ones)
    left_out = [
        number
        for number in session.scalars(numbers).all()
        if not _is_readable(session, number)
    ]
    this = update(Notice).where(Notice.number.in_(left_out))
    if left_out:
        session.execute(this.values(sending=Sending.FAILED, why="cannot be read"))
    return left_out


def _is_readable(session: Session, number: int) -> bool:
    try:
        notice = session.get_one(Notice, number)
        present(session, [notice])
        if notice.rank < HIGH:
            open_alarms(session, notice.patient_id)
    except (LookupError, ValueError):
        return False
    return True


_ORDER: Final = (Notice.rank.desc(), Notice.number)


@dataclass(slots=True)
class _Going:
    """What leaves with this claim."""

    look: Look
    _told: dict[tuple[str, str], int] = field(default_factory=dict)
    """The latest step of an alarm that a person is told now."""

    def take(self, notices: Sequence[Notice]) -> list[Notice]:
        """Return those of ``notices`` that leave now; write why the others do not."""
        self.look.know(notices)
        return [each for each in notices if self._leaves(each)]

    def _leaves(self, notice: Notice) -> bool:
        facts = self.look.facts(notice)
        about = notice.alarm_id, notice.recipient
        if self._told.get(about, 0) > notice.number:
            facts = replace(facts, told_later=True)
        match verdict(notice, facts, self.look.now_ms):
            case Send():
                self._told[about] = max(notice.number, self._told.get(about, 0))
                notice.missed = facts.missed
                _bring_up_to_date(notice, facts.present)
                return True
            case Wait(until_ms, why):
                _wait(self.look.session, notice, until_ms, why, self.look.around.alarms)
            case Drop(why):
                notice.sending, notice.why = Sending.DROPPED, why
        return False


def _all_of(session: Session, notice: Notice, now_ms: int) -> Sequence[Notice]:
    """Return what goes in one message with ``notice``, itself included."""
    if notice.message_id is not None:
        return of_message(session, notice.message_id)
    if notice.rank == HIGH:
        return [notice]
    return joining(session, notice, now_ms, TOGETHER)


def _together(notice: Notice) -> str:
    """Return what notices of one message share; what was tried stays as it was."""
    alone = notice.notice_id if notice.rank == HIGH else notice.recipient
    return notice.message_id or alone


def _bring_up_to_date(notice: Notice, now: Present | None) -> None:
    """Let a notice say how grave its alarm is now; its end says how grave it was."""
    if now is not None and notice.phase is not StepKind.CLEARED:
        notice.state, notice.severity = now.state, now.severity


def _claimed(
    session: Session, notices: list[Notice], alarms: Alarms, now_ms: int
) -> Claimed:
    first = notices[0]
    if any(each.why == TOO_MANY for each in notices):
        session.flush()
        alarms.flooded(session, first.recipient, first.channel, over=True)
    message_id = first.message_id or _new_id(first)
    for notice in notices:
        notice.sending, notice.message_id = Sending.SENDING, message_id
        notice.tries += 1
        notice.tried_ms = notice.tried_ms or now_ms
    return Claimed(message_id, tuple(notices), now_ms)


def _new_id(first: Notice) -> str:
    """Return the id of a new message; one that was parted is another one."""
    return hashed(first.notice_id, str(first.tries)) if first.tries else first.notice_id


def _wait(
    session: Session, notice: Notice, until_ms: int, why: str, alarms: Alarms
) -> None:
    """Let a notice wait; what it was tried with goes without it."""
    if why == TOO_MANY != notice.why:
        session.flush()
        alarms.flooded(session, notice.recipient, notice.channel, over=False)
    notice.not_before_ms, notice.why, notice.held = until_ms, why, True
    notice.message_id = None
