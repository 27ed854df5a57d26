"""Without a broker the page says so, asks on, and misses nothing when it is back."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions

from gateway.kafka_source import KafkaSource
from gateway.messages import Arrived
from producers.contract import ALARMS
from producers.topics import create_topics
from stack.waiting import PATIENCE_S, until
from tests.broker import Broker
from tests.gateway.small_ward import now_ms

PARTITIONS: Final = range(ALARMS.partitions)


def test_a_broker_that_is_not_there_is_a_trouble_and_no_end() -> None:
    source = KafkaSource("127.0.0.1:1")
    for _ in range(2):
        assert source.poll() == []
        assert source.trouble.startswith("Kafka does not answer: ")
    source.close()


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


def write(
    real: Broker, what: str, partitions: Iterable[int] = PARTITIONS, codec: str = "none"
) -> set[bytes]:
    """Write a message into each partition of ``alarms``."""
    producer = Producer(
        {"bootstrap.servers": real.address, "log_level": 0, "compression.type": codec}
    )
    # long, and all alike: a batch that would not shrink is sent as it is
    values = {f"{what} {number}".ljust(2000).encode(): number for number in partitions}
    for value, number in values.items():
        producer.produce(ALARMS.name, value, partition=number)
    assert producer.flush(PATIENCE_S) == 0
    return set(values)


def values_of(arrived: Iterable[Arrived]) -> set[bytes | None]:
    return {each.payload for each in arrived}


@pytest.mark.system
def test_what_is_written_behind_a_kill_of_the_broker_comes(
    real: Broker, source: KafkaSource
) -> None:
    for number in range(2):  # the first time, nothing was ever read of a partition
        real.kill()
        read_until(source, lambda _: bool(source.trouble))
        real.start()
        written = write(real, f"behind kill {number}")
        read_until(source, lambda arrived, all_=written: values_of(arrived) >= all_)  # type: ignore[misc]
        assert source.trouble == ""


@pytest.mark.system
def test_a_topic_that_lost_what_was_read_is_read_anew(
    real: Broker, source: KafkaSource
) -> None:
    old = write(real, "old") | write(real, "older")
    read_until(source, lambda arrived: values_of(arrived) >= old)
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.delete_topics([ALARMS.name])[ALARMS.name].result(PATIENCE_S)
    until(
        lambda: ALARMS.name not in admin.list_topics(timeout=PATIENCE_S).topics,
        otherwise=lambda: "it is not deleted",
    )
    assert create_topics(real.address) == [ALARMS.name]
    new = write(real, "new")
    read_until(source, lambda arrived: values_of(arrived) >= new)


@pytest.mark.system
def test_whatever_the_broker_accepts_is_read_and_bears_the_time_of_its_arrival(
    real: Broker, source: KafkaSource
) -> None:
    before_ms = now_ms()
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")
    written = set().union(*(write(real, codec, codec=codec) for codec in codecs))
    arrived = read_until(source, lambda arrived: values_of(arrived) >= written)
    ours = [each for each in arrived if each.payload in written]
    assert all(before_ms - 1000 <= each.arrived_ms <= now_ms() for each in ours)
    assert {each.partition for each in ours} == {*PARTITIONS}


@pytest.mark.system
def test_partitions_that_are_added_later_are_read_too(
    real: Broker, source: KafkaSource
) -> None:
    more = ALARMS.partitions + 2
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.create_partitions([NewPartitions(ALARMS.name, more)])[ALARMS.name].result(
        PATIENCE_S
    )
    written = write(real, "in a new one", range(more))
    read_until(source, lambda arrived: values_of(arrived) >= written)


@pytest.mark.system
def test_what_is_not_read_is_counted_until_it_is(
    real: Broker, source: KafkaSource
) -> None:
    written = write(real, "to be read")
    read_until(source, lambda _: source.lag == 0)
    unread = write(real, "not read yet")
    source.ask()
    assert source.lag == len(unread)
    read_until(source, lambda arrived: values_of(arrived) >= unread)
    read_until(source, lambda _: source.lag == 0)
    assert source.trouble == ""
    assert written
