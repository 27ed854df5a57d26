"""The service: from matches, commands and time to alarms, notices and messages.

matches (Kafka), the clock, the watch on Vigil -> alarms (database)
alarms (database)                              -> alarms (Kafka), notices
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from alerts import clock, journal, unreached
from alerts.broker import RECORDS, Inbox, Outlet, Positions, Record
from alerts.clock import Clock
from alerts.database import Database
from alerts.fold import Rules, fold
from alerts.guard import Guard, report
from alerts.lease import Alone, LostError, Right
from alerts.ledger import Held, Ledger, Tell, hold_nothing, tell_nobody
from alerts.match import Match
from alerts.shifting import shift
from alerts.system import CLOCK_JUMPED
from alerts.tables import PositionRow
from alerts.watch import Verdicts
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
        except DBAPIError as error:
            logger.warning("the database: %s", str(error).splitlines()[0])
            return False
        return True

    def turn(self, records: Sequence[Record], guard: Guard | None = None) -> None:
        """Fold ``records`` and do what is due: all of it, or nothing."""
        jump_ms = self.clock.jump_ms()
        with self.database.writing() as session:
            self.right.check(session)
            ledger = self._ledger(session, jump_ms)
            fold(ledger, _matches(records), self.rules)
            remember(session, records)
            report(ledger, self._verdicts(guard, jump_ms), self.rules)
            unreached.end(ledger, self.rules)
            ledger.pass_time()
        self.clock.accept(jump_ms)
        self.news.set()

    def _ledger(self, session: Session, jump_ms: int) -> Ledger:
        """Return the alarms as they are now, also where the clock has just jumped."""
        at_ms = self.clock.now_ms() + jump_ms
        ledger = Ledger(session, at_ms, self.tell, self.held)
        if jump_ms:
            logger.warning("the clock was set by %+.1f s", jump_ms / 1000)
            shift(session, jump_ms, at_ms)
        return ledger

    def _verdicts(self, guard: Guard | None, jump_ms: int) -> Verdicts:
        jumped = self.clock.has_jumped or jump_ms != 0
        return {**(guard.verdicts if guard else {}), CLOCK_JUMPED: jumped}

    def _publish(self, outlet: Outlet) -> None:
        while not self.stop.is_set():
            self.news.wait(RETRY_S)
            self.news.clear()
            if not self._written(lambda: self.publish(outlet)):
                self.stop.wait(RETRY_S)

    def publish(self, outlet: Outlet) -> None:
        """Tell what is in the outbox; what the broker did not take stays there."""
        while True:
            with self.database.reading() as session:
                messages = journal.untold(session)
            if not messages or not outlet.write(list(messages.values())):
                return
            with self.database.writing() as session:
                self.right.check(session)
                journal.mark_told(session, list(messages))


def _matches(records: Sequence[Record]) -> list[Match]:
    read = [Match.of(each.value, each.partition, each.offset) for each in records]
    if None in read:
        logger.warning("%d messages in %s are none", read.count(None), MATCHES.name)
    return [match for match in read if match is not None]


def remember(session: Session, records: Sequence[Record]) -> None:
    """Write how far each partition was read."""
    for partition, offset in {r.partition: r.offset for r in records}.items():
        row = PositionRow(topic=MATCHES.name, number=partition, next_offset=offset + 1)
        session.merge(row)


def positions(database: Database) -> Positions:
    """Return how far each partition was read."""
    with database.reading() as session:
        query = select(PositionRow).where(PositionRow.topic == MATCHES.name)
        return {row.number: row.next_offset for row in session.scalars(query)}
