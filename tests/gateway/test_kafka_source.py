"""Without a broker the page says so, asks on, and misses nothing when it is back."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from gateway.feed import Arrived
from gateway.kafka_source import KafkaSource
from producers.contract import ALARMS
from producers.topics import create_topics
from stack.waiting import PATIENCE_S, until
from tests.broker import Broker, broker

PARTITIONS: Final = range(ALARMS.partitions)


def test_a_broker_that_is_not_there_is_a_trouble_and_no_end() -> None:
    source = KafkaSource("127.0.0.1:1")
    for _ in range(2):
        assert source.poll() == []
        assert source.trouble.startswith("Kafka does not answer: ")
    source.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run a broker for all of these tests."""
    with broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def source(real: Broker) -> Iterator[KafkaSource]:
    """Return a source that reads; nothing was written in its minute."""
    source = KafkaSource(real.address)
    read_until(source, lambda _: not source.trouble)
    yield source
    source.close()


def read_until(
    source: KafkaSource, enough: Callable[[list[Arrived]], bool]
) -> list[Arrived]:
    """Poll as the feed does, until there is enough."""
    arrived: list[Arrived] = []

    def polled() -> bool:
        arrived.extend(source.poll())
        return enough(arrived)

    until(polled, otherwise=lambda: f"came: {arrived}, {source.trouble}")
    return arrived


def write(real: Broker, what: str) -> set[Arrived]:
    """Write a message into each partition of ``alarms``."""
    producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
    values = {f"{what} {number}".encode(): number for number in PARTITIONS}
    for value, number in values.items():
        producer.produce(ALARMS.name, value, partition=number)
    assert producer.flush(PATIENCE_S) == 0
    return {(ALARMS.name, value) for value in values}


@pytest.mark.system
def test_what_is_written_behind_a_kill_of_the_broker_comes(
    real: Broker, source: KafkaSource
) -> None:
    for number in range(2):  # the first time, nothing was ever read of a partition
        real.kill()
        read_until(source, lambda _: bool(source.trouble))
        real.start()
        written = write(real, f"behind kill {number}")
        read_until(source, lambda arrived, all_=written: set(arrived) >= all_)  # type: ignore[misc]
        assert source.trouble == ""


@pytest.mark.system
def test_a_topic_that_lost_what_was_read_is_read_anew(
    real: Broker, source: KafkaSource
) -> None:
    old = write(real, "old") | write(real, "older")
    read_until(source, lambda arrived: set(arrived) >= old)
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.delete_topics([ALARMS.name])[ALARMS.name].result(PATIENCE_S)
    until(
        lambda: ALARMS.name not in admin.list_topics(timeout=PATIENCE_S).topics,
        otherwise=lambda: "it is not deleted",
    )
    assert create_topics(real.address) == [ALARMS.name]
    new = write(real, "new")
    read_until(source, lambda arrived: set(arrived) >= new)
