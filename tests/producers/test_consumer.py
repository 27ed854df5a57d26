"""A reader reads what a broker accepts, wherever it lies, and says if it does not."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions

from producers.consumer import Extent, Reader, Record
from producers.contract import MATCHES
from producers.schema import MINUTE_MS
from producers.topics import create_topics
from stack.waiting import PATIENCE_S, until
from tests.broker import Broker

pytestmark = pytest.mark.system

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
MB = 1_000_000


@pytest.fixture
def reader(real: Broker) -> Iterator[Reader]:
    """Return a reader that reads what is written from now on."""
    reading = Reader(real.address, "test", {MATCHES.name: MINUTE_MS}, FromNow())
    read_until(reading, lambda _: not reading.trouble)
    yield reading
    reading.close()


class FromNow:
    """Begins at the end; what is new later, at its beginning."""

    def __init__(self) -> None:
        self.asked: list[Extent] = []

    def __call__(self, new: Sequence[Extent]) -> list[int]:
        """Return where to begin."""
        is_first = not self.asked
        self.asked += new
        return [each.end if is_first else each.recent for each in new]


def read_until(reader: Reader, enough: Callable[[list[Record]], bool]) -> list[Record]:
    """Read on until there is enough."""
    came: list[Record] = []

    def read() -> bool:
        came.extend(reader.read(100, 0.1))
        return enough(came)

    until(read, otherwise=lambda: f"came: {came}, {reader.trouble}")
    return came


def values(records: Sequence[Record]) -> set[bytes]:
    return {each.value for each in records}


def write(real: Broker, messages: dict[bytes, int], **settings: Any) -> set[bytes]:  # noqa: ANN401 - the library's
    """Write messages, each into its partition; return what was written."""
    producer = Producer(
        {
            "bootstrap.servers": real.address,
            "message.max.bytes": 500 * MB,
            "log_level": 0,
            **settings,
        }
    )
    taken: set[bytes] = set()

    def note(error: object, message: Any) -> None:  # noqa: ANN401 - untyped library
        taken.update([message.value()] if error is None else [])

    def wrote() -> bool:
        for value, partition in messages.items():
            if value not in taken:
                producer.produce(
                    MATCHES.name, value, partition=partition, on_delivery=note
                )
        producer.flush(PATIENCE_S)
        return taken == messages.keys()

    until(wrote, otherwise=lambda: "the broker does not take them")
    return taken


def number_of(real: Broker) -> int:
    """Return how many partitions the topic has."""
    admin = AdminClient({"bootstrap.servers": real.address})
    return len(
        admin.list_topics(MATCHES.name, timeout=PATIENCE_S)
        .topics[MATCHES.name]
        .partitions
    )


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_that_a_broker_accepts_is_read_on_every_partition(
    real: Broker, reader: Reader, codec: str
) -> None:
    messages = {f"{codec} {n}".encode(): n for n in range(number_of(real))}
    written = write(real, messages, **{"compression.type": codec})
    came = read_until(reader, lambda came: values(came) >= written)
    assert {each.value: each.partition for each in came} == messages
    assert all(each.arrived_ms > 0 for each in came)


def test_a_partition_that_is_added_is_read_from_its_first_message(
    real: Broker, reader: Reader
) -> None:
    wider = number_of(real) + 2
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.create_partitions([NewPartitions(MATCHES.name, wider)])[MATCHES.name].result(
        PATIENCE_S
    )
    written = write(real, {f"wide {n}".encode(): n for n in range(wider)})
    came = read_until(reader, lambda came: values(came) >= written)
    assert len(came) == wider


def test_a_topic_made_anew_under_its_old_name_is_read_from_its_beginning(
    real: Broker, reader: Reader
) -> None:
    old = write(real, {b"old": 0, b"older": 1})
    read_until(reader, lambda came: values(came) >= old)
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.delete_topics([MATCHES.name])[MATCHES.name].result(PATIENCE_S)
    until(
        lambda: MATCHES.name not in admin.list_topics(timeout=PATIENCE_S).topics,
        otherwise=lambda: "it is not deleted",
    )
    assert create_topics(real.address) == [MATCHES.name]
    new = write(real, {b"new": 0, b"newer": 1, b"newest": 2})
    came = read_until(reader, lambda came: values(came) >= new)
    assert values(came) == new


def test_a_message_that_cannot_be_unpacked_is_stepped_over_and_named(
    real: Broker, reader: Reader
) -> None:
    """An archive bomb of some 5 kB; the library unpacks 100 MB at most."""
    bomb = {b" " * 150 * MB: 0}
    write(real, bomb, **{"compression.type": "zstd"})
    write(real, {b"behind it": 0, b"beside it": 1})
    came = read_until(reader, lambda came: b"behind it" in values(came))
    (unreadable,) = [each for each in came if each.unreadable]
    (behind,) = [each for each in came if each.value == b"behind it"]
    assert unreadable.offset == behind.offset - 1
    assert unreadable.value == b""
    assert b"beside it" in values(came)


def test_what_nobody_reads_shows_as_lag_with_its_age(
    real: Broker, reader: Reader
) -> None:
    assert reader.progress().lag == 0
    written = write(real, {b"waits": 0, b"waits too": 1})

    def looks_and_reads_nothing() -> bool:
        if reader._consumer is not None:  # noqa: SLF001 - as if it gave nothing out
            reader._consumer.pause(reader._consumer.assignment())  # noqa: SLF001
        reader.read(1, 0.1)
        return reader.progress().lag == 2

    until(looks_and_reads_nothing, otherwise=lambda: f"{reader.progress()}")
    assert reader.progress().oldest_unread_ms is not None
    reader.close()
    came = read_until(reader, lambda came: values(came) >= written)
    assert values(came) == written
    assert reader.progress().lag == 0
    assert reader.progress().oldest_unread_ms is None


def test_a_marker_at_the_end_is_no_message_that_waits(
    real: Broker, reader: Reader
) -> None:
    producer = Producer({"bootstrap.servers": real.address, "transactional.id": "t"})
    producer.init_transactions(60)
    producer.begin_transaction()
    producer.produce(MATCHES.name, b"committed", partition=0)
    producer.commit_transaction(60)
    read_until(reader, lambda came: b"committed" in values(came))
    end = reader.progress().partitions
    read_until(reader, lambda _: reader.progress().partitions != end)
    read_until(reader, lambda _: reader.progress().lag == 0)
    assert reader.progress().oldest_unread_ms is None


def test_a_transaction_that_is_never_ended_holds_nobody_up(
    real: Broker, reader: Reader
) -> None:
    producer = Producer({"bootstrap.servers": real.address, "transactional.id": "u"})
    producer.init_transactions(60)
    producer.begin_transaction()
    producer.produce(MATCHES.name, b"left open", partition=1)
    producer.flush(PATIENCE_S)
    write(real, {b"behind": 1})
    read_until(reader, lambda came: values(came) >= {b"left open", b"behind"})


def test_what_is_written_behind_a_kill_of_the_broker_comes(
    real: Broker, reader: Reader
) -> None:
    for number in range(2):  # the first time, nothing was ever read of a partition
        real.kill()
        read_until(reader, lambda _: bool(reader.trouble))
        real.start()
        written = write(real, {f"kill {number}".encode(): 0})
        read_until(reader, lambda came, all_=written: values(came) >= all_)  # type: ignore[misc]
        read_until(reader, lambda _: not reader.trouble)


def test_who_could_not_begin_begins_with_what_is_recent_all_the_same(
    real: Broker,
) -> None:
    write(real, {b"of yesterday": 0})
    asked: list[Extent] = []

    def fail_at_first(new: Sequence[Extent]) -> list[int]:
        asked.extend(new)
        if len(asked) == len(new):
            raise ZeroDivisionError
        return [each.recent for each in new]

    reading = Reader(real.address, "test", {MATCHES.name: 0}, fail_at_first)
    with pytest.raises(ZeroDivisionError):
        read_until(reading, lambda _: False)
    read_until(reading, lambda _: not reading.trouble)
    assert [each.recent for each in asked] == [each.end for each in asked]
    assert max(each.end for each in asked) > 0
    reading.close()


def test_a_broker_that_is_not_there_is_a_trouble_and_no_end() -> None:
    nowhere = Reader("127.0.0.1:1", "test", {MATCHES.name: MINUTE_MS}, FromNow())
    read_until(nowhere, lambda _: nowhere.trouble.startswith("Kafka does not answer"))
    assert nowhere.read(100, 0.01) == []
    assert nowhere.progress().partitions == {}
    nowhere.close()
