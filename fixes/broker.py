"""The broker, for the desk: what it hears, in order, and what it writes.

How far was read is written down only after all that follows from it was written:
a crash in between repeats steps, and a repeated step changes nothing.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import orjson
from confluent_kafka import (
    Consumer,
    KafkaException,
    Producer,
    TopicPartition,
)

from producers.consumer import NOT_YET, Extent, Reader, Record
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
from producers.progress import Place
from producers.schema import Topic
from producers.setting_aside import SetAside, set_aside
from producers.validation import Verdict, verdict

logger = logging.getLogger(__name__)

GROUP: Final = "fixes"
HEARD: Final = (WISHES, DEVICE_STATUS, REPORTS, VERDICTS)
ANSWER_S: Final = 5.0
AT_ONCE: Final = 500

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
    raw: Record | None = None

    def aside(self, reason: str) -> SetAside | None:
        """Return how it is set aside for ``reason``."""
        if self.raw is None:
            return None
        return set_aside(
            reason=reason,
            topic=self.topic,
            partition=self.raw.partition,
            offset=self.raw.offset,
            key=self.raw.key,
            payload=self.raw.value,
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
        self._reader = Reader(
            brokers, GROUP, {topic.name: 0 for topic in HEARD}, self._begin
        )
        self._kept = Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": GROUP,
                "enable.auto.commit": False,
                **QUIET,
            }
        )
        self._done: Mapping[Place, int] = {}
        self._trouble = NOT_YET

    def read(self, timeout_s: float) -> list[Heard]:
        """Return what has come, in each partition's order; nothing while away."""
        try:
            records = self._reader.read(AT_ONCE, timeout_s)
        except KafkaException as error:
            logger.warning("nowhere to begin: %s", error)
            time.sleep(timeout_s)
            return []
        if self._reader.trouble not in ("", self._trouble):
            logger.warning("nothing can be heard: %s", self._reader.trouble)
        self._trouble = self._reader.trouble
        return list(decoded(records))

    def _begin(self, new: Sequence[Extent]) -> list[int]:
        """Go on where the last desk stopped; devices count from now on."""
        parts = [TopicPartition(each.topic, each.number) for each in new]
        kept = {
            Place(part.topic, part.partition): part.offset
            for part in self._kept.committed(parts, timeout=ANSWER_S)
        }
        return [_begins(each, kept[Place(each.topic, each.number)]) for each in new]

    def done(self) -> None:
        """Write down how far was read: all that follows from it is written."""
        partitions = self._reader.progress().partitions
        read = {place: each.next_offset for place, each in partitions.items()}
        if not (news := dict(read.items() - self._done.items())):
            return
        parts = [TopicPartition(*place, at) for place, at in news.items()]
        try:
            self._kept.commit(offsets=parts, asynchronous=False)
        except KafkaException as error:
            logger.warning("how far was read is not kept: %s", error)
        else:
            self._done = read

    def close(self) -> None:
        """Disconnect."""
        self._reader.close()
        self._kept.close()


def _begins(extent: Extent, kept: int) -> int:
    """Return where a partition is begun, of which was ``kept`` how far it was read."""
    if extent.first <= kept <= extent.end:
        return kept
    is_status = extent.topic == DEVICE_STATUS.name
    return extent.recent if is_status and kept < 0 else extent.first


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


def decoded(records: Iterable[Record]) -> Iterator[Heard]:
    """Yield what the contract leaves of ``records``."""
    for each in records:
        topic, at_ms = _JUDGED_AS[each.topic], each.arrived_ms
        if each.unreadable:
            found = Verdict(None, (f"unreadable: {each.unreadable}",))
        else:
            found = verdict(topic, each.value, at_ms)
        yield Heard(each.topic, at_ms, found.message, found.reasons, each)
