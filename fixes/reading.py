"""Read a topic from its start to now, or from now on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from fixes.broker import ANSWER_S, AT_ONCE, QUIET, Heard, decoded, partitions
from producers.publisher import BrokerError
from producers.schema import Topic


def everything(brokers: str, topic: Topic) -> list[dict[str, Any]]:
    """Return every message that is in ``topic`` now, each partition in order.

    Raises
    ------
    BrokerError
        No broker answers, or it has no such topic.
    """
    with _reader(brokers, topic) as consumer:
        ends = _ends(consumer, topic)
        consumer.assign([TopicPartition(topic.name, p, OFFSET_BEGINNING) for p in ends])
        return [heard.message for heard in _up_to(consumer, ends)]


def from_now_on(brokers: str, topic: Topic) -> Iterator[Heard | None]:
    """Yield each message that comes from now on, and nothing five times a second.

    Raises
    ------
    BrokerError
        No broker answers, or it has no such topic.
    """
    with _reader(brokers, topic) as consumer:
        ends = _ends(consumer, topic)
        consumer.assign([TopicPartition(topic.name, p, at) for p, at in ends.items()])
        while True:
            yield from decoded(consumer.consume(AT_ONCE, 0.2))
            yield None


@contextmanager
def _reader(brokers: str, topic: Topic) -> Iterator[Consumer]:
    """Yield a consumer of ``topic``, closed at the end; say what is wrong with it."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "vigil-reader",  # none is kept: it only may not be missing
            "enable.auto.commit": False,
            "enable.partition.eof": False,
            "fetch.wait.max.ms": 50,
            **QUIET,
        }
    )
    try:
        yield consumer
    except KafkaException as error:
        why = f"no Kafka broker with the topic {topic.name} answers at {brokers}"
        todo = "make up, or correct VIGIL_KAFKA_BROKERS"
        msg = f"{why} ({error.args[0].str()}): {todo}"
        raise BrokerError(msg) from None
    finally:
        consumer.close()


def _ends(consumer: Consumer, topic: Topic) -> dict[int, int]:
    return {
        part.partition: consumer.get_watermark_offsets(part, timeout=ANSWER_S)[1]
        for part in partitions(topic)
    }


def _up_to(consumer: Consumer, ends: dict[int, int]) -> Iterator[Heard]:
    """Yield messages until each partition is read up to its end as it was."""
    quiet_until_s = time.monotonic() + ANSWER_S
    while any(at < ends[part] for part, at in _positions(consumer).items()):
        got = consumer.consume(AT_ONCE, 0.2)
        yield from decoded(got)
        if got:
            quiet_until_s = time.monotonic() + ANSWER_S
        elif time.monotonic() > quiet_until_s:
            return  # what compaction took away has no offset that can be reached


def _positions(consumer: Consumer) -> dict[int, int]:
    return {
        part.partition: max(part.offset, 0)
        for part in consumer.position(consumer.assignment())
    }
