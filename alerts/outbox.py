"""Notices go in with the step that caused them, and come out the most urgent first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import Session, aliased

from alerts.holds import HIGH
from alerts.model import Alarm, Step, StepKind
from alerts.notice_table import Notice, Sending
from alerts.notices import Reach, notices_for
from alerts.people import People

AT_ONCE: Final = 50
"""So many notices are looked at in one go."""

ENDS: Final = frozenset({Sending.DELIVERED, Sending.FAILED})
"""What a provider said last."""


def record(session: Session, alarm: Alarm, step: Step, people: People) -> None:
    """Write the notices that ``step`` causes; those that are there stay as they are."""
    told = _told(session, alarm) if step.kind is StepKind.CLEARED else []
    new = notices_for(alarm, step, people, told)
    if not new:
        return
    ids = [each.notice_id for each in new]
    known = select(Notice.notice_id).where(Notice.notice_id.in_(ids))
    with session.no_autoflush:  # a storm is written at once; no step comes twice in it
        there = set(session.scalars(known))
    for each in new:
        if each.notice_id not in there:
            session.add(Notice(**asdict(each), held=each.not_before_ms > step.at_ms))


def _told(session: Session, alarm: Alarm) -> list[Reach]:
    """Return who was told of ``alarm``, and by which channel."""
    query = select(Notice.recipient, Notice.channel).distinct()
    told = session.execute(query.where(Notice.alarm_id == alarm.alarm_id))
    return [(name, way) for name, way in told]


@dataclass(frozen=True, slots=True)
class Claimed:
    """The notices of one message, marked as being sent; true as of ``looked_ms``."""

    message_id: str
    notices: tuple[Notice, ...]
    looked_ms: int


def due(
    session: Session, channel: str, now_ms: int, most: int = AT_ONCE
) -> Sequence[Notice]:
    """Return what may be sent, the most urgent first.

    A notice waits for an earlier one of the same alarm to the same person, unless
    that is less urgent, or goes in the same message.
    """
    return session.scalars(_due(channel, now_ms).limit(most)).all()


def is_due(session: Session, channel: str, now_ms: int) -> bool:
    """Return whether anything may be sent."""
    numbers = _due(channel, now_ms).with_only_columns(Notice.number)
    return session.scalar(numbers.limit(1)) is not None


def joining(
    session: Session, notice: Notice, now_ms: int, most: int
) -> Sequence[Notice]:
    """Return what else is due for the same person, and was in no message before."""
    new = Notice.recipient == notice.recipient, Notice.message_id.is_(None)
    of_person = _due(notice.channel, now_ms).where(*new, Notice.rank < HIGH)
    return session.scalars(of_person.limit(most)).all()


def of_message(session: Session, message_id: str) -> Sequence[Notice]:
    """Return all that was tried in one message, and still waits."""
    same = Notice.message_id == message_id, Notice.sending == Sending.WAITING
    return session.scalars(select(Notice).where(*same).order_by(*_ORDER)).all()


_ORDER: Final = (Notice.rank.desc(), Notice.number)


def _due(channel: str, now_ms: int) -> Select[Notice]:
    earlier = aliased(Notice)
    goes_along = and_(
        earlier.rank < HIGH,
        earlier.sending == Sending.WAITING,
        earlier.not_before_ms <= now_ms,
        earlier.message_id.is_(None),
        Notice.message_id.is_(None),
    )
    waits = (
        select(earlier.number)
        .where(
            earlier.alarm_id == Notice.alarm_id,
            earlier.recipient == Notice.recipient,
            earlier.channel == Notice.channel,
            earlier.number < Notice.number,
            earlier.rank >= Notice.rank,
            earlier.sending.in_((Sending.WAITING, Sending.SENDING)),
            ~goes_along,
        )
        .exists()
    )
    return (
        select(Notice)
        .where(
            Notice.channel == channel,
            Notice.sending == Sending.WAITING,
            Notice.not_before_ms <= now_ms,
            ~waits,
        )
        .order_by(*_ORDER)
    )


def unknown(session: Session, channel: str) -> list[Claimed]:
    """Return the messages of which a crash left open whether they were sent.

    To look after them counts as a further try; what they say may be long untrue.
    """
    found: dict[str, list[Notice]] = {}
    for notice in session.scalars(
        select(Notice)
        .where(Notice.channel == channel, Notice.sending == Sending.SENDING)
        .order_by(*_ORDER)
    ):
        notice.tries += 1
        found.setdefault(str(notice.message_id), []).append(notice)
    return [Claimed(message_id, tuple(each), 0) for message_id, each in found.items()]


def settle(
    session: Session, message_id: str, sending: Sending, **became: object
) -> list[str]:
    """Write down what became of a message on its notices.

    What the provider has said in the meantime of their end is not overwritten; what
    was dropped stays so, unless it did arrive. Returns the alarms of those written that
    somebody should have looked at, each once.
    """
    final = ENDS if sending is Sending.DELIVERED else ENDS | {Sending.DROPPED}
    written = session.execute(
        update(Notice)
        .where(Notice.message_id == message_id, Notice.sending.not_in(final))
        .values(sending=sending, **became)
        .returning(Notice.alarm_id, Notice.phase)
    )
    telling = (alarm for alarm, phase in written if phase is not StepKind.CLEARED)
    return list(dict.fromkeys(telling))
