"""Send what is due on one channel, at least once, and write down what became of it.

A message is claimed in one transaction (``sending``), handed over, and settled in
another. One that had to wait in between is looked at again, so that nobody hears what
is not true any more. Whoever dies in between leaves it claimed: the next start asks the
provider whether it has the message, and sends it again where the provider cannot tell.
Of several processes the one that leads sends: it asks whether it still does when it
claims a message, before it hands it over, and when it settles it.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Final

from alerts.channels import (
    AwayError,
    BrokenError,
    Channel,
    NeverError,
    NotNowError,
)
from alerts.claims import claim, leave_out_unreadable, look_again
from alerts.database import ERRORS, Database
from alerts.effects import is_broken
from alerts.lease import Alone, LostError, Right
from alerts.links import Links
from alerts.messages import Message
from alerts.mishaps import Mishaps
from alerts.notice_table import Sending
from alerts.outbox import Claimed, is_due, unknown
from alerts.outcomes import Book, Outcome, failed, later, sent
from alerts.rate import Rate
from alerts.synthetic import NOWHERE
from alerts.system import ALARM_FAILED
from alerts.ward_facts import Around

logger = logging.getLogger(__name__)


AT_ONCE: Final = 8
"""Messages that are on their way on one channel at the same time."""
CLAIMED: Final = 24
"""Messages claimed in one transaction; one of high severity that comes next waits
until they are sent."""
IDLE_S: Final = 0.1
"""How often an empty outbox is looked at."""
RETRY_S: Final = 1.0
HANGS_S: Final = 120.0
"""Every wait for a provider is shorter; one that says a little each time is not."""
FRESH_MS: Final = 1_000
"""What was looked at longer ago is looked at again before it leaves."""


@dataclass(slots=True)
class Sender:
    """Sends the notices of one channel."""

    name: str
    channel: Channel
    database: Database
    around: Around
    links: Links
    now_ms: Callable[[], int]
    rate: Rate
    right: Right = field(default_factory=Alone)
    mishaps: Mishaps = field(default_factory=Mishaps)
    _stop: Event = field(default_factory=Event, init=False)
    _works: bool | None = field(default=None, init=False)
    """Whether the last message went; None: nobody has tried since the start."""
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE), init=False
    )

    def run(self, stop: Event) -> None:
        """Send until ``stop``; first what a crash left open."""
        self._stop = stop
        while not stop.is_set():
            try:
                self._send_until(stop)
            except LostError:
                raise
            except ERRORS as error:
                logger.warning("the database: %s", str(error).splitlines()[0])
                stop.wait(RETRY_S)
            except Exception as error:
                if not self._left_out(error):
                    raise
        self._pool.shutdown()

    def _send_until(self, stop: Event) -> None:
        self.resume()
        while not stop.is_set():
            if not self.send_due():
                stop.wait(IDLE_S)

    def resume(self) -> None:
        """Settle what a crash left open."""
        with self.database.writing() as session:
            session.expire_on_commit = False
            self.right.check(session)
            left = unknown(session, self.name)
        self._deliver(left)

    def send_due(self) -> int:
        """Send some of what is due, as the rate allows; return how many messages."""
        now_ms = self.now_ms()
        self.rate = self.rate.at(now_ms)
        most = min(CLAIMED, int(self.rate.room))
        if not most or not self._is_due(now_ms):
            return 0
        with self.database.writing() as session:
            session.expire_on_commit = False
            self.right.check(session)
            claimed = claim(session, self.name, most, now_ms, self.around)
        self.rate = self.rate.without(len(claimed))
        self._deliver(claimed)
        return len(claimed)

    def _is_due(self, now_ms: int) -> bool:
        with self.database.reading() as session:
            return is_due(session, self.name, now_ms)

    def _left_out(self, error: Exception) -> bool:
        """Leave out notices that nobody can read; return whether there were any."""
        with self.database.writing() as session:
            self.right.check(session)
            left_out = leave_out_unreadable(session, self.name)
        for number in left_out:
            self.mishaps.note(ALARM_FAILED, f"notice {number}", repr(error)[:300])
        return bool(left_out)

    def _deliver(self, claimed: Iterable[Claimed]) -> None:
        """Hand messages over side by side; write down what became of each at once.

        Those that end while others are written down are written down together.
        """
        book = Book(
            database=self.database,
            alarms=self.around.alarms,
            right=self.right,
            mishaps=self.mishaps,
        )
        on_the_way = {self._pool.submit(self._one, each) for each in claimed}
        while on_the_way:
            done, on_the_way = wait(on_the_way, HANGS_S, FIRST_COMPLETED)
            if not done:
                what = f"{len(on_the_way)} messages by {self.name}"
                self.mishaps.note(ALARM_FAILED, what, f"no end for {HANGS_S} s")
                continue
            outcomes = [each for future in done if (each := future.result())]
            noted = [self._with_news(each) for each in outcomes]
            book.write(noted, self._stop)

    def _with_news(self, outcome: Outcome) -> Outcome:
        """Return an outcome that says, too, if the channel works again."""
        if outcome.sending is not Sending.SENT:
            self._works = False if outcome.broken else self._works
            return outcome
        worked, self._works = self._works, True
        if worked is None:
            with self.database.reading() as session:
                worked = not is_broken(session, self.name)
        return outcome if worked else replace(outcome, broken=False)

    def _one(self, claimed: Claimed) -> Outcome | None:
        """Return what became of a message.

        None: whoever leads now looks after it, or none of it is true any more.
        """
        try:
            return self._handed_over(claimed) if self.right.is_held() else None
        except LostError:
            return None
        except NotNowError as error:
            away = isinstance(error, AwayError)
            return later(claimed, str(error), self.now_ms(), away=away)
        except NeverError as error:
            broken = isinstance(error, BrokenError) or None
            return failed(claimed, str(error), broken=broken)
        except ERRORS as error:
            why = f"the database: {str(error).splitlines()[0]}"
            return later(claimed, why, self.now_ms())
        except Exception as error:  # one bad message must not stop all others
            logger.exception("message %s", claimed.message_id)
            return failed(claimed, repr(error))

    def _handed_over(self, claimed: Claimed) -> Outcome | None:
        """Hand a message over, unless the provider has it by an earlier try."""
        message = self._message(claimed)
        tried_before = claimed.notices[0].tries > 1
        if tried_before and (there := self.channel.found(message)) is not None:
            return sent(claimed, there, self.now_ms())
        if self.now_ms() - claimed.looked_ms > FRESH_MS:
            claimed = self._looked_again(claimed)
            if not claimed.notices:
                return None
            message = self._message(claimed)
        return sent(claimed, self.channel.send(message), self.now_ms())

    def _looked_again(self, claimed: Claimed) -> Claimed:
        with self.database.writing() as session:
            session.expire_on_commit = False
            self.right.check(session)
            return look_again(session, claimed)

    def _message(self, claimed: Claimed) -> Message:
        first = claimed.notices[0]
        people = self.around.people
        address = people.address(first.recipient, self.name)
        if self.name == NOWHERE:
            address = NOWHERE
        if address is None:
            msg = f"{first.recipient} has no {self.name} address any more"
            raise NeverError(msg)
        ward = people.wards.get(first.ward, people.wards[people.default_ward])
        return Message(
            message_id=claimed.message_id,
            channel=self.name,
            recipient=first.recipient,
            address=address,
            notices=claimed.notices,
            time_zone=ward.time_zone,
            links=self.links,
        )
