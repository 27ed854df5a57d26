"""Send many messages to Kafka fast, and know of each that did not arrive."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Producer

from producers.outgoing import Message
from producers.schema import Topic

logger = logging.getLogger(__name__)

CHUNK: Final = 10_000
QUEUE_MESSAGES: Final = 500_000
"""Kept while the broker is away, 25 s of 20,000 devices; then the sender waits."""
CONNECT_S: Final = 5.0
PATIENCE_S: Final = 5.0
"""How long the broker may take nothing at all before the last messages are lost."""
LOGGED: Final = 5
"""Failed deliveries logged one by one; all are counted."""

_SETTINGS: Final = {
    "acks": "all",
    "enable.idempotence": True,
    "linger.ms": 5,
    "compression.type": "lz4",
    "partitioner": "murmur2_random",  # the partition every Java client would choose
    "queue.buffering.max.messages": QUEUE_MESSAGES + CHUNK,
    "delivery.report.only.error": True,
    "reconnect.backoff.max.ms": 1_000,
    "log_level": 0,  # what matters comes through error_cb
}


class BrokerError(Exception):
    """One line: what is wrong with which broker, and what to do about it."""


class Publisher:
    """An open connection to the broker.

    While the broker is away, messages wait in a queue, and when that is full the
    sender waits, until ``stop`` is set; then ``while_waiting`` is called again and
    again. ``messages`` and ``bytes`` count what was handed over, ``failed`` what was
    not delivered, ``waited_s`` how long the sender waited.
    """

    def __init__(
        self, brokers: str, topics: Iterable[Topic], stop: threading.Event
    ) -> None:
        self.messages = self.bytes = self.failed = 0
        self.waited_s = 0.0
        self.while_waiting: Callable[[], None] = lambda: None
        self._stop = stop
        self._fatal: KafkaError | None = None
        self._producer = Producer(
            {"bootstrap.servers": brokers, "error_cb": self._on_error, **_SETTINGS}
        )
        self._check(brokers, {topic.name for topic in topics})

    def send(self, topic: Topic, messages: Sequence[Message]) -> None:
        """Hand over ``messages``, in order."""
        for first in range(0, len(messages), CHUNK):
            self._send(topic, messages[first : first + CHUNK])
        self._producer.poll(0)

    @property
    def queued(self) -> int:
        """Return how many messages the broker has not confirmed yet."""
        return len(self._producer)

    def close(self) -> int:
        """Wait while the broker takes messages; return how many it did not get."""
        waiting = self.queued
        left: int = self._producer.flush(PATIENCE_S)
        while 0 < left < waiting:
            waiting, left = left, self._producer.flush(PATIENCE_S)
        return self.failed + left

    def _send(self, topic: Topic, messages: Sequence[Message]) -> None:
        self._wait_for_room()
        self.messages += len(messages)
        self.bytes += sum(len(value) for _, value in messages)
        chunk: list[dict[str, Any]] = [{"key": k, "value": v} for k, v in messages]
        self._producer.produce_batch(topic.name, chunk, on_delivery=self._on_delivery)
        if self._fatal is not None:
            msg = (
                f"Kafka refuses this producer for good: {self._fatal.str()}; restart it"
            )
            raise BrokerError(msg)
        for message in chunk:
            if "_error" in message:
                self._on_delivery(message["_error"], message)

    def _wait_for_room(self) -> None:
        while self.queued > QUEUE_MESSAGES and not self._stop.is_set():
            began_s = time.monotonic()
            self._producer.poll(0.01)
            self.waited_s += time.monotonic() - began_s
            self.while_waiting()

    def _check(self, brokers: str, wanted: set[str]) -> None:
        try:
            known = self._producer.list_topics(timeout=CONNECT_S).topics
        except KafkaException as error:
            msg = (
                f"no Kafka broker answers at {brokers} ({error.args[0].str()}): "
                "start it, or name another with --brokers or VIGIL_KAFKA_BROKERS"
            )
            raise BrokerError(msg) from None
        if missing := sorted(wanted - set(known)):
            msg = (
                f"the broker at {brokers} has no topic {', '.join(missing)}: "
                "create the topics of producers/contract/ first"
            )
            raise BrokerError(msg)

    def _on_delivery(self, error: KafkaError | None, _message: object) -> None:
        if error is None:
            return
        self.failed += 1
        if self.failed <= LOGGED:
            logger.error("a message was not delivered: %s", error.str())

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            self._fatal = error
        every_broker = error.code() == KafkaError._ALL_BROKERS_DOWN  # noqa: SLF001 - its public name
        logger.log(
            logging.WARNING if every_broker else logging.DEBUG, "Kafka: %s", error.str()
        )
