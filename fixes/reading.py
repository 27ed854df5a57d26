"""Read a topic from its start to now, or from now on."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from fixes.broker import ANSWER_S, AT_ONCE, QUIET, Heard, all_partitions, decoded
from producers.consumer import Record, record_of
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
        parts = all_partitions(consumer, [topic])
        for part in parts:
            part.offset = OFFSET_BEGINNING
        consumer.assign(parts)
        heard = _up_to_the_end(consumer, {part.partition for part in parts})
        return [each.message for each in heard if each.message is not None]


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
            yield from decoded(_records(consumer.consume(AT_ONCE, 0.2)))
            yield None


@contextmanager
def _reader(brokers: str, topic: Topic) -> Iterator[Consumer]:
    """Yield a consumer of ``topic``, closed at the end; say what is wrong with it."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "vigil-reader",  # none is kept: it only may not be missing
            "enable.auto.commit": False,
            "enable.partition.eof": True,
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
        for part in all_partitions(consumer, [topic])
    }


def _up_to_the_end(consumer: Consumer, unfinished: set[int]) -> Iterator[Heard]:
    """Yield messages until each partition was read to its end."""
    quiet_until_s = time.monotonic() + ANSWER_S
    while unfinished:
        got: list[Message] = consumer.consume(AT_ONCE, 0.2)
        unfinished -= {each.partition() for each in got if _is_end(each)}
        yield from decoded(_records(got))
        if got:
            quiet_until_s = time.monotonic() + ANSWER_S
        elif time.monotonic() > quiet_until_s:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 - its public name


def _records(messages: Iterable[Message]) -> list[Record]:
    """Return the messages that are some."""
    return [record_of(each) for each in messages if each.error() is None]


def _is_end(message: Message) -> bool:
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001 - its public name
