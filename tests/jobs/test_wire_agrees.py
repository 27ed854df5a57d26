"""What Flink reads of a message is what Python reads of it, from a real broker."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from py4j.protocol import Py4JJavaError
from pyflink.table import TableEnvironment

from cep_patterns import desaturation
from jobs import detect_patterns
from jobs.decoding import looks_at_ids
from jobs.demands import demands, flag
from jobs.in_process import local_environment, write_versions
from jobs.kafka import Broker as Source
from jobs.kafka import read_json
from jobs.readings import readings_view, usable_readings
from jobs.tables import is_flag, source_table, table_of
from producers.contract import (
    DEVICE_STATUS,
    EEG,
    LIMITS,
    MATCHES,
    VITAL_SIGNS,
    VITALS,
)
from producers.schema import DAY_MS, HOUR_MS, MOST_MESSAGE_BYTES, Topic
from stack.waiting import until
from tests.broker import Broker
from tests.cases_on_the_wire import ARRIVED_MS, Case, cases_of
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.usefixtures("quick_java")]

KEEPS: Mapping[str, str] = {
    "message.timestamp.type": "CreateTime",
    "retention.ms": "-1",
    "max.message.bytes": str(2 * MOST_MESSAGE_BYTES),
}
MORE_LENIENT = (
    "comes twice",
    "is a list",
    "has something behind it",
    *(
        f"has {number} as {name}, which is no text"
        for number in ("12345678901234567890", "1e3", "7", "true")
        for name in ("patient_id", "device_id")
    ),
    "has channels that are numbers",
)
"""Where Flink's own decoding reads what is none: ``docs/limits.md`` names them."""

READ = (
    *("ts_ms", "patient_id", "device_id", "on_oxygen", "consciousness", "activity"),
    *(sign.name for sign in VITAL_SIGNS),
)
"""The columns of ``readings`` that are columns of the topic."""


def write(
    real: Broker, name: str, partitions: Sequence[Sequence[tuple[int, bytes]]]
) -> None:
    """Write a topic: of each partition, when each message arrives, and the message."""
    admin = AdminClient({"bootstrap.servers": real.address})
    topic = NewTopic(name, len(partitions), 1, config=dict(KEEPS))
    admin.create_topics([topic])[name].result()
    most = {"message.max.bytes": 2 * MOST_MESSAGE_BYTES}
    producer = Producer({"bootstrap.servers": real.address, **most})
    for number, messages in enumerate(partitions):
        for arrived_ms, payload in messages:
            producer.produce(
                name, payload, partition=number, timestamp=arrived_ms, key=b"k"
            )
    assert producer.flush(60) == 0


def read_in(
    real: Broker, name: str, topic: Topic, *, bounded: bool
) -> TableEnvironment:
    """Return an environment in which ``name`` stands for ``topic``."""
    t_env = local_environment()
    source = Source(addresses=real.address, group=name, bounded=bounded)
    t_env.execute_sql(source_table(topic, {**read_json(topic, source), "topic": name}))
    return t_env


def read_of(
    real: Broker, topic: Topic, cases: Sequence[Case]
) -> dict[int, dict[str, object]]:
    """Return what SQL uses of each of ``cases``, by its index."""
    name = f"cases_of_{topic.name}"
    write(real, name, [[(ARRIVED_MS, case.payload) for case in cases]])
    t_env = read_in(real, name, topic, bounded=True)
    if topic is VITALS:
        columns: tuple[str, ...] = READ
        query = usable_readings(", source_offset")
    else:
        columns = tuple(each.name for each in topic.columns if each.required)
        flags = {each.name: flag(each) for each in topic.columns if is_flag(each)}
        told = ", ".join(f"{flags.get(each, each)} AS {each}" for each in columns)
        query = f"""SELECT {told}, source_offset FROM {table_of(topic)}
            WHERE {demands(topic)}"""
    wanted = ", ".join((*columns, "source_offset"))
    with t_env.sql_query(f"SELECT {wanted} FROM ({query})").execute().collect() as rows:
        return {
            row[-1]: {
                column: value
                for column, value in zip(columns, row, strict=False)
                if value is not None
            }
            for row in rows
        }


@pytest.mark.parametrize(
    "topic", [VITALS, EEG, MATCHES, DEVICE_STATUS], ids=lambda topic: topic.name
)
def test_sql_uses_of_each_message_what_every_reader_uses(
    real: Broker, topic: Topic
) -> None:
    cases = cases_of(topic)
    found = read_of(real, topic, cases)
    names = READ if topic is VITALS else {c.name for c in topic.columns if c.required}
    lenient = () if looks_at_ids(topic) else MORE_LENIENT
    wrong = {}
    for number, case in enumerate(cases):
        if case.name in lenient:
            assert number in found, f"no longer more lenient: {case.name}"
            continue
        expected = case.usable and {
            name: value
            for name, value in case.usable.items()
            if name in names and value is not None
        }
        if found.get(number) != expected:
            wrong[case.name] = (found.get(number), expected)
    assert wrong == {}


def wrong_clock(patient: str, ts_ms: object) -> list[tuple[int, bytes]]:
    """Return 20 s of a right clock, and 25 s of one that says ``ts_ms``."""
    return [
        (
            now_ms(t),
            as_bytes({**message(0, patient), "ts_ms": ts_ms if t >= 20 else now_ms(t)}),
        )
        for t in range(45)
    ]


def shifted_clock(patient: str, by_ms: int) -> list[tuple[int, bytes]]:
    """Return the same of a clock that is off by ``by_ms``."""
    return [
        (
            now_ms(t),
            as_bytes(
                {**message(0, patient), "ts_ms": now_ms(t) + by_ms * (t >= 20)},
            ),
        )
        for t in range(45)
    ]


def now_ms(t: int) -> int:
    return ARRIVED_MS + t * 1000


def as_bytes(each: Message) -> bytes:
    return json.dumps(each).encode()  # orjson refuses integers beyond 64 bits


def test_a_sender_whose_times_cannot_be_holds_back_nobody(
    real: Broker, tmp_path: Path
) -> None:
    """Each is alone in its partition, and nothing comes behind."""
    control = [
        (
            now_ms(t),
            as_bytes({**message(0, "control", spo2_pct=80.0), "ts_ms": now_ms(t)}),
        )
        for t in range(45)
    ]
    wrong = [
        wrong_clock("none", None),
        wrong_clock("text", "2026-01-01T00:00:00Z"),
        wrong_clock("huge", 10**30),
        shifted_clock("ahead", 2 * HOUR_MS),
        shifted_clock("behind", -40 * DAY_MS),
    ]
    write(real, "clocks", [control, *wrong])
    t_env = read_in(real, "clocks", VITALS, bounded=False)
    t_env.execute_sql(readings_view())
    write_versions(t_env, LIMITS, [], tmp_path)
    [query] = detect_patterns.find(t_env, [desaturation.PATTERN])
    result = t_env.sql_query(query).execute()
    found: list[object] = []

    def collect() -> None:
        with suppress(Py4JJavaError), result.collect() as rows:  # until it is cancelled
            for row in rows:
                found.append(row)  # noqa: PERF402 - as soon as it comes

    Thread(target=collect, daemon=True).start()
    try:
        until(lambda: bool(found), otherwise=lambda: "control was not found")
    finally:
        result.get_job_client().cancel()
