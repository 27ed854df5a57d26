"""Topics that cannot be made again: read whole, and published again.

A compacted topic is knowledge, not a stream: patients' own limits, what is usual for
each, which fixes were proved. Of each key the newest message is kept.
"""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson
from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from producers.contract import TOPICS
from producers.schema import Topic
from stack.errors import StackError

ANSWER_S: Final = 30.0
AT_ONCE: Final = 1000
SUFFIX: Final = ".jsonl"

KEPT: Final = tuple(topic for topic in TOPICS if topic.compacted)


def write(brokers: str, folder: Path) -> dict[str, int]:
    """Write each topic into a file of ``folder``; return how many keys each has."""
    counts = {}
    for topic in KEPT:
        newest = _newest(brokers, topic)
        lines = b"".join(orjson.dumps(_line(each)) + b"\n" for each in newest)
        (folder / f"{topic.name}{SUFFIX}").write_bytes(lines)
        counts[topic.name] = len(newest)
    return counts


def publish(brokers: str, folder: Path) -> None:
    """Publish what :func:`write` wrote.

    Raises
    ------
    StackError
        The broker does not have all of it: nothing is removed, so it can be repeated.
    """
    producer = Producer(
        {
            "bootstrap.servers": brokers,
            "enable.idempotence": True,
            "partitioner": "murmur2_random",  # as every Java client
            "message.max.bytes": 2_000_000,
        }
    )
    why: list[object] = []

    def note(error: object, _: object) -> None:
        if error is not None:
            why.append(error)

    for file in sorted(folder.glob(f"*{SUFFIX}")):
        for line in file.read_bytes().splitlines():
            _produce(producer, file.name.removesuffix(SUFFIX), orjson.loads(line), note)
    if producer.flush(ANSWER_S) or why:
        msg = f"the broker did not take all of {folder}: {why[:1] or 'no answer'}"
        raise StackError(msg)


def _produce(producer: Producer, topic: str, line: dict[str, Any], note: Any) -> None:  # noqa: ANN401 - a callback of librdkafka's
    headers = [(name, _bytes(value)) for name, value in line["headers"]]
    value, key = _bytes(line["value"]), _bytes(line["key"])
    while True:
        try:
            producer.produce(topic, value, key, headers=headers, on_delivery=note)
        except BufferError:
            producer.poll(1)
        else:
            return


def _newest(brokers: str, topic: Topic) -> list[Message]:
    """Return the newest message of each key; none of a key that was deleted."""
    newest = {(m.partition(), m.key()): m for m in _messages(brokers, topic)}
    return [message for message in newest.values() if message.value() is not None]


def _messages(brokers: str, topic: Topic) -> Iterator[Message]:
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": f"vigil-backup-{uuid4()}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "log_level": 0,
        }
    )
    try:
        parts = list(_partitions(consumer, topic))
        consumer.assign([TopicPartition(topic.name, p, 0) for p in parts])
        yield from _until_their_ends(consumer, topic, parts)
    except KafkaException as error:
        msg = f"{topic.name} cannot be read: {error.args[0].str()}"
        raise StackError(msg) from None
    finally:
        consumer.close()


def _partitions(consumer: Consumer, topic: Topic) -> Iterable[int]:
    found = consumer.list_topics(topic.name, timeout=ANSWER_S).topics[topic.name]
    if found.error is not None:
        raise KafkaException(found.error)
    return sorted(found.partitions)


def _until_their_ends(
    consumer: Consumer, topic: Topic, parts: list[int]
) -> Iterator[Message]:
    left = set(parts)
    while left:
        messages = consumer.consume(AT_ONCE, ANSWER_S)
        if not messages:
            msg = f"{topic.name} cannot be read: no answer from the broker"
            raise StackError(msg)
        for message in messages:
            error = message.error()
            if error is None:
                yield message
            elif error.name() == "_PARTITION_EOF":
                left.discard(message.partition())
            else:
                raise KafkaException(error)


def _line(message: Message) -> dict[str, object]:
    headers = message.headers() or []
    return {
        "key": _text(message.key()),
        "value": _text(message.value()),
        "headers": [[name, _text(value)] for name, value in headers],
    }


def _text(given: bytes | None) -> str | None:
    return None if given is None else base64.b64encode(given).decode()


def _bytes(given: str | None) -> bytes | None:
    return None if given is None else base64.b64decode(given)
