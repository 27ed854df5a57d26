"""What became of messages is written down, also if the database is away a while."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.exc import DBAPIError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from alerts.database import Database
from alerts.lease import LostError, Right
from alerts.notice_table import Sending
from alerts.outbox import Claimed, settle
from alerts.ward_facts import Alarms
from cep_patterns.pattern import Severity

logger = logging.getLogger(__name__)

LONGEST_MS: Final = 60_000
"""The longest pause between two tries."""
PATIENCE_MS: Final = {
    Severity.HIGH: 60_000,
    Severity.MEDIUM: 300_000,
    Severity.LOW: 900_000,
}
"""So long a message is tried again before others are told, too."""
GIVE_UP_MS: Final = 3_600_000
"""Nobody waits an hour for an alarm: then it counts as one that cannot be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message, and what its notices are told of it.

    ``escalates``: others are to be told now. ``broken`` says whether the whole channel
    is; None: nothing new.
    """

    message_id: str
    channel: str
    sending: Sending
    why: str = ""
    escalates: bool = False
    broken: bool | None = None
    more: dict[str, object] = field(default_factory=dict)


def sent(claimed: Claimed, provider_id: str, now_ms: int) -> Outcome:
    """Return that the provider has it."""
    more: dict[str, object] = {"provider_id": provider_id, "sent_ms": now_ms}
    return Outcome(**_of(claimed), sending=Sending.SENT, more=more)


def failed(claimed: Claimed, why: str, *, broken: bool | None = None) -> Outcome:
    """Return that it can never be sent so."""
    logger.error("message to %s: %s", claimed.notices[0].recipient, why)
    return Outcome(
        **_of(claimed),
        sending=Sending.FAILED,
        why=why,
        escalates=True,
        broken=broken,
    )


def later(claimed: Claimed, why: str, now_ms: int, *, away: bool = False) -> Outcome:
    """Return that it is tried again, after ever longer pauses, as long as it helps.

    Before it is given up, others are told; once.
    """
    first = claimed.notices[0]
    tried_for_ms = now_ms - (first.tried_ms or now_ms)
    if tried_for_ms > GIVE_UP_MS:
        return failed(claimed, why)
    pause_ms = min(LONGEST_MS, 500 * 2 ** min(first.tries, 10))
    logger.warning("message to %s again in %d ms: %s", first.recipient, pause_ms, why)
    overdue = tried_for_ms >= PATIENCE_MS[first.severity]
    return Outcome(
        **_of(claimed),
        sending=Sending.WAITING,
        why=why,
        escalates=overdue and not first.overdue,
        broken=True if overdue and away else None,
        more={"not_before_ms": now_ms + pause_ms, "overdue": overdue or first.overdue},
    )


def _of(claimed: Claimed) -> dict[str, Any]:
    return {"message_id": claimed.message_id, "channel": claimed.notices[0].channel}


@retry(
    retry=retry_if_exception_type(DBAPIError),
    wait=wait_fixed(1),
    stop=stop_after_delay(120),
    reraise=True,
)
def write(
    database: Database, alarms: Alarms, outcomes: Collection[Outcome], right: Right
) -> None:
    """Write outcomes down, and escalate at once where nobody can be reached.

    While the database is away it is tried again: nobody else knows what was sent.
    Who does not lead any more says what was sent, and nothing else.
    """
    with database.writing() as session:
        try:
            right.check(session)
        except LostError:
            outcomes = [each for each in outcomes if each.sending is Sending.SENT]
        for each in outcomes:
            awaited = settle(
                session, each.message_id, each.sending, why=each.why, **each.more
            )
            for alarm_id in awaited if each.escalates else ():
                alarms.unreachable(session, alarm_id, each.why)
            if each.broken is not None:
                alarms.broken(session, each.channel, over=not each.broken)
