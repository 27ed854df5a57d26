"""The service: from matches, commands and time to alarms, notices and messages.

matches (Kafka), the clock, the watch on Vigil -> alarms (database)
alarms (database)                              -> alarms (Kafka), notices
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from alerts import aside, clock, unreached
from alerts.broker import RECORDS, Inbox, Outlet
from alerts.clock import Clock
from alerts.database import Database, is_away
from alerts.fold import Rules, fold
from alerts.guard import Guard, report
from alerts.judging import Judged, judged
from alerts.lease import Alone, LostError, Right
from alerts.ledger import Held, Ledger, Tell, hold_nothing, tell_nobody
from alerts.mishaps import Mishaps
from alerts.piecemeal import Piecemeal
from alerts.positions import remember
from alerts.publishing import publish
from alerts.shifting import shift
from alerts.system import CLOCK_JUMPED, MESSAGE_SET_ASIDE
from alerts.watch import Verdicts
from producers.consumer import Record
from producers.contract import MATCHES

logger = logging.getLogger(__name__)

Work = Callable[[Event], None]
"""Something that goes on in a thread of its own until it is told to stop."""

POLL_S: Final = 0.2
"""How late a timer may be."""
RETRY_S: Final = 1.0
BREATH_S: Final = 0.1
"""While a backlog is worked off, others get to write in between: SQLite lets those
who wait look every 0.1 s, and nobody queues."""


def now_ms() -> int:
    """Return the time by the clock on the wall."""
    return clock.wall_ms()


def ticks_ms() -> int:
    """Return the time since the machine started."""
    return clock.ticks_ms()


def beat_nowhere() -> None:
    """Tell nobody that a turn was done."""


@dataclass(slots=True)
class Service:
    """Everything that ``serve`` does, one transaction after another."""

    database: Database
    rules: Rules
    tell: Tell = tell_nobody
    held: Held = hold_nothing
    right: Right = field(default_factory=Alone)
    """Without it nothing is written: another service may contradict it."""
    pulse: Callable[[], None] = beat_nowhere
    """Called after each turn that was written."""
    clock: Clock = field(
        default_factory=lambda: Clock(lambda: now_ms(), lambda: ticks_ms())  # noqa: PLW0108 - tests set them
    )
    stop: Event = field(default_factory=Event)
    news: Event = field(default_factory=Event, init=False)
    """Set when there may be steps to publish."""
    mishaps: Mishaps = field(default_factory=Mishaps, init=False)
    failure: Exception | None = field(default=None, init=False)
    _threads: list[Thread] = field(default_factory=list, init=False)

    def run(self, inbox: Inbox, outlet: Outlet, guard: Guard, *more: Work) -> None:
        """Serve until told to stop, and do ``more`` beside it."""
        works = (lambda _: self._publish(outlet), guard.run, *more)
        for work in works:
            self.begin(work)
        try:
            while not self.stop.is_set():
                records = inbox.read(POLL_S)
                self._kept_up(records, guard)
                self._written(self.pulse)
                if len(records) == RECORDS:
                    self.stop.wait(BREATH_S)
        finally:
            self.stop.set()
            self.news.set()
            for thread in self._threads:
                thread.join()
            inbox.close()
        if self.failure:
            raise self.failure

    def begin(self, work: Work) -> None:
        """Do something beside the rest, from now on."""
        thread = Thread(target=self._unless_it_fails, args=(work,))
        self._threads.append(thread)
        thread.start()

    def _unless_it_fails(self, work: Work) -> None:
        """Stop everything if one thread cannot go on: whoever started us sees it."""
        try:
            work(self.stop)
        except LostError as error:
            self.failure = error
            self.stop.set()
        except Exception as error:
            logger.exception("cannot go on")
            self.failure = error
            self.stop.set()

    def _kept_up(self, records: Sequence[Record], guard: Guard) -> None:
        """Write what came; while the database is away, keep it and try again."""
        while not self._written(lambda: self.turn(records, guard)):
            if self.stop.wait(RETRY_S):
                return

    def _written(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except Exception as error:
            if not (isinstance(error, DBAPIError) or is_away(error)):
                raise
            logger.warning("the database: %s", str(error).splitlines()[0])
            return False
        return True

    def turn(self, records: Sequence[Record], guard: Guard | None = None) -> None:
        """Fold ``records`` and do what is due.

        All of it or nothing, if the database is away. Where anything else fails, that
        alone is left out: a message is set aside, an alarm looked after a while later.
        """
        read = [judged(each) for each in records]
        jump_ms = self.clock.jump_ms()
        now, verdicts = self.clock.now_ms() + jump_ms, self._verdicts(guard, jump_ms)
        try:
            with self._writing(jump_ms, now) as session:
                self._whole(Ledger(session, now, self.tell, self.held), read, verdicts)
        except Exception as error:
            if isinstance(error, LostError) or is_away(error):
                raise
            logger.debug("part by part, because together it fails: %r", error)
            with self._writing(jump_ms, now) as session:
                pieces = Piecemeal(session, now, self.tell, self.held, self.mishaps)
                read = self._by_parts(pieces, read, verdicts)
        self.clock.accept(jump_ms)
        for each in read:
            if each.reason:
                what = f"{MATCHES.name} {each.record.partition}/{each.record.offset}"
                self.mishaps.note(MESSAGE_SET_ASIDE, what, each.reason)
        self.news.set()

    @contextmanager
    def _writing(self, jump_ms: int, at_ms: int) -> Iterator[Session]:
        """Run a transaction, if we lead, in which the clock may have jumped."""
        with self.database.writing() as session:
            self.right.check(session)
            if jump_ms:
                logger.warning("the clock was set by %+.1f s", jump_ms / 1000)
                shift(session, jump_ms, at_ms)
            yield session

    def _verdicts(self, guard: Guard | None, jump_ms: int) -> Verdicts:
        jumped = self.clock.has_jumped or jump_ms != 0
        return {**(guard.verdicts if guard else {}), CLOCK_JUMPED: jumped}

    def _whole(self, ledger: Ledger, read: list[Judged], verdicts: Verdicts) -> None:
        fold(ledger, [each.match for each in read if each.match], self.rules)
        _keep(ledger.session, read)
        report(ledger, verdicts, self.rules)
        unreached.end(ledger, self.rules)
        ledger.pass_time()

    def _by_parts(
        self, pieces: Piecemeal, read: list[Judged], verdicts: Verdicts
    ) -> list[Judged]:
        after = [self._alone(pieces, each) for each in read]
        _keep(pieces.session, after)
        says = "what is said of Vigil itself"
        pieces.tolerate(says, lambda ledger: report(ledger, verdicts, self.rules))
        pieces.tolerate(says, lambda ledger: unreached.end(ledger, self.rules))
        pieces.pass_time()
        return after

    def _alone(self, pieces: Piecemeal, one: Judged) -> Judged:
        """Fold a match; return it as none if that fails."""
        if (match := one.match) is None:
            return one
        why = pieces.attempt(lambda ledger: fold(ledger, [match], self.rules))
        return one._replace(match=None, reason=f"not_folded: {why}") if why else one

    def _publish(self, outlet: Outlet) -> None:
        while not self.stop.is_set():
            self.news.wait(RETRY_S)
            self.news.clear()
            if not self._written(lambda: self.publish(outlet)):
                self.stop.wait(RETRY_S)

    def publish(self, outlet: Outlet) -> None:
        """Tell what waits; what the broker did not take stays there."""
        publish(self.database, outlet, self.mishaps, self.right)


def _keep(session: Session, read: Sequence[Judged]) -> None:
    """Write how far it was read, and what is set aside of it."""
    remember(session, [each.record for each in read])
    for each in read:
        if each.reason and not each.by_contract:
            aside.put(session, each.record, each.reason)
