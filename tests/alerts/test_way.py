"""Over a real broker: readings of the synthetic patient become a notice for nobody.

The one part that is not there is Flink: the test finds the pattern in its place.
"""

import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from alerts.database import Database
from alerts.groups import Groups
from alerts.heartbeat import ALERTS, Heartbeat, last
from alerts.looking import Looker
from alerts.match import Match
from alerts.settings import AlertSettings
from alerts.streams import Streams
from alerts.system import INPUTS
from alerts.watch import Point
from cep_patterns.pattern import Severity
from cep_patterns.pulse_loss import PATTERN
from producers.contract import ALARMS, MATCHES, VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.offsets import Offsets
from producers.progress import Place
from stack.waiting import until
from tests.alerts.matches import ended, ongoing
from tests.alerts.serve_process import serving
from tests.broker import Broker

pytestmark = pytest.mark.system


def _consumer(real: Broker, group: str) -> Any:  # noqa: ANN401 - untyped library
    return Consumer(
        {
            "bootstrap.servers": real.address,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )


def _match(since_ms: int, at_ms: int) -> Match:
    return ongoing(
        f"since-{since_ms}",
        at_ms / 1000,
        patient=SYNTHETIC_PATIENT_ID,
        pattern=PATTERN.name,
        severity=Severity.HIGH,
        device=SYNTHETIC_PATIENT_ID,
    )


def _finds(real: Broker, stop: Event) -> None:
    """Find a heart that stands still in ``vitals``, and that it beats again."""
    consumer = _consumer(real, "stands in for Flink")
    producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
    consumer.subscribe([VITALS.name])
    since_ms: int | None = None
    while not stop.is_set():
        if (message := consumer.poll(0.1)) is None or message.error():
            continue
        reading = orjson.loads(message.value())
        assert reading["patient_id"] == SYNTHETIC_PATIENT_ID
        beats = bool(reading["heart_rate_bpm"])
        news = []
        if not beats:
            since_ms = since_ms or reading["ts_ms"]
            news = [_match(since_ms, reading["ts_ms"])]
        elif since_ms is not None:
            match = _match(since_ms, reading["ts_ms"])
            news, since_ms = [ended(match, reading["ts_ms"] / 1000)], None
        for each in news:
            value = each.model_dump_json(exclude_none=True, exclude={"source"})
            producer.produce(MATCHES.name, value, each.patient_id)
        producer.flush(10)
    consumer.close()


def _told_of(real: Broker) -> set[str]:
    """Return of whom there is anything in ``alarms``."""
    offsets, found = Offsets(real.address), set[str]()
    ends = offsets.ends(offsets.topics([ALARMS.name]).places)
    consumer = _consumer(real, "hears of alarms")
    consumer.assign([TopicPartition(*place, 0) for place in ends])
    for _ in range(sum(ends.values())):
        message = consumer.poll(60)
        assert message is not None
        assert message.error() is None
        found.add(message.key().decode())
    consumer.close()
    return found


def test_readings_become_a_notice_and_nobody_is_told(
    real: Broker, tmp_path: Path
) -> None:
    stop = Event()
    finding = Thread(target=_finds, args=(real, stop))
    finding.start()
    settings = {"VIGIL_KAFKA_BROKERS": real.address, "VIGIL_ALERTS_SYNTHETIC": "1"}
    database = Database.open(f"sqlite:///{tmp_path}/data/alarms.db")
    began_ms = time.time_ns() // 1_000_000

    def beat() -> Heartbeat | None:
        with database.reading() as session:
            return last(session, ALERTS)

    def came() -> bool:
        now = beat()
        return now is not None and (now.synthetic_ms or 0) > began_ms

    with serving(tmp_path, "serve", settings) as serve:
        until(
            lambda: came() or serve.process.poll() is not None,
            otherwise=serve.log.read_text,
        )
        assert serve.process.poll() is None, serve.log.read_text()
        now = beat()
    stop.set()
    finding.join()
    assert now is not None
    assert not now.streamed
    assert SYNTHETIC_PATIENT_ID not in _told_of(real)
    database.close()


def test_what_was_not_read_is_seen_of_jobs_and_of_alarms(
    real: Broker, tmp_path: Path
) -> None:
    producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
    job = "watch-devices"
    place = Place(INPUTS[job], 0)
    for _ in range(3):
        producer.produce(place.topic, b"{}", partition=place.partition)
    producer.flush(30)
    consumer = _consumer(real, job)
    consumer.commit(offsets=[TopicPartition(*place, 1)], asynchronous=False)
    consumer.close()
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    settings = AlertSettings(
        kafka_brokers=real.address, flink_url="http://127.0.0.1:1", state_dir=tmp_path
    )
    looker = Looker(settings, database, Streams(is_checked=False))
    sight = looker.look()
    assert sight.committed is not None
    assert sight.committed[job] == {place: Point(1, 3)}
    assert not any(points for name, points in sight.committed.items() if name != job)
    assert sight.unread is not None
    assert {point.end - point.at for point in sight.unread.values()} == {0}
    producer.produce(MATCHES.name, b"{}", partition=2)
    producer.flush(30)
    unread = looker.look().unread
    assert unread is not None
    assert {
        p.partition: at.end - at.at for p, at in unread.items() if at.end > at.at
    } == {2: 1}
    assert sight.jobs is None
    assert sight.disk is not None
    assert sight.fixes is None
    looker.close()
    database.close()


def test_garbage_on_vitals_is_seen_to_come_and_not_to_be_usable(
    real: Broker, tmp_path: Path
) -> None:
    producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    settings = AlertSettings(
        kafka_brokers=real.address, flink_url="http://127.0.0.1:1", state_dir=tmp_path
    )
    looker = Looker(settings, database, Streams(is_checked=False))
    reading = {"patient_id": "p-1", "device_id": "d-1", "heart_rate_bpm": 72}
    looker.look()
    sights = []
    for ts_ms in ("today", time.time_ns() // 1_000_000):
        producer.produce(VITALS.name, orjson.dumps({**reading, "ts_ms": ts_ms}))
        assert producer.flush(30) == 0
        sights.append(looker.look())
    garbage, good = sights
    assert (good.vitals or 0) - (garbage.vitals or 0) == 1
    assert (garbage.usable, good.usable) == (0, 1)
    looker.close()
    database.close()


def test_a_group_that_somebody_joined_is_attended_until_all_have_left(
    real: Broker,
) -> None:
    groups = Groups(real.address)
    assert groups.is_attended("nobody yet") is None
    consumer = _consumer(real, "somebody")
    consumer.subscribe([MATCHES.name])

    def attended() -> bool:
        consumer.poll(0.1)
        return groups.is_attended("somebody") is True

    until(attended, otherwise=lambda: "nobody joins")
    consumer.commit(offsets=[TopicPartition(MATCHES.name, 0, 0)], asynchronous=False)
    consumer.close()
    until(
        lambda: groups.is_attended("somebody") is False,
        otherwise=lambda: "still attended",
    )
