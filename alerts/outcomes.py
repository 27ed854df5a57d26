"""What became of messages is written down, also if the database is away a while."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any, Final

from sqlalchemy.orm import Session
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    sleep_using_event,
    stop_when_event_set,
    wait_fixed,
)

from alerts.database import Database, is_away
from alerts.lease import LostError, Right
from alerts.mishaps import Mishaps
from alerts.notice_table import Sending
from alerts.outbox import Claimed, settle
from alerts.plain_text import plain
from alerts.system import ALARM_FAILED
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
AGAIN_S: Final = 1.0
LONGEST: Final = 300
"""Characters of what a provider says: it goes into the database and to people."""


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
    known_as = plain(provider_id, LONGEST)
    more: dict[str, object] = {"provider_id": known_as, "sent_ms": now_ms}
    return Outcome(**_of(claimed), sending=Sending.SENT, more=more)


def failed(claimed: Claimed, why: str, *, broken: bool | None = None) -> Outcome:
    """Return that it can never be sent so."""
    why = plain(why, LONGEST)
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
    first, why = claimed.notices[0], plain(why, LONGEST)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Where it is written down what became of messages."""

    database: Database
    alarms: Alarms
    right: Right
    mishaps: Mishaps

    def write(self, outcomes: Collection[Outcome], stop: Event) -> None:
        """Write outcomes down, and escalate at once where nobody can be reached.

        While the database is away it is tried again until ``stop``, however long that
        is: nobody else knows what was sent.
        """
        again = Retrying(
            retry=retry_if_exception(is_away),
            wait=wait_fixed(AGAIN_S),
            stop=stop_when_event_set(stop),
            sleep=sleep_using_event(stop),
            before_sleep=_say_away,
            reraise=True,
        )
        again(self._written, outcomes)

    def _written(self, outcomes: Collection[Outcome]) -> None:
        """Write outcomes; who does not lead any more says what was sent, no more."""
        with self.database.writing() as session:
            try:
                self.right.check(session)
            except LostError:
                outcomes = [each for each in outcomes if each.sending is Sending.SENT]
            for each in outcomes:
                self._one(session, each)

    def _one(self, session: Session, became: Outcome) -> None:
        alarms, name = self.alarms, became.channel
        awaited = settle(
            session, became.message_id, became.sending, why=became.why, **became.more
        )
        for alarm_id in awaited if became.escalates else ():
            do = partial(alarms.unreachable, session, alarm_id, became.why)
            self._attempt(session, f"who else is told of alarm {alarm_id}", do)
        if became.broken is not None:
            do = partial(alarms.broken, session, name, over=not became.broken)
            self._attempt(session, f"whether {name} is broken", do)

    def _attempt(self, session: Session, what: str, do: Callable[[], object]) -> None:
        """Do what concerns one alarm; where it fails, the others count all the same."""
        try:
            with session.begin_nested():
                do()
        except Exception as error:
            if is_away(error):
                raise
            self.mishaps.note(ALARM_FAILED, what, repr(error)[:LONGEST])


def _say_away(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    logger.warning("what was sent is not written yet: %s", str(error).split("\n")[0])
