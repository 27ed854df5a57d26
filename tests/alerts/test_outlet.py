"""What the broker will not have is passed over, and holds nothing up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    ResourceType,
)

from alerts.broker import Counter, Inbox, Outlet, Written
from alerts.database import Database
from alerts.model import Policy
from alerts.positions import begin, positions
from alerts.service import Service
from alerts.system import STEP_UNTOLD
from producers.consumer import Reader, Record
from producers.contract import ALARMS, MATCHES, REJECTED
from producers.delivery import Outgoing
from producers.progress import now_ms
from stack.waiting import PATIENCE_S, until
from tests.alerts.matches import alarms, ongoing, rules
from tests.alerts.test_service import records
from tests.broker import Broker

pytestmark = pytest.mark.system

MB = 1_000_000


@pytest.fixture
def told(real: Broker) -> Iterator[Reader]:
    """Return what reads steps and what is set aside, from now on."""
    names = {ALARMS.name: 0, REJECTED.name: 0}
    reader = Reader(real.address, "test", names, lambda new: [e.recent for e in new])
    until(
        lambda: [reader.read(100, 0.1)] == [[]] and not reader.trouble,
        otherwise=lambda: reader.trouble,
    )
    yield reader
    reader.close()


def _read(reader: Reader, count: int) -> list[Record]:
    came: list[Record] = []

    def enough() -> bool:
        came.extend(reader.read(100, 0.1))
        return len(came) >= count

    until(enough, otherwise=lambda: f"came: {came}")
    return came


def _outgoing(text: str, megabytes: int = 0) -> Outgoing:
    return Outgoing(ALARMS.name, "p", text.encode() + b" " * megabytes * MB)


def test_a_message_that_is_too_large_is_passed_over_and_order_is_kept(
    real: Broker, told: Reader
) -> None:
    outlet = Outlet(real.address)
    messages = [_outgoing("a"), _outgoing("b", 3), _outgoing("c"), _outgoing("d")]
    written = outlet.write(messages)
    assert written.done == 4
    assert set(written.refused) == {1}
    assert "too large" in written.refused[1]
    assert [each.value for each in _read(told, 3)] == [b"a", b"c", b"d"]


def test_a_key_that_cannot_be_written_is_refused(real: Broker) -> None:
    outlet = Outlet(real.address)
    lone = Outgoing(ALARMS.name, "\ud800", b"a")
    assert set(outlet.write([lone, _outgoing("b")]).refused) == {0}


def test_a_topic_that_takes_less_than_the_library_refuses_single_messages(
    real: Broker, told: Reader
) -> None:
    """The broker refuses a batch as a whole: the small ones in it go alone."""
    _allow(real, "2000")
    outlet = Outlet(real.address)
    large = Outgoing(ALARMS.name, "p", b"l" * 5_000)

    def refuses() -> bool:
        return bool(outlet.write([large]).refused)

    until(refuses, otherwise=lambda: "the broker still takes it")
    few = [_outgoing(str(n)) for n in range(100)]
    written = outlet.write([*few, large, *few])
    assert written.done == 201
    assert set(written.refused) == {100}
    came = {each.value for each in _read(told, 200)}
    assert came >= {each.value for each in few}
    _allow(real, "1048588")


def _allow(real: Broker, most_bytes: str) -> None:
    """Set how large a message of ``alarms`` may be."""
    entry = ConfigEntry(
        "max.message.bytes", most_bytes, incremental_operation=AlterConfigOpType.SET
    )
    topic = ConfigResource(ResourceType.TOPIC, ALARMS.name, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.incremental_alter_configs([topic])[topic].result(PATIENCE_S)


def test_a_broker_that_is_away_is_waited_for() -> None:
    assert Outlet("127.0.0.1:1").write([_outgoing("a")]) == Written(0)
    assert Counter("127.0.0.1:1", (ALARMS,)).count() is None


def test_what_is_set_aside_reaches_the_topic_rejected_with_its_place(
    real: Broker, told: Reader, tmp_path: Path
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    service = Service(database, rules)
    (record,) = records(ongoing("m"))

    def refuse(_pattern: str, _patient: str) -> Policy:
        raise ZeroDivisionError

    service.rules = refuse
    service.turn([record])
    service.publish(Outlet(real.address))
    (aside,) = _read(told, 1)
    assert aside.topic == REJECTED.name
    assert (aside.value, aside.key) == (record.value, record.key)
    assert service.mishaps.counts[STEP_UNTOLD] == 0
    database.close()


def test_a_topic_that_is_widened_while_alarms_read_loses_no_match(
    real: Broker, tmp_path: Path
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    service = Service(database, rules)
    inbox = Inbox(real.address, MATCHES, lambda new: begin(database, new))

    def turns() -> int:
        service.turn(inbox.read(0.1))
        return len(alarms(database))

    until(lambda: turns() == 0 and len(positions(database)) == 4, otherwise=lambda: "")
    admin = AdminClient({"bootstrap.servers": real.address})
    admin.create_partitions([NewPartitions(MATCHES.name, 8)])[MATCHES.name].result(
        PATIENCE_S
    )
    counter = Counter(real.address, (MATCHES,))
    taken: set[int] = set()

    def note(error: object, message: Any) -> None:  # noqa: ANN401 - untyped library
        taken.update([message.partition()] if error is None else [])

    def wrote() -> bool:
        producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
        for number in {*range(8)} - taken:
            match = ongoing(f"m{number}", 1_000_000, patient=f"p{number}")
            match = match.model_copy(update={"ts_ms": now_ms(), "started_ms": now_ms()})
            producer.produce(
                MATCHES.name,
                match.model_dump_json(exclude_none=True),
                partition=number,
                on_delivery=note,
            )
        producer.flush(PATIENCE_S)
        return len(taken) == 8

    until(wrote, otherwise=lambda: f"only {taken} are taken")
    until(lambda: turns() == 8, otherwise=lambda: f"{alarms(database)}")
    assert counter.count() == {MATCHES.name: 8}
    assert sorted(positions(database)) == list(range(8))
    until(lambda: turns() == 8 and inbox.progress().lag == 0, otherwise=lambda: "lag")
    inbox.close()
    database.close()
