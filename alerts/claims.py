"""What is sent next, and in which message: high alone, the rest put together."""

from sqlalchemy.orm import Session

from alerts.holds import HIGH, TOO_MANY, Drop, Send, Wait, verdict
from alerts.notice_table import Notice, Sending
from alerts.outbox import Claimed, due
from alerts.ward_facts import Alarms, Around, facts_of


def claim(
    session: Session, channel: str, most: int, now_ms: int, around: Around
) -> list[Claimed]:
    """Return up to ``most`` messages, the most urgent first, marked as being sent.

    High goes alone. All else that is due for one person goes in one message.
    """
    ready: dict[str, list[Notice]] = {}
    for notice in due(session, channel, now_ms):
        person = _together(notice)
        if person not in ready and len(ready) == most:
            continue
        match verdict(notice, facts_of(session, notice, around, now_ms), now_ms):
            case Send():
                ready.setdefault(person, []).append(notice)
            case Wait(until_ms, why):
                _wait(session, notice, until_ms, why, around.alarms)
            case Drop(why):
                notice.sending, notice.why = Sending.DROPPED, why
    return [_claimed(session, notices, around.alarms) for notices in ready.values()]


def _together(notice: Notice) -> str:
    """Return what notices of one message share; what was tried stays as it was."""
    alone = notice.notice_id if notice.rank == HIGH else notice.recipient
    return notice.message_id or alone


def _claimed(session: Session, notices: list[Notice], alarms: Alarms) -> Claimed:
    first = notices[0]
    if any(each.why == TOO_MANY for each in notices):
        alarms.flooded(session, first.recipient, first.channel, over=True)
    message_id = first.message_id or first.notice_id
    for notice in notices:
        notice.sending, notice.message_id = Sending.SENDING, message_id
        notice.tries += 1
    return Claimed(message_id, tuple(notices))


def _wait(
    session: Session, notice: Notice, until_ms: int, why: str, alarms: Alarms
) -> None:
    if why == TOO_MANY != notice.why:
        alarms.flooded(session, notice.recipient, notice.channel, over=False)
    notice.not_before_ms, notice.why, notice.held = until_ms, why, True
