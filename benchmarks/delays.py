"""How old messages are when a reader of Kafka has them, while a fleet plays."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import orjson
from kafka import KafkaConsumer

from producers.schema import Topic
from stack.environment import ROOT
from stack.settings import Settings


def delays_ms(
    settings: Settings,
    topic: Topic,
    fleet: Sequence[str],
    *,
    warm_up_s: int,
    for_s: int,
) -> Iterator[float]:
    """Yield the delay of each message in ``topic`` while ``fleet`` is playing.

    ``fleet`` is a command; the first ``warm_up_s`` do not count.
    """
    with playing(fleet):
        time.sleep(warm_up_s)
        yield from arriving_ms(settings, topic, for_s=for_s)


@contextmanager
def playing(fleet: Sequence[str], log: IO[bytes] | None = None) -> Iterator[int]:
    """Run ``fleet``, a command that says on ``log`` how it goes; yield its pid."""
    process = subprocess.Popen(fleet, cwd=ROOT, stderr=log)  # noqa: S603 - our own
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def arriving_ms(settings: Settings, topic: Topic, *, for_s: float) -> Iterator[float]:
    """Yield the delay of each message that comes into ``topic`` in ``for_s``."""
    consumer = KafkaConsumer(topic.name, bootstrap_servers=settings.kafka_brokers)
    try:
        ends_s = time.time() + for_s
        while time.time() < ends_s:
            for records in consumer.poll(timeout_ms=100).values():
                read_at_ms = time.time() * 1000
                for record in records:
                    yield read_at_ms - orjson.loads(record.value)["ts_ms"]
    finally:
        consumer.close()
