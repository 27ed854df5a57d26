"""The broker, for alarms: it may be away at any time, and nothing waits for it."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from confluent_kafka import KafkaException, Producer

from alerts.database import is_away
from producers.consumer import NOT_YET, Begin, Reader, Record
from producers.delivery import Outgoing, Undelivered, fates
from producers.offsets import Offsets
from producers.progress import Progress
from producers.schema import Topic

logger = logging.getLogger(__name__)

ANSWER_MS: Final = 3_000
"""A broker that does not answer for so long counts as away."""
RECONNECT_MS: Final = 1_000
RECORDS: Final = 100
"""Read at once: others who write need not wait for long."""
LOOK_BACK_MS: Final = 15 * 60_000
"""Whoever reads for the first time begins with what arrived since then."""


@dataclass(slots=True)
class _Away:
    """Says once that the broker is away, and once that it is back."""

    said: bool = False

    def say(self, what: str, error: object) -> None:
        """Say it, unless it was said."""
        if not self.said:
            logger.warning(what, error)
        self.said = True

    def is_back(self) -> None:
        """Say so, if it was said to be away."""
        if self.said:
            logger.info("the broker is back")
        self.said = False


class Inbox:
    """Reads one topic from where its reader has come to, whatever the broker does."""

    def __init__(self, brokers: str, topic: Topic, begin: Begin) -> None:
        """Remember where to read; ``begin`` says from where on, and remembers it."""
        self._reader = Reader(brokers, "alerts", {topic.name: LOOK_BACK_MS}, begin)
        self._away = _Away()

    def read(self, timeout_s: float) -> list[Record]:
        """Return what has arrived, after ``timeout_s`` at most; nothing while away."""
        try:
            records = self._reader.read(RECORDS, timeout_s)
        except Exception as error:
            if not is_away(error):
                raise
            self._away.say("nowhere to begin: %s", str(error).splitlines()[0])
            time.sleep(timeout_s)
            return []
        if not self._reader.trouble:
            self._away.is_back()
        elif self._reader.trouble != NOT_YET:
            self._away.say("nothing can be read: %s", self._reader.trouble)
        return records

    def progress(self) -> Progress:
        """Return how much was not read yet, and since when it waits."""
        return self._reader.progress()

    def close(self) -> None:
        """Disconnect; the next read connects anew."""
        self._reader.close()


class Written(NamedTuple):
    """How many messages, from the first on, are done with, and which are refused."""

    done: int
    refused: Mapping[int, str] = {}
    """Why, by the place of the message."""


class Outlet:
    """Writes messages, in order; what it says was written, the broker has."""

    def __init__(self, brokers: str) -> None:
        self._away = _Away()
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "acks": "all",
                "max.in.flight": 1,  # one that is sent again stays in its place
                "message.timeout.ms": ANSWER_MS,
                "reconnect.backoff.max.ms": RECONNECT_MS,
                "partitioner": "murmur2_random",  # as every Java client
                "linger.ms": 0,
                "log_level": 0,
            }
        )

    def write(self, messages: Sequence[Outgoing]) -> Written:
        """Return what became of ``messages``.

        One that is refused for good is passed over; at the first that the broker
        does not take for any other reason, it ends: the rest is not done with.
        """
        became = fates(self._producer, messages, 2 * ANSWER_MS / 1000)
        refused: dict[int, str] = {}
        for place, fate in enumerate(became):
            again = self._alone(messages[place]) if fate and fate.is_refused else fate
            if again is None:
                continue
            if not again.is_refused:
                self._away.say("the broker does not take messages: %s", again.why)
                return Written(place, refused)
            refused[place] = again.why
        self._away.is_back()
        return Written(len(messages), refused)

    def _alone(self, message: Outgoing) -> Undelivered | None:
        """Try once more: a broker that refuses one message refuses its whole batch."""
        return fates(self._producer, [message], 2 * ANSWER_MS / 1000)[0]


@dataclass(slots=True)
class Counter:
    """Counts the messages that topics ever had."""

    brokers: str
    topics: tuple[Topic, ...]
    _offsets: Offsets = field(init=False)

    def __post_init__(self) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._offsets = Offsets(self.brokers)

    def count(self) -> dict[str, int] | None:
        """Return the messages of each topic; None while the broker is away."""
        names = [topic.name for topic in self.topics]
        try:
            ends = self._offsets.ends(self._offsets.topics(names).places)
        except KafkaException:
            return None
        return {
            name: sum(end for place, end in ends.items() if place.topic == name)
            for name in names
        }
