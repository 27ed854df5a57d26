"""The broker, for the desk: what it hears, in order, and what it writes.

How far was read is written down only after all that follows from it was written:
a crash in between repeats steps, and a repeated step changes nothing.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import orjson
from confluent_kafka import (
    OFFSET_BEGINNING,
    OFFSET_END,
    Consumer,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from producers.contract import DEVICE_STATUS, REPORTS, VERDICTS, WISHES
from producers.delivery import undelivered
from producers.schema import Topic

logger = logging.getLogger(__name__)

GROUP: Final = "fixes"
HEARD: Final = (WISHES, DEVICE_STATUS, REPORTS, VERDICTS)
ANSWER_S: Final = 5.0
AT_ONCE: Final = 500

QUIET: Final = {"log_level": 0, "reconnect.backoff.max.ms": 1_000}


class Heard(NamedTuple):
    """A message, and when the broker took it."""

    topic: str
    at_ms: int
    message: dict[str, Any]


class Pen:
    """Writes messages; what it says was written, the broker has."""

    def __init__(self, brokers: str) -> None:
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "enable.idempotence": True,
                "partitioner": "murmur2_random",  # as every Java client
                "linger.ms": 0,
                **QUIET,
            }
        )

    def write(self, messages: Sequence[tuple[Topic, dict[str, object]]]) -> bool:
        """Return whether the broker has all of ``messages``."""
        given = (
            (topic.name, topic.key_of(message), orjson.dumps(message))
            for topic, message in messages
        )
        return not undelivered(self._producer, given, ANSWER_S)


class Ear:
    """Hears what the desk must hear."""

    def __init__(self, brokers: str) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": GROUP,
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 50,
                "fetch.queue.backoff.ms": 5,
                **QUIET,
            }
        )

    def connect(self) -> None:
        """Go on where the last desk stopped; devices count from now on.

        Raises
        ------
        KafkaException
            The broker is away, or its topics are not there yet.
        """
        parts = [part for topic in HEARD for part in partitions(topic)]
        known = self._consumer.committed(parts, timeout=ANSWER_S)
        for part in known:
            if part.offset < 0:
                is_status = part.topic == DEVICE_STATUS.name
                part.offset = OFFSET_END if is_status else OFFSET_BEGINNING
        self._consumer.assign(known)

    def read(self, timeout_s: float) -> list[Heard]:
        """Return what has come, in each partition's order."""
        return list(decoded(self._consumer.consume(AT_ONCE, timeout_s)))

    def done(self) -> None:
        """Write down how far was read: all that follows from it is written."""
        try:
            self._consumer.commit(asynchronous=False)
        except KafkaException as error:
            if error.args[0].name() != "_NO_OFFSET":
                logger.warning("how far was read is not kept: %s", error)

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def partitions(topic: Topic) -> list[TopicPartition]:
    """Return the partitions of a topic, as the contract says."""
    return [TopicPartition(topic.name, p) for p in range(topic.partitions)]


def decoded(messages: list[Message]) -> Iterator[Heard]:
    """Yield those of ``messages`` that are JSON objects."""
    for each in messages:
        if each.error():
            continue
        try:
            message = orjson.loads(each.value() or b"")
        except orjson.JSONDecodeError:
            continue
        if isinstance(message, dict):
            yield Heard(each.topic(), each.timestamp()[1], message)
