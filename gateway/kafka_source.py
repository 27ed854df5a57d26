"""The topics that the page follows, from a little before now on."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from confluent_kafka import (
    TIMESTAMP_LOG_APPEND_TIME,
    Consumer,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from gateway.lag import Lag, Partition
from gateway.messages import Arrived
from gateway.ward import FOLLOWED
from producers.contract import ALARMS, SCORES
from producers.schema import DAY_MS, MINUTE_MS

AT_ONCE: Final = 500
POLL_S: Final = 0.1
PATIENCE_S: Final = 2.0
ASK_EVERY_S: Final = 2.0
RECONNECT_MS: Final = 1_000

LOOK_BACK_MS: Final[Mapping[str, int]] = {
    ALARMS.name: DAY_MS,
    SCORES.name: 10 * MINUTE_MS,
}
"""Alarms last; scores come once a minute, and late where a job starts afresh."""
LOOK_BACK_OTHERS_MS: Final = MINUTE_MS

Topics = frozenset[tuple[str, str, int]]
"""Name, the broker's own id and number of partitions of each topic that is followed."""


class KafkaSource:
    """Reads without a group's offsets: every process tells its pages everything.

    With librdkafka, which reads the readings of 1,000 patients, compressed as the
    fleet sends them, at a tenth of what the pure Python client needs.
    """

    def __init__(self, brokers: str) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self.trouble = "not connected to Kafka yet"
        self._settings = {
            "bootstrap.servers": brokers,
            "group.id": "gateway",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",  # to begin anew misses nothing
            "reconnect.backoff.max.ms": RECONNECT_MS,
            "fetch.wait.max.ms": 100,
            "fetch.queue.backoff.ms": 5,
            "log_level": 0,
        }
        self._admin: Any = None
        self._consumer: Any = None
        self._topics: Topics = frozenset()
        self._asked_s = 0.0
        self._begun: dict[Partition, int] = {}
        self._lag = Lag()

    @property
    def lag(self) -> int:
        """Return how many messages there are that were not read yet."""
        return self._lag.messages

    def poll(self) -> list[Arrived]:
        """Return what came within a moment; connect first, if that is to be done."""
        try:
            if time.monotonic() - self._asked_s >= ASK_EVERY_S:
                self.ask()
            if self._consumer is None:
                self._consumer = self._connected()
        except KafkaException as error:
            self.trouble = f"Kafka does not answer: {error.args[0].str()}"
            time.sleep(POLL_S)
        return list(self._arrived()) if self._consumer else []

    def _arrived(self) -> Iterator[Arrived]:
        """Yield what came; where a partition cannot be read on, begin anew.

        An error that names no topic is the broker's, and is waited out.
        """
        messages = self._consumer.consume(AT_ONCE, POLL_S)
        now_ms = round(time.time() * 1000)
        for message in messages:
            if message.error() is None:
                yield _arrived(message, now_ms)
            elif message.topic() is not None:
                self.trouble = f"Kafka: {message.error().str()}"
                self.close()
                return

    def _connected(self) -> Any:  # noqa: ANN401 - untyped library
        consumer = Consumer(self._settings)
        try:
            beginnings = _beginnings(consumer, self._topics)
            consumer.assign(beginnings)
        except BaseException:
            consumer.close()
            raise
        self._begun = {(each.topic, each.partition): each.offset for each in beginnings}
        self._lag = Lag()
        return consumer

    def ask(self) -> None:
        """See whether the broker is there: reading alone never says that it is not.

        Nor that a topic was made anew under its old name (librdkafka takes the new
        one's leader for an old one's, and waits for ever), nor that it was widened:
        who assigns partitions hears of no others.
        """
        topics = self._described()
        if topics != self._topics:
            self.close()
        self._topics = topics
        self._asked_s = time.monotonic()
        if self._consumer is not None:
            self._look_back()
        self.trouble = self._lag.trouble

    def _described(self) -> Topics:
        if self._admin is None:
            self._admin = AdminClient(
                {"bootstrap.servers": self._settings["bootstrap.servers"]}
                | {"reconnect.backoff.max.ms": RECONNECT_MS, "log_level": 0}
            )
        asked = self._admin.describe_topics(
            TopicCollection(list(FOLLOWED)), request_timeout=PATIENCE_S
        )
        told = [each.result() for each in asked.values()]
        return frozenset((t.name, str(t.topic_id), len(t.partitions)) for t in told)

    def _look_back(self) -> None:
        """Compare what was read with what there is."""
        partitions = [TopicPartition(*each) for each in self._begun]
        positions = {
            (each.topic, each.partition): each.offset
            for each in self._consumer.position(partitions)
        }
        read = {each: max(at, positions[each]) for each, at in self._begun.items()}
        ends = {each: _end(self._consumer, TopicPartition(*each)) for each in read}
        self._lag.look(read, ends, time.monotonic())

    def close(self) -> None:
        """Let go of the broker."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = None


def _arrived(message: Any, now_ms: int) -> Arrived:  # noqa: ANN401 - untyped library
    """Return a message with the time at which the broker had it.

    Where a topic keeps the sender's times instead, reading it is when it arrived.
    """
    kind, at_ms = message.timestamp()
    return Arrived(
        message.topic(),
        message.value(),
        min(at_ms, now_ms) if kind == TIMESTAMP_LOG_APPEND_TIME else now_ms,
        message.partition(),
        message.offset(),
    )


def _beginnings(consumer: Any, topics: Topics) -> list[Any]:  # noqa: ANN401 - untyped library
    """Return each partition with the first offset worth reading, or its end.

    The end is that of before the question: a number, because "the end" would be
    looked up whenever the first answer comes, and what was written until then missed.
    """
    now_ms = round(time.time() * 1000)
    since = [
        TopicPartition(name, number, now_ms - _look_back_ms(name))
        for name, _, partitions in sorted(topics)
        for number in range(partitions)
    ]
    ends = [_end(consumer, each) for each in since]
    found = consumer.offsets_for_times(since, timeout=PATIENCE_S)
    for each, end in zip(found, ends, strict=True):
        if each.error is not None:
            raise KafkaException(each.error)
        if each.offset < 0:
            each.offset = end
    return list(found)


def _end(consumer: Any, partition: TopicPartition) -> int:  # noqa: ANN401 - untyped library
    _, end = consumer.get_watermark_offsets(partition, PATIENCE_S)
    return int(end)


def _look_back_ms(topic_name: str) -> int:
    return LOOK_BACK_MS.get(topic_name, LOOK_BACK_OTHERS_MS)
