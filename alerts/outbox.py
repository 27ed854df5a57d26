"""Notices go in with the step that caused them, and come out the most urgent first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from alerts.model import Alarm, Step, StepKind
from alerts.notice_table import Notice, Sending
from alerts.notices import Reach, notices_for
from alerts.people import People

AT_ONCE: Final = 50
"""So many notices are looked at in one go, and fit in one message at most."""

ENDS: Final = frozenset({Sending.DELIVERED, Sending.FAILED})


def record(session: Session, alarm: Alarm, step: Step, people: People) -> None:
    """Write the notices that ``step`` causes; those that are there stay as they are."""
    told = _told(session, alarm) if step.kind is StepKind.CLEARED else []
    new = notices_for(alarm, step, people, told)
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
    """The notices of one message, marked as being sent."""

    message_id: str
    notices: tuple[Notice, ...]


def due(
    session: Session, channel: str, now_ms: int, most: int = AT_ONCE
) -> Sequence[Notice]:
    """Return what may be sent, the most urgent first.

    A notice waits for an earlier one of the same alarm to the same person, unless
    that is less urgent.
    """
    earlier = aliased(Notice)
    waits = (
        select(earlier.number)
        .where(
            earlier.alarm_id == Notice.alarm_id,
            earlier.recipient == Notice.recipient,
            earlier.channel == Notice.channel,
            earlier.number < Notice.number,
            earlier.rank >= Notice.rank,
            earlier.sending.in_((Sending.WAITING, Sending.SENDING)),
        )
        .exists()
    )
    return session.scalars(
        select(Notice)
        .where(
            Notice.channel == channel,
            Notice.sending == Sending.WAITING,
            Notice.not_before_ms <= now_ms,
            ~waits,
        )
        .order_by(Notice.rank.desc(), Notice.number)
        .limit(most)
    ).all()


def unknown(session: Session, channel: str) -> list[Claimed]:
    """Return the messages of which a crash left open whether they were sent.

    To look after them counts as a further try.
    """
    found: dict[str, list[Notice]] = {}
    for notice in session.scalars(
        select(Notice)
        .where(Notice.channel == channel, Notice.sending == Sending.SENDING)
        .order_by(Notice.number)
    ):
        notice.tries += 1
        found.setdefault(str(notice.message_id), []).append(notice)
    return [Claimed(message_id, tuple(each)) for message_id, each in found.items()]


def settle(
    session: Session, message_id: str, sending: Sending, **became: object
) -> list[str]:
    """Write down what became of a message on its notices.

    What the provider has said in the meantime of their end is not overwritten.
    Returns the alarms of those written that somebody should have looked at, each once.
    """
    written = session.execute(
        update(Notice)
        .where(Notice.message_id == message_id, Notice.sending.not_in(ENDS))
        .values(sending=sending, **became)
        .returning(Notice.alarm_id, Notice.phase)
    )
    telling = (alarm for alarm, phase in written if phase is not StepKind.CLEARED)
    return list(dict.fromkeys(telling))
