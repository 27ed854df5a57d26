"""The service, turn by turn: what it keeps, tells and survives."""

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import Final

import orjson
import pytest
from sqlalchemy import select, text

from alerts import ledger, service
from alerts.broker import Inbox, Outlet, Written
from alerts.database import Database
from alerts.guard import Guard
from alerts.ledger import Ledger, tell_nobody
from alerts.match import Match
from alerts.model import Alarm, State, Step
from alerts.positions import positions
from alerts.service import Service
from alerts.system import ALARM_FAILED, BROKER_AWAY, JOBS, SYSTEM
from alerts.tables import AlarmRow, StepRow
from alerts.watch import Sight
from producers.consumer import Record
from producers.contract import ALARMS, MATCHES, REJECTED
from producers.delivery import Outgoing
from tests.alerts.alarms import HIGH, MEDIUM
from tests.alerts.conftest import Clock
from tests.alerts.matches import alarms, ended, ongoing, rules

Told = tuple[bytes, bytes]


@pytest.fixture
def served(database: Database, clock: Clock) -> Service:  # noqa: ARG001 - it is set
    """Return a service on an empty database."""
    return Service(database, rules, tell_nobody)


class FakeOutlet(Outlet):
    """A broker that takes what it is given, or not."""

    def __init__(self, *, away: bool = False) -> None:
        super().__init__("nowhere")
        self.away = away
        self.all: list[Outgoing] = []

    def write(self, messages: Sequence[Outgoing]) -> Written:
        """Take ``messages``, unless away."""
        if self.away:
            return Written(0)
        self.all += messages
        return Written(len(messages))

    @property
    def messages(self) -> list[Told]:
        """Return key and value of each step that was told."""
        of_alarms = (each for each in self.all if each.topic == ALARMS.name)
        return [(bytes(each.key or b""), each.value) for each in of_alarms]  # type: ignore[arg-type]

    @property
    def aside(self) -> list[tuple[bytes, str]]:
        """Return what was set aside: the message, and why."""
        of_rejected = (each for each in self.all if each.topic == REJECTED.name)
        return [
            (each.value, dict(each.headers)["reason"].decode()) for each in of_rejected
        ]

    def said(self) -> list[str]:
        """Return the steps that were told."""
        return [orjson.loads(value)["step_name"] for _, value in self.messages]


def records(*matches: Match, partition: int = 0, first: int = 0) -> list[Record]:
    """Return ``matches`` as they are read from a partition."""
    values = [match.model_dump_json(exclude_none=True).encode() for match in matches]
    return [
        Record(MATCHES.name, partition, first + i, value, b"key", matches[i].ts_ms)
        for i, value in enumerate(values)
    ]


def test_positions_are_kept_with_what_was_read(served: Service) -> None:
    served.turn([*records(ongoing("m"), first=4), *records(ongoing("n"), partition=2)])
    assert positions(served.database) == {0: 5, 2: 1}
    served.turn(records(ongoing("o"), first=5))
    assert positions(served.database) == {0: 6, 2: 1}


def test_an_alarm_whose_notices_cannot_be_written_is_kept_and_that_is_said(
    served: Service,
) -> None:
    def fail(_session: object, _alarm: Alarm, _step: Step) -> None:
        raise ZeroDivisionError

    failing = Service(served.database, rules, fail)
    failing.turn(records(ongoing("m")))
    assert positions(served.database) == {0: 1}
    assert len(alarms(served.database)) == 1
    assert failing.mishaps.verdicts()[ALARM_FAILED]


def test_a_message_that_is_no_match_holds_nothing_up(served: Service) -> None:
    served.turn([Record(MATCHES.name, 0, 0, b"{"), *records(ongoing("m"), first=1)])
    assert positions(served.database) == {0: 2}
    assert len(alarms(served.database)) == 1


def test_each_step_is_told_as_the_contract_says(served: Service) -> None:
    match, outlet = ongoing("m"), FakeOutlet()
    served.turn(records(match))
    served.publish(outlet)
    ((key, value),) = outlet.messages
    message = orjson.loads(value)
    assert key.decode() == message["patient_id"] == "p"
    assert message["step_name"] == message["state"] == "raised"
    columns = {column.name: column for column in ALARMS.columns}
    assert set(message) <= set(columns)
    for name, column in columns.items():
        assert message.get(name) or not column.required or name == "escalation_level"
        assert not column.one_of or message[name] in column.one_of


def test_steps_wait_for_a_broker_that_is_away_and_keep_their_order(
    served: Service, clock: Clock
) -> None:
    match, outlet = ongoing("m"), FakeOutlet(away=True)
    served.turn(records(match))
    served.publish(outlet)
    clock.now_ms = 30_000
    served.turn(records(ended(match, 5), first=1))
    outlet.away = False
    served.publish(outlet)
    served.publish(outlet)
    assert outlet.said() == ["raised", "cleared"]


