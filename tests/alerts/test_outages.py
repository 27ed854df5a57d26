"""Each server is really down for a minute: nothing is lost, and order is kept.

Senders are told the time, so that their minute is over at once.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread
from typing import Any, Final

import orjson
import pytest
from confluent_kafka import Producer
from kafka import KafkaConsumer

from alerts.broker import Inbox, Outlet
from alerts.channels import Channel
from alerts.database import Database
from alerts.email import Email
from alerts.guard import Guard
from alerts.match import Match
from alerts.model import State, StepKind
from alerts.notice_table import Sending
from alerts.positions import begin, positions
from alerts.roster import Roster
from alerts.service import Service
from alerts.sms import Sms
from alerts.watch import Sight
from alerts.wiring import Wiring
from gateway.desk import AWAY, Desk
from producers.consumer import Record
from producers.contract import ALARMS, MATCHES
from stack.waiting import PATIENCE_S, until
from tests.alerts.hospital import alarm, hospital
from tests.alerts.mail_server import Mailbox, free_port, mail_server
from tests.alerts.matches import alarms, ended, ongoing, rules, said
from tests.alerts.post_office import LINKS, PostOffice
from tests.alerts.postgres import Postgres
from tests.alerts.test_service import FakeOutlet, records
from tests.alerts.twilio_stand_in import Account, twilio
from tests.broker import Broker

WELL: Final = Guard(lambda: Sight(at_s=0, vitals=0, rejected=0, jobs={}))
MINUTE_S: Final = 60

Open = Callable[[], AbstractContextManager[Any]]
Took = Callable[[], list[str]]


class Queue(Inbox):
    """Gives what a test puts in, a message at a time."""

    def __init__(self) -> None:
        super().__init__("nowhere", MATCHES, lambda _: [])
        self.records: list[Record] = []

    def read(self, timeout_s: float) -> list[Record]:
        """Return the next message, if there is one."""
        if not self.records:
            time.sleep(timeout_s)
        return [self.records.pop(0)] if self.records else []


@pytest.fixture
def running() -> Iterator[Callable[..., Service]]:
    """Run services beside the test, and stop them behind it."""
    threads: list[tuple[Service, Thread]] = []

    def run(service: Service, inbox: Inbox, outlet: Outlet) -> Service:
        thread = Thread(target=service.run, args=(inbox, outlet, WELL))
        thread.start()
        threads.append((service, thread))
        return service

    yield run
    for service, thread in threads:
        service.stop.set()
        thread.join()


def test_a_database_that_is_down_holds_matches_back_and_loses_none(
    empty_postgres: Postgres, tmp_path: Path, running: Callable[..., Service]
) -> None:
    database = Database.open(empty_postgres.url)
    desk = Desk(Wiring(database, Roster(hospital(tmp_path))), LINKS)
    inbox, outlet = Queue(), FakeOutlet()
    patients = [f"outage-{number}" for number in range(6)]
    now = time.time()
    found = [ongoing(f"out-{each}", now, patient=each) for each in patients]
    service = running(Service(database, rules), inbox, outlet)
    inbox.records += records(*found[:3])
    until(
        lambda: len(outlet.messages) == 3, otherwise=lambda: f"told: {outlet.messages}"
    )
    empty_postgres.stop()
    assert AWAY in desk.look().banners
    inbox.records += records(*found[3:], first=3)
    inbox.records += records(*(ended(each, now) for each in found), first=6)
    time.sleep(MINUTE_S)  # the outage itself: what was read is tried again meanwhile
    assert len(inbox.records) >= 8
    empty_postgres.start()
    until(lambda: not inbox.records, otherwise=lambda: f"not read: {inbox.records}")
    until(
        lambda: positions(database).get(0) == 12,
        otherwise=lambda: f"read up to: {positions(database)}",
    )
    assert AWAY not in desk.look().banners
    until(
        lambda: len(outlet.messages) == len(said(database)),
        otherwise=lambda: f"told {len(outlet.messages)} of {said(database)}",
    )
    ours = [each for each in alarms(database) if each.patient_id in patients]
    assert len(ours) == 6
    assert all(each.over_ms for each in ours)
    assert service.failure is None
    database.close()


def _mail(port: int) -> tuple[Channel, Open, Took]:
    mailbox = Mailbox()
    with mail_server(mailbox, port=port) as server:
        channel = Email(server)
    return (
        channel,
        lambda: mail_server(mailbox, port=port),
        lambda: [str(mail["Subject"]) for mail in mailbox.arrived],
    )


def _sms(port: int) -> tuple[Channel, Open, Took]:
    account = Account()
    with twilio(account, port) as server:
        channel = Sms(server)
    return (
        channel,
        lambda: twilio(account, port),
        lambda: [each["Body"].partition(":")[0] for each in account.messages],
    )


@pytest.mark.parametrize(("name", "made"), [("email", _mail), ("sms", _sms)])
def test_a_provider_that_is_down_gets_all_in_order_when_it_is_back(
    tmp_path: Path, name: str, made: Callable[[int], tuple[Channel, Open, Took]]
) -> None:
    channel, open_, took = made(free_port())
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    office = PostOffice(database, hospital(tmp_path), channel, name=name)
    first, second = (
        alarm(office.people, alarm_id=each, patient_id=f"icu-{each}")
        for each in ("first", "second")
    )
    sender = office.sender()
    office.happens(first)
    for second_s in range(MINUTE_S):
        if second_s == 10:
            office.happens(second)
            office.happens(first, StepKind.REPEATED, number=2)
        while sender.send_due():
            pass
        office.later(1)
    assert took() == []
    assert set(office.became()) == {Sending.WAITING}
    with open_():
        office.later(MINUTE_S)
        while sender.send_due():
            pass
    assert set(office.became()) == {Sending.SENT}
    assert took().count("HIGH icu-first") == 2
    assert took().count("HIGH icu-second") == 1
    of_first = [each for each in office.rows() if each.alarm_id == "first"]
    assert [each.phase for each in sorted(of_first, key=_sent)] == [
        StepKind.RAISED,
        StepKind.REPEATED,
    ]
    database.close()


def _sent(row: Any) -> tuple[int, int]:  # noqa: ANN401 - a notice
    return row.sent_ms, row.number


@pytest.mark.system
def test_a_broker_that_is_down_gets_all_steps_in_order_when_it_is_back(
    real: Broker, tmp_path: Path, running: Callable[..., Service]
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    service = Service(database, rules)
    inbox = Inbox(real.address, MATCHES, lambda new: begin(database, new))
    running(service, inbox, Outlet(real.address))
    now = time.time()
    one, other = ongoing("one", now, patient="p"), ongoing("other", now, patient="q")
    _publish(real, one)
    until(
        lambda: len(alarms(database)) == 1,
        otherwise=lambda: f"alarms: {alarms(database)}",
    )
    real.kill()
    until(
        lambda: StepKind.ESCALATED in {kind for _, kind in said(database)},
        otherwise=lambda: f"time stands still without a broker: {said(database)}",
    )
    time.sleep(MINUTE_S)  # the outage itself
    real.start()
    _publish(real, other, ended(one, time.time()))
    until(
        lambda: (
            {each.state for each in alarms(database) if each.over_ms} == {State.CLEARED}
        ),
        otherwise=lambda: f"{alarms(database)}",
    )
    told = _steps(real, len(said(database)))
    assert told["p"][0] == StepKind.RAISED
    assert told["p"][-1] == StepKind.CLEARED
    assert StepKind.ESCALATED in told["p"]
    assert told["q"][0] == StepKind.RAISED
    database.close()


def _publish(real: Broker, *matches: Match) -> None:
    producer = Producer({"bootstrap.servers": real.address, "log_level": 0})
    for each in matches:
        value = each.model_dump_json(exclude_none=True)
        producer.produce(MATCHES.name, value, each.patient_id)
    assert producer.flush(PATIENCE_S) == 0


def _steps(real: Broker, count: int) -> dict[str, list[str]]:
    """Return the first steps in ``alarms``, each once, by patient, in order."""
    consumer = KafkaConsumer(
        ALARMS.name, bootstrap_servers=real.address, auto_offset_reset="earliest"
    )
    told: dict[str, dict[str, str]] = {}

    def enough() -> bool:
        for records_ in consumer.poll(timeout_ms=500).values():
            for each in records_:
                step = orjson.loads(each.value)
                of_patient = told.setdefault(step["patient_id"], {})
                of_patient.setdefault(step["step_id"], step["step_name"])
        return sum(map(len, told.values())) >= count

    until(enough, otherwise=lambda: f"told: {told}")
    consumer.close()
    return {patient: [*steps.values()] for patient, steps in told.items()}
