"""The broker, for the desk: what it hears, in order, and what it writes.

How far was read is written down only after all that follows from it was written:
a crash in between repeats steps, and a repeated step changes nothing.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
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

from producers.contract import (
    DEVICE_STATUS,
    PROOFS,
    REJECTED,
    REPORTS,
    VERDICTS,
    WISHES,
)
from producers.contract.fixes import ANY_CLOCK_MS
from producers.delivery import Outgoing, fates
from producers.schema import Topic
from producers.setting_aside import SetAside, set_aside
from producers.validation import verdict

logger = logging.getLogger(__name__)

GROUP: Final = "fixes"
HEARD: Final = (WISHES, DEVICE_STATUS, REPORTS, VERDICTS)
ANSWER_S: Final = 5.0
AT_ONCE: Final = 500
NEW_PARTITIONS_S: Final = 30.0

QUIET: Final = {"log_level": 0, "reconnect.backoff.max.ms": 1_000}

_JUDGED_AS: Final = {topic.name: topic for topic in (*HEARD, PROOFS)} | {
    DEVICE_STATUS.name: replace(
        DEVICE_STATUS, max_ahead_ms=ANY_CLOCK_MS, max_age_ms=ANY_CLOCK_MS
    )
}
"""A device whose clock is wrong says how it is all the same."""


class Heard(NamedTuple):
    """A message as far as it can be used, and when the broker took it.

    ``reasons`` say what of it is unusable; ``message`` is None where all of it is.
    ``aside`` is how it is set aside, should it be.
    """

    topic: str
    at_ms: int
    message: dict[str, Any] | None
    reasons: tuple[str, ...] = ()
    raw: Message | None = None

    def aside(self, reason: str) -> SetAside | None:
        """Return how it is set aside for ``reason``."""
        if self.raw is None:
            return None
        return set_aside(
            reason=reason,
            topic=self.topic,
            partition=self.raw.partition(),
            offset=self.raw.offset(),
            key=self.raw.key(),
            payload=self.raw.value(),
        )


class Pen:
    """Writes messages; what it says was written, the broker has."""

    def __init__(self, brokers: str) -> None:
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "enable.idempotence": True,
                "partitioner": "murmur2_random",  # as every Java client
                "message.max.bytes": REJECTED.max_bytes,
                "linger.ms": 0,
                **QUIET,
            }
        )

    def write(self, messages: Sequence[tuple[Topic, dict[str, object]]]) -> bool:
        """Return whether the broker has all of ``messages`` that it can ever take."""
        return self._delivered(
            [Outgoing(t.name, t.key_of(m), orjson.dumps(m)) for t, m in messages]
        )

    def keep(self, asides: Sequence[SetAside]) -> bool:
        """Return whether the broker has all that was set aside."""
        return self._delivered([Outgoing(REJECTED.name, *each) for each in asides])

    def _delivered(self, messages: list[Outgoing]) -> bool:
        """Write ``messages``; one that can never be taken is logged and left out."""
        lost = [each for each in fates(self._producer, messages, ANSWER_S) if each]
        for each in lost:
            if each.is_refused:
                logger.error("a message can never be written: %s", each.why)
        return all(each.is_refused for each in lost)


class Ear:
    """Hears what the desk must hear, from every partition there is."""

    def __init__(self, brokers: str) -> None:
        self._looked_s = 0.0
        self._known: set[tuple[str, int]] = set()
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
        known = self._committed(all_partitions(self._consumer, HEARD))
        for part in known:
            if part.offset < 0:
                is_status = part.topic == DEVICE_STATUS.name
                part.offset = OFFSET_END if is_status else OFFSET_BEGINNING
        self._consumer.assign(known)
        self._note(known)

    def read(self, timeout_s: float) -> list[Heard]:
        """Return what has come, in each partition's order."""
        if time.monotonic() - self._looked_s > NEW_PARTITIONS_S:
            self._look_for_new()
        return list(decoded(self._consumer.consume(AT_ONCE, timeout_s)))

    def _look_for_new(self) -> None:
        """Read partitions that were added since, from their beginning."""
        try:
            found = all_partitions(self._consumer, HEARD)
            new = [p for p in found if (p.topic, p.partition) not in self._known]
            committed = self._committed(new) if new else []
        except KafkaException as error:
            logger.warning("new partitions cannot be looked for: %s", error)
            self._note([])
            return
        for part in committed:
            part.offset = part.offset if part.offset >= 0 else OFFSET_BEGINNING
        if committed:
            self._consumer.incremental_assign(committed)
            logger.info("reading %d partitions that were added", len(committed))
        self._note(committed)

    def _note(self, parts: Iterable[TopicPartition]) -> None:
        self._known |= {(part.topic, part.partition) for part in parts}
        self._looked_s = time.monotonic()

    def _committed(self, parts: list[TopicPartition]) -> list[TopicPartition]:
        return list(self._consumer.committed(parts, timeout=ANSWER_S))

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


def all_partitions(consumer: Consumer, topics: Iterable[Topic]) -> list[TopicPartition]:
    """Return the partitions that the broker has of ``topics``.

    Raises
    ------
    KafkaException
        The broker is away, or one of them is not there.
    """
    return [part for topic in topics for part in _partitions(consumer, topic)]


def _partitions(consumer: Consumer, topic: Topic) -> Iterator[TopicPartition]:
    found = consumer.list_topics(topic.name, timeout=ANSWER_S).topics[topic.name]
    if found.error is not None:
        raise KafkaException(found.error)
    return (TopicPartition(topic.name, number) for number in sorted(found.partitions))


def decoded(messages: list[Message]) -> Iterator[Heard]:
    """Yield what the contract leaves of ``messages``."""
    for each in messages:
        if each.error():
            continue
        name, at_ms = each.topic(), each.timestamp()[1]
        message, reasons = verdict(_JUDGED_AS[name], each.value(), at_ms)
        yield Heard(name, at_ms, message, reasons, each)
