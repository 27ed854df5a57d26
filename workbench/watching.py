"""Look at the running servers, each in a thread of its own, as cheaply as can be.

A server that does not answer holds up its own thread and nothing else; what it
last said stands until it answers again.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import httpx
import orjson
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from producers.contract import LATE, MATCHES, REJECTED, VITALS
from producers.schema import Topic
from stack.flink_jobs import JOBS, job_name
from stack.flink_rest import Flink
from stack.settings import Settings
from workbench.alarms import Message
from workbench.measures import Sample

COUNTED: Final = (VITALS, REJECTED, LATE)
POLL_MS: Final = 250
EVERY_S: Final = 1.0
HTTP_EVERY_S: Final = 2.0
TIMEOUT_S: Final = 5.0
POINTS: Final = "storage_writer_ok_points_sum"
"""InfluxDB's own count of the points it has written."""


class Arrived(NamedTuple):
    """A match, and when it was readable in Kafka."""

    message: Message
    readable_ms: int


@dataclass(slots=True)
class Seen:
    """What the watchers last saw; each field has one writer."""

    matches: queue.SimpleQueue[Arrived] = field(default_factory=queue.SimpleQueue)
    ends: dict[str, Sample] = field(default_factory=dict)
    first_ends: dict[str, Sample] = field(default_factory=dict)
    points: Sample | None = None
    jobs: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)

    def since_start(self, topic: Topic) -> int | None:
        """Return how many messages a topic got since the watch began."""
        if topic.name not in self.ends:
            return None
        return round(self.ends[topic.name].total - self.first_ends[topic.name].total)


class Watch:
    """The threads that look at Kafka, Flink and InfluxDB."""

    def __init__(self, settings: Settings) -> None:
        self.seen = Seen()
        self._settings = settings
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._watch_kafka, self._watch_flink, self._watch_influxdb)
        ]

    def start(self) -> None:
        """Begin to look."""
        logging.getLogger("kafka").setLevel(logging.CRITICAL)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(TIMEOUT_S)

    def _repeat(self, name: str, every_s: float, look: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                look()
                self.seen.troubles.pop(name, None)
            except (KafkaError, httpx.HTTPError) as error:
                self.seen.troubles[name] = (
                    f"{name} does not answer: {error or 'silent'}"
                )
            self._stop.wait(every_s)

    def _watch_kafka(self) -> None:
        brokers = self._settings.kafka_brokers
        consumer = KafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)
        try:
            consumer.assign(partitions([MATCHES]))
            consumer.seek_to_end()
            self._repeat("Kafka", 0.0, lambda: self._look_at_kafka(consumer))
        finally:
            consumer.close()

    def _look_at_kafka(self, consumer: Any) -> None:  # noqa: ANN401 - untyped library
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            for record in records:
                if (message := match(record.value)) is not None:
                    self.seen.matches.put(Arrived(message, record.timestamp))
        last = self.seen.ends.get(VITALS.name)
        if last is None or time.monotonic() - last.at_s >= EVERY_S:
            found = consumer.end_offsets(partitions(COUNTED), timeout_ms=2000)
            ends = totals(found, time.monotonic())
            self.seen.first_ends = self.seen.first_ends or ends
            self.seen.ends = ends

    def _watch_flink(self) -> None:
        flink = Flink(self._settings.flink_url)
        self._repeat("Flink", HTTP_EVERY_S, lambda: self._look_at_flink(flink))

    def _look_at_flink(self, flink: Flink) -> None:
        states = {job.name: job.state.lower() for job in flink.latest()}
        self.seen.jobs = {name: states.get(name, "") for name in map(job_name, JOBS)}

    def _watch_influxdb(self) -> None:
        url = self._settings.influx_url
        with httpx.Client(base_url=url, timeout=TIMEOUT_S) as client:
            self._repeat(
                "InfluxDB", HTTP_EVERY_S, lambda: self._look_at_influxdb(client)
            )

    def _look_at_influxdb(self, client: httpx.Client) -> None:
        answer = client.get("/metrics").raise_for_status()
        self.seen.points = Sample(time.monotonic(), points_stored(answer.text))


def partitions(topics: Iterable[Topic]) -> list[Any]:
    """Return every partition of ``topics``."""
    return [TopicPartition(t.name, p) for t in topics for p in range(t.partitions)]


def totals(ends: dict[Any, int], at_s: float) -> dict[str, Sample]:
    """Return how many messages each topic has ever had, from its end offsets."""
    summed: dict[str, int] = {}
    for partition, end in ends.items():
        summed[partition.topic] = summed.get(partition.topic, 0) + end
    return {topic: Sample(at_s, total) for topic, total in summed.items()}


def match(value: bytes) -> Message | None:
    """Return a message of the topic matches, or None if it is no such thing."""
    try:
        message = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    known = isinstance(message, dict) and "match_id" in message
    return message if known else None


def points_stored(metrics: str) -> float:
    """Return how many points InfluxDB says it has stored since it was started."""
    lines = (line for line in metrics.splitlines() if line.startswith(POINTS))
    return sum(float(line.rpartition(" ")[2]) for line in lines)
