"""What is on a topic now, whatever codec it was sent with."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

from producers.schema import Topic


class Record(NamedTuple):
    """A message, and where it stands."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def records(brokers: str, topic: Topic) -> Iterator[Record]:
    """Yield every record of ``topic``, up to where each partition ends now."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "tests",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    partitions = range(topic.partitions)
    consumer.assign(
        [TopicPartition(topic.name, p, OFFSET_BEGINNING) for p in partitions]
    )
    ended: set[int] = set()
    try:
        while len(ended) < len(partitions):
            for message in consumer.consume(10_000, timeout=0.1):
                if message.error() is None:
                    yield _record(message)
                elif _ends(message.error()):
                    ended.add(message.partition())
    finally:
        consumer.close()


def _ends(error: Any) -> bool:  # noqa: ANN401 - untyped library
    """Return whether it is the end of a partition; else the client tries again."""
    return bool(error.code() == KafkaError._PARTITION_EOF)  # noqa: SLF001 - its public name


def _record(message: Any) -> Record:  # noqa: ANN401 - untyped library
    return Record(
        message.partition(),
        message.offset(),
        message.key(),
        message.value(),
        message.headers() or [],
    )