def test_a_step_told_twice_has_the_same_id(served: Service) -> None:
    outlet = FakeOutlet()
    served.turn(records(ongoing("m")))
    served.publish(outlet)
    with served.database.writing() as session:  # as if it died before it wrote it down
        session.scalars(select(StepRow)).one().published = False
    served.publish(outlet)
    first, second = outlet.messages
    assert first == second


def test_time_alone_escalates(served: Service, clock: Clock) -> None:
    served.turn(records(ongoing("m")))
    clock.now_ms = 21_000
    served.turn([])
    assert [alarm.state for alarm in alarms(served.database)] == [State.ESCALATED]


def test_escalation_can_be_held(served: Service, clock: Clock) -> None:
    served.held = lambda _alarm, now_ms: now_ms < 40_000
    served.turn(records(ongoing("m")))
    for clock.now_ms in (21_000, 30_000, 39_999):
        served.turn([])
    assert alarms(served.database)[0].level == 0
    clock.now_ms = 45_000
    served.turn([])
    assert alarms(served.database)[0].level == 1


def _guard(verdicts: dict[object, bool | None]) -> Guard:
    guard = Guard(lambda: Sight(at_s=0, vitals=1, rejected=1, jobs={}))
    guard.verdicts = verdicts  # type: ignore[assignment]
    return guard


def test_trouble_of_vigil_itself_is_an_alarm_of_its_own_patient(
    served: Service, clock: Clock
) -> None:
    detect, store = JOBS[0], JOBS[3]
    for clock.now_ms in (1000, 2000):
        served.turn([], _guard({detect: True, store: True, BROKER_AWAY: False}))
    (alarm,) = alarms(served.database)
    assert (alarm.patient_id, alarm.kind) == (SYSTEM, "technical")
    assert {each.device_id for each in alarm.ongoing} == {detect.subject, store.subject}
    assert alarm.severity is HIGH
    served.turn([], _guard({detect: False, store: None}))
    (alarm,) = alarms(served.database)
    assert {each.device_id for each in alarm.ongoing} == {store.subject}
    assert alarm.severity is MEDIUM
    clock.now_ms = 20_000
    served.turn([], _guard({detect: False, store: False}))
    clock.now_ms = 30_000
    served.turn([], _guard({detect: False, store: False}))
    assert [alarm.state for alarm in alarms(served.database)] == [State.CLEARED]


def test_trouble_that_ended_while_the_service_was_down_is_ended(
    served: Service, clock: Clock
) -> None:
    served.turn([], _guard({BROKER_AWAY: True}))
    again = Service(served.database, rules, tell_nobody)
    clock.now_ms = 5000
    again.turn([], _guard({BROKER_AWAY: False}))
    assert alarms(served.database)[0].over_ms == 5000


class FakeInbox(Inbox):
    """Gives one batch after another, then stops the service."""

    def __init__(self, stop: Event, *batches: list[Record]) -> None:
        super().__init__("nowhere", MATCHES, lambda _: [])
        self.batches, self.stop = list(batches), stop

    def read(self, timeout_s: float) -> list[Record]:  # noqa: ARG002 - it never waits
        """Return the next batch."""
        if not self.batches:
            self.stop.set()
            return []
        return self.batches.pop(0)


WELL: Final = Guard(lambda: Sight(at_s=0, vitals=0, rejected=0, jobs={}))


def test_a_database_that_is_away_loses_nothing(
    served: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RETRY_S", 0.01)
    broken = iter([True, True, False])

    def refuse(session: object, _alarm: Alarm, _step: Step) -> None:
        if next(broken):
            session.execute(text("SELECT * FROM nowhere"))  # type: ignore[attr-defined]

    served.tell = refuse
    inbox = FakeInbox(served.stop, records(ongoing("m")))
    served.run(inbox, FakeOutlet(), WELL)
    assert len(alarms(served.database)) == 1
    assert positions(served.database) == {0: 1}


def test_a_part_that_fails_ends_the_service(served: Service) -> None:
    class NotThere(Exception):  # noqa: N818 - no error of ours
        pass

    def look() -> Sight:
        raise NotThere

    endless = FakeInbox(Event())
    with pytest.raises(NotThere):
        served.run(endless, FakeOutlet(), Guard(look))


def test_timers_of_very_many_alarms_are_all_looked_after(
    served: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "AT_ONCE", 5)
    served.turn(records(*(ongoing(f"m{i}", patient=f"p{i}") for i in range(12))))
    clock.now_ms = 21_000
    for _ in range(3):
        served.turn([])
    with served.database.reading() as session:
        late = select(AlarmRow).where(AlarmRow.due_ms <= clock.now_ms)
        assert session.scalars(late).all() == []


def test_a_ledger_finds_an_alarm_by_the_beginning_of_its_id(served: Service) -> None:
    served.turn(records(ongoing("m"), ongoing("n", patient="q")))
    first = alarms(served.database)[0]
    with served.database.writing() as session:
        find = partial(Ledger.find, Ledger(session, 0))
        assert find(first.alarm_id[:8]).alarm_id == first.alarm_id
