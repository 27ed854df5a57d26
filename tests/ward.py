"""A running ward, as a system test sees it: put readings in, look what came out."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final, NamedTuple

import orjson
from confluent_kafka import Producer
from influxdb_client import InfluxDBClient

from jobs.measurements import VITALS_RAW, Measurement
from producers.contract import EEG, LATE, MATCHES, REJECTED, VITALS
from producers.schema import Topic
from stack.errors import StackError
from stack.flink_rest import Flink
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor
from stack.waiting import PATIENCE_S, until
from tests import reference
from tests.jobs.eeg_seconds import second
from tests.reference import Expected
from tests.streams import Message
from tests.topics import records

Raw = tuple[str, bytes]
"""Key and value of a message."""
ANY: Final = -1
"""The partition that the key of a message says."""


class Placed(NamedTuple):
    """A message as the broker is given it."""

    partition: int
    key: str | bytes | None
    value: bytes | None


PACER: Final = "pacer"


@dataclass(frozen=True, slots=True)
class Ward:
    """The stack with its jobs running."""

    settings: Settings
    _clock: list[int] = field(default_factory=list)

    @property
    def supervisor(self) -> Supervisor:
        """What starts and stops the servers."""
        return Supervisor(Paths(self.settings.state_dir))

    def begin_ms(self, length_s: int) -> int:
        """Return when a test's readings may begin: after all earlier tests' ones.

        Event time only moves forward, so each test has a time of its own. All
        partitions have spoken by then, and lately: a burst into one of several
        idle ones would make the others late. What is stored of the second round
        says that the first has been read by all.
        """
        begin_ms = self._clock.pop()
        self._clock.append(begin_ms + length_s * 1000 + 200_000)
        assert self._clock[0] < time.time() * 1000, "no time left before now"
        for ts_ms in (begin_ms - 20_000, begin_ms - 10_000):
            self.let_time_pass(ts_ms)
            eventually(lambda ts_ms=ts_ms: self._paced(ts_ms), expected=True)  # type: ignore[misc]
        return begin_ms

    def _paced(self, ts_ms: int) -> bool:
        """Return whether each partition has been read up to ``ts_ms``, and stored."""
        stored = self.points(VITALS_RAW, PACER, ["heart_rate_bpm"])
        return all((f"{PACER}-{p}", ts_ms) in stored for p in range(VITALS.partitions))

    def publish(self, messages: Iterable[Raw], topic: Topic = VITALS) -> None:
        """Put messages on the wire, and return when the broker has them all."""
        self.write((Placed(ANY, *message) for message in messages), topic)

    def write(self, messages: Iterable[Placed], topic: Topic) -> None:
        """Do the same with messages of which each has its partition."""
        producer = self.producer()
        for partition, key, value in messages:
            while True:
                try:
                    producer.produce(topic.name, value, key, partition=partition)
                    break
                except BufferError:
                    producer.poll(0.1)
        assert producer.flush(PATIENCE_S) == 0

    def producer(self) -> Producer:
        """Return a producer that waits for a broker that is away."""
        return Producer(
            {
                "bootstrap.servers": self.settings.kafka_brokers,
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "message.max.bytes": 2_000_000,
                "linger.ms": 5,
                "queue.buffering.max.messages": 1_000_000,
                "message.timeout.ms": round(PATIENCE_S * 1000),
            }
        )

    def let_time_pass(self, ts_ms: int) -> None:
        """Move event time on to ``ts_ms``, in every partition."""
        producer = self.producer()
        for partition in range(VITALS.partitions):
            for at_ms in (ts_ms, ts_ms + 2 * VITALS.max_lateness_ms):
                name = f"{PACER}-{partition}"
                value = {"ts_ms": at_ms, "patient_id": name, "device_id": name}
                value["heart_rate_bpm"] = 60
                producer.produce(
                    VITALS.name, orjson.dumps(value), name, partition=partition
                )
        assert producer.flush(PATIENCE_S) == 0

    @contextmanager
    def readings_never_stop(self) -> Iterator[None]:
        """Say one old reading again and again, in every partition.

        Time stands still, and yet no job takes the stream for silent: tables of
        versions would set the time then, and theirs is today's, while the readings
        of tests are of the past.
        """
        over = Event()

        def say() -> None:
            while True:
                self.let_time_pass(self._clock[0] - 30_000)
                if over.wait(5.0):
                    return

        with ThreadPoolExecutor(1) as beside:
            saying = beside.submit(say)
            try:
                yield
            finally:
                over.set()
                saying.result()

    def let_eeg_pass(self, ts_ms: int) -> None:
        """Move the event time of EEG on to ``ts_ms``, in every partition."""
        producer = self.producer()
        for partition in range(EEG.partitions):
            for at_ms in (ts_ms, ts_ms + 2 * EEG.max_lateness_ms):
                value = {**second(0, f"{PACER}-{partition}"), "ts_ms": at_ms}
                producer.produce(EEG.name, orjson.dumps(value), partition=partition)
        assert producer.flush(PATIENCE_S) == 0

    def read(self, topic: Topic) -> Iterator[Any]:
        """Yield every record of ``topic`` that is there now."""
        return records(self.settings.kafka_brokers, topic)

    def matches(self, patients: set[str]) -> list[Expected]:
        """Return what ``matches`` says of them, each message once by its id."""
        said: dict[tuple[str, str], Expected] = {}
        for record in self.read(MATCHES):
            match = orjson.loads(record.value)
            if match["patient_id"] in patients:
                said[match["match_id"], match["phase"]] = reference.said(match)
        return sorted(said.values(), key=str)

    def starts(self, patients: str) -> set[tuple[str, int]]:
        """Return patient and start of every match of ``patients``, as ids begin."""
        matches = (orjson.loads(record.value) for record in self.read(MATCHES))
        return {
            (match["patient_id"], match["started_ms"])
            for match in matches
            if match["patient_id"].startswith(patients)
        }

    def rejected(self) -> list[tuple[bytes, dict[str, str]]]:
        """Return the bytes and the headers of all that was rejected."""
        return [
            (record.value, {name: value.decode() for name, value in record.headers})
            for record in self.read(REJECTED)
        ]

    def late(self) -> list[Message]:
        """Return the readings that came too late."""
        return [orjson.loads(record.value) for record in self.read(LATE)]

    def points(
        self,
        measurement: Measurement,
        patients: str,
        fields: Sequence[str] = (),
        **tags: str,
    ) -> dict[tuple[str, int], dict[str, object]]:
        """Return stored points by patient and time in ms.

        ``patients`` is how their ids begin; ``fields`` and ``tags`` limit what is
        read.
        """
        wanted = "|".join(fields) or ".*"
        tagged = "".join(
            f'\n              |> filter(fn: (r) => r.{tag} == "{text}")'
            for tag, text in tags.items()
        )
        query = f"""
            from(bucket: "{measurement.bucket.name}")
              |> range(start: -27d, stop: 1h)
              |> filter(fn: (r) => r._measurement == "{measurement.name}")
              |> filter(fn: (r) => r.patient_id =~ /^{patients}/)
              |> filter(fn: (r) => r._field =~ /^({wanted})$/){tagged}
        """
        points: dict[tuple[str, int], dict[str, object]] = {}
        with self.influxdb() as client:
            for record in client.query_api().query_stream(query):
                ts_ms = round(record.get_time().timestamp() * 1000)
                point = points.setdefault((record["patient_id"], ts_ms), {})
                point[record.get_field()] = record.get_value()
        return points

    def restarts(self) -> dict[str, int]:
        """Return how often each job that runs had to start again so far.

        Flink gathers its metrics now and then: of a job that has just begun it
        knows none yet.
        """
        flink = Flink(self.settings.flink_url)
        counts: dict[str, int] = {}

        def all_are_known() -> bool:
            running = [job for job in flink.jobs() if not job.is_over]
            found = {job.name: flink.restarts(job) for job in running}
            counts.update({name: n for name, n in found.items() if n is not None})
            return counts.keys() == found.keys()

        until(all_are_known, otherwise=lambda: f"no more are known than {counts}")
        return counts

    def influxdb(self) -> InfluxDBClient:
        """Return a client of the database."""
        return InfluxDBClient(
            self.settings.influx_url,
            self.settings.influx_read_token_file.read_text(encoding="utf-8"),
            org=self.settings.influx_org,
            timeout=round(PATIENCE_S * 1000),
        )


def eventually(look: Callable[[], object], expected: object) -> None:
    """Wait until ``look`` sees what is ``expected``, or show how it differs.

    As long as what it sees still changes, somebody is at work, if slowly.
    """
    seen = [look()]

    def another() -> bool:
        began_s = time.monotonic()
        before, seen[0] = seen[0], look()
        # Whoever is looked at gets as much of a busy machine as the looking took.
        time.sleep(time.monotonic() - began_s)
        return seen[0] != before

    def differs() -> str:
        return f"{_difference(seen[0], expected)}; nothing else came"

    while seen[0] != expected:
        try:
            until(another, otherwise=differs, timeout_s=PATIENCE_S)
        except StackError as error:
            raise AssertionError(str(error)) from None


def _difference(seen: object, expected: object) -> str:
    """Return what is too much and what is missing, where both are collections."""
    if isinstance(seen, list | set) and isinstance(expected, list | set):
        strange = [each for each in seen if each not in expected]
        missing = [each for each in expected if each not in seen]
        return f"not expected: {strange[:10]}, missing: {missing[:10]}"
    return f"seen {seen!r}, expected {expected!r}"


def outside() -> dict[str, str]:
    """Return the environment without what this session's servers put into it.

    Servers of tests live for minutes, and the optimizing compiler would take a
    quarter of what they do.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VIGIL_") or name == "VIGIL_CACHE"
    }
    return {**kept, "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}


def environment() -> dict[str, str]:
    """Return an environment where the servers have a state and ports of their own."""
    return {
        **outside(),
        "VIGIL_STATE_DIR": ".vigil/test",
        "VIGIL_KAFKA_PORT": "29092",
        "VIGIL_KAFKA_CONTROLLER_PORT": "29093",
        "VIGIL_FLINK_PORT": "28081",
        "VIGIL_FLINK_RPC_PORT": "26123",
        "VIGIL_INFLUX_PORT": "28086",
        "VIGIL_GATEWAY_PORT": "28090",
        "VIGIL_BASELINES_AT": "",
        # Its readings are of now, and those of tests are not: they would come late.
        "VIGIL_ALERTS_SYNTHETIC": "0",
    }
