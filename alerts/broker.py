"""The broker, for alarms: it may be away at any time, and nothing waits for it."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from confluent_kafka import Producer
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from producers.delivery import undelivered
from producers.schema import Topic

logger = logging.getLogger(__name__)

ANSWER_MS: Final = 3_000
"""A broker that does not answer for so long counts as away."""
RECONNECT_MS: Final = 1_000
RECORDS: Final = 100
"""Read at once: others who write need not wait for long."""
LOOK_BACK_MS: Final = 15 * 60_000
"""Whoever reads for the first time begins with what arrived since then."""


class Record(NamedTuple):
    """A message and its place."""

    partition: int
    offset: int
    value: bytes


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


Positions = Mapping[int, int]
"""The next offset of each partition that was read before."""


@dataclass(slots=True)
class Inbox:
    """Reads one topic from where its reader has come to, whatever the broker does."""

    brokers: str
    topic: Topic
    positions: Callable[[], Positions]
    _consumer: Any = field(default=None, init=False)
    _away: _Away = field(default_factory=_Away, init=False)

    def read(self, timeout_s: float) -> list[Record]:
        """Return what has arrived, after ``timeout_s`` at most; nothing while away."""
        began_s = time.monotonic()
        try:
            consumer = self._consumer or self._connect()
            polled = consumer.poll(round(timeout_s * 1000), max_records=RECORDS)
        except KafkaError as error:
            self._away.say("no answer from the broker: %s", error)
            self.close()
            time.sleep(max(0.0, timeout_s - (time.monotonic() - began_s)))
            return []
        self._away.is_back()
        return [
            Record(part.partition, each.offset, each.value or b"")
            for part, records in polled.items()
            for each in records
        ]

    def close(self) -> None:
        """Disconnect; the next read connects anew."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = None

    def _connect(self) -> Any:  # noqa: ANN401 - kafka-python has no types
        consumer = KafkaConsumer(
            **_connection(self.brokers),
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            max_poll_records=RECORDS,
        )
        try:
            self._seek(consumer)
        except KafkaError:
            consumer.close()
            raise
        self._consumer = consumer
        return consumer

    def _seek(self, consumer: Any) -> None:  # noqa: ANN401 - kafka-python has no types
        parts = partitions(self.topic)
        consumer.assign(parts)
        known = self.positions()
        first = consumer.beginning_offsets(parts, timeout_ms=ANSWER_MS)
        last = consumer.end_offsets(parts, timeout_ms=ANSWER_MS)
        since_ms = round(time.time() * 1000) - LOOK_BACK_MS
        since = dict.fromkeys(parts, since_ms)
        recent = consumer.offsets_for_times(since, timeout_ms=ANSWER_MS)
        for part in parts:
            at = known.get(part.partition)
            if at is None:
                at = recent[part].offset if recent.get(part) else last[part]
            elif not first[part] <= at <= last[part]:
                logger.warning("%s was made anew: read from its beginning", part)
                at = first[part]
            consumer.seek(part, at)


class Outlet:
    """Writes one topic, in order; what it says was written, the broker has.

    By librdkafka: a producer of kafka-python that could not deliver cannot be
    closed either.
    """

    def __init__(self, brokers: str, topic: Topic) -> None:
        self._topic = topic.name
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

    def write(self, messages: list[tuple[str, bytes]]) -> bool:
        """Return whether the broker has all of ``messages``, key and value each."""
        given = ((self._topic, key, value) for key, value in messages)
        if why := undelivered(self._producer, given, 2 * ANSWER_MS / 1000):
            self._away.say("the broker does not take messages: %s", why[0])
            return False
        self._away.is_back()
        return True


@dataclass(slots=True)
class Counter:
    """Counts the messages that topics ever had."""

    brokers: str
    topics: tuple[Topic, ...]
    _consumer: Any = field(default=None, init=False)

    def count(self) -> dict[str, int] | None:
        """Return the messages of each topic; None while the broker is away."""
        try:
            if self._consumer is None:
                self._consumer = KafkaConsumer(**_connection(self.brokers))
            parts = [part for topic in self.topics for part in partitions(topic)]
            ends = self._consumer.end_offsets(parts, timeout_ms=ANSWER_MS)
        except KafkaError:
            self.close()
            return None
        return {
            topic.name: sum(ends[part] for part in partitions(topic))
            for topic in self.topics
        }

    def close(self) -> None:
        """Disconnect; the next count connects anew."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = None


def _connection(brokers: str) -> dict[str, object]:
    """Return how to connect. Alarms cannot wait half a minute, as is usual."""
    return {
        "bootstrap_servers": brokers,
        "bootstrap_timeout_ms": ANSWER_MS,
        "reconnect_backoff_max_ms": RECONNECT_MS,
    }


def partitions(topic: Topic) -> list[TopicPartition]:
    """Return the partitions of a topic, as the contract says."""
    return [TopicPartition(topic.name, number) for number in range(topic.partitions)]
