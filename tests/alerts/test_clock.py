"""Timers are lengths of time, whatever becomes of the clock on the wall."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from alerts import heartbeat
from alerts.channels import NotNowError
from alerts.clock import JUMP_MS, SAID_MS, Clock
from alerts.database import Database
from alerts.events import Acknowledge, Event, Shelve
from alerts.heartbeat import ALERTS, Heartbeat
from alerts.ledger import Ledger
from alerts.model import StepKind
from alerts.notice_table import Sending
from alerts.people import People
from alerts.service import Service
from alerts.system import CLOCK_JUMPED, SYSTEM
from alerts.tables import StepRow
from tests.alerts.hospital import NOON, alarm, hospital, ms
from tests.alerts.matches import NO_DELAY, alarms, ongoing, rules
from tests.alerts.post_office import PostOffice, Provider
from tests.alerts.test_service import records

HOUR_MS: Final = 3_600_000
SETS: Final = pytest.mark.parametrize("jump_ms", [-HOUR_MS, HOUR_MS, -3000, 3000])


@dataclass
class Hands:
    """What a machine's clocks show, as a test sets them."""

    wall_ms: int = ms(NOON)
    ticks_ms: int = 50_000

    def clock(self, boot: str = "one") -> Clock:
        """Return the time as alarms have it, from now on."""
        return Clock(lambda: self.wall_ms, lambda: self.ticks_ms, boot)

    def pass_s(self, length_s: float) -> None:
        """Let time pass."""
        self.wall_ms += round(1000 * length_s)
        self.ticks_ms += round(1000 * length_s)


@dataclass
class Ward:
    """A service, and when it said what, in seconds of time that really passed."""

    service: Service
    hands: Hands
    began_ms: int = field(init=False)

    def __post_init__(self) -> None:
        """Remember when it began."""
        self.began_ms = self.hands.ticks_ms

    def turns(self, length_s: int) -> None:
        """Let so much time pass, and the service work behind it."""
        self.hands.pass_s(length_s)
        self.service.turn([])

    def jump(self, jump_ms: int) -> None:
        """Set the clock on the wall."""
        self.hands.wall_ms += jump_ms

    def attends(self, event: Event) -> None:
        """Let somebody do something to the alarm, as the page does."""
        with self.service.database.writing() as session:
            ledger = Ledger(session, self.hands.wall_ms)
            (patient,) = (
                a for a in alarms(self.service.database) if a.patient_id == "p"
            )
            ledger.happen(ledger.find(patient.alarm_id), event)

    def said(self) -> list[StepKind]:
        """Return what was said of the patient's alarm."""
        (patient,) = (a for a in alarms(self.service.database) if a.patient_id == "p")
        query = select(StepRow.kind).where(StepRow.alarm_id == patient.alarm_id)
        with self.service.database.reading() as session:
            return list(session.scalars(query.order_by(StepRow.position)))


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    hands = Hands()
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    yield Ward(Service(database, rules, clock=hands.clock()), hands)
    database.close()


def _found(ward: Ward) -> None:
    ward.service.turn(records(ongoing("m", ward.hands.wall_ms / 1000)))


@SETS
@pytest.mark.parametrize("after_s", [0, 7, 19])
def test_escalation_comes_after_its_time_wherever_the_clock_is_set(
    ward: Ward, jump_ms: int, after_s: int
) -> None:
    """The rules of these tests escalate after 20 s and 50 s, and repeat each 30 s."""
    _found(ward)
    ward.turns(after_s)
    ward.jump(jump_ms)
    ward.service.turn([])
    assert ward.said() == [StepKind.RAISED]
    ward.turns(19 - after_s)
    assert ward.said() == [StepKind.RAISED]
    ward.turns(1)
    assert ward.said() == [StepKind.RAISED, StepKind.ESCALATED]
    ward.turns(29)
    assert ward.said()[2:] == []
    ward.turns(1)
    assert ward.said()[2:] == [StepKind.ESCALATED]
    ward.jump(-jump_ms)
    ward.turns(29)
    assert ward.said()[3:] == []
    ward.turns(1)
    assert ward.said()[3:] == [StepKind.REPEATED]


ATTENDED: Final = pytest.mark.parametrize(
    ("event", "length_s", "end"),
    [
        (Acknowledge(by="x"), 100, StepKind.LAPSED),
        (Shelve(by="x", reason="y", for_s=200), 200, StepKind.UNSHELVED),
    ],
)
"""The rules of these tests: acknowledged for 100 s, shelved for 200 s at most."""


@SETS
@ATTENDED
def test_an_alarm_stays_attended_for_its_time_wherever_the_clock_is_set(
    ward: Ward, jump_ms: int, event: Event, length_s: int, end: StepKind
) -> None:
    _found(ward)
    ward.attends(event)
    ward.turns(10)
    kinds = ward.said()
    ward.jump(jump_ms)
    ward.turns(length_s - 11)
    assert ward.said() == kinds
    ward.turns(1)
    assert ward.said() == [*kinds, end]


@SETS
@ATTENDED
def test_who_attends_before_the_service_has_noticed_does_so_no_longer(
    ward: Ward, jump_ms: int, event: Event, length_s: int, end: StepKind
) -> None:
    """The page goes by the new time at once."""
    _found(ward)
    ward.jump(jump_ms)
    ward.attends(event)
    ward.service.turn([])
    ward.turns(length_s)
    assert end in ward.said()


@SETS
def test_an_alarm_that_is_over_is_quiet_for_its_time(ward: Ward, jump_ms: int) -> None:
    _found(ward)
    end = ongoing("m", ward.hands.wall_ms / 1000).model_copy(update={"phase": "ended"})
    ward.service.turn(records(end, first=1))
    ward.turns(5)
    ward.jump(jump_ms)
    ward.turns(4)
    assert StepKind.CLEARED not in ward.said()
    ward.turns(1)
    assert ward.said()[-1] is StepKind.CLEARED


def _system(ward: Ward) -> list[str]:
    return [
        a.pattern_name for a in alarms(ward.service.database) if a.patient_id == SYSTEM
    ]


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_clock_that_is_set_is_an_alarm_itself(ward: Ward, sign: int) -> None:
    ward.jump(sign * JUMP_MS)
    ward.turns(1)
    assert _system(ward) == []
    ward.jump(sign * (JUMP_MS + 1))
    ward.turns(1)
    assert _system(ward) == [CLOCK_JUMPED.name]
    ward.turns(SAID_MS // 1000 + 1)
    (said,) = alarms(ward.service.database)
    assert said.over_ms is not None


@SETS
def test_a_clock_that_is_set_while_nobody_serves_is_noticed_at_the_next_start(
    ward: Ward, jump_ms: int
) -> None:
    _found(ward)
    clock = ward.service.clock
    beat = Heartbeat(
        service=ALERTS, at_ms=clock.now_ms(), boot=clock.boot, ticks_ms=clock.ticks_ms()
    )
    ward.hands.pass_s(10)
    ward.jump(jump_ms)
    ward.service.clock = ward.hands.clock().after(beat)
    ward.turns(9)
    assert ward.said() == [StepKind.RAISED]
    assert _system(ward) == [CLOCK_JUMPED.name]
    ward.turns(1)
    assert ward.said() == [StepKind.RAISED, StepKind.ESCALATED]


@SETS
def test_who_starts_right_after_a_clock_was_set_does_not_take_it_to_be_set_again(
    ward: Ward, jump_ms: int
) -> None:
    _found(ward)
    clock, database = ward.service.clock, ward.service.database
    before = Heartbeat(
        service=ALERTS, at_ms=clock.now_ms(), boot=clock.boot, ticks_ms=clock.ticks_ms()
    )
    with database.writing() as session:
        heartbeat.beat(session, before)
    ward.jump(jump_ms)
    ward.service.turn([])
    with database.reading() as session:
        beat = heartbeat.last(session, ALERTS)
    ward.service.clock = ward.hands.clock().after(beat)
    ward.turns(19)
    assert ward.said() == [StepKind.RAISED]
    ward.turns(1)
    assert ward.said() == [StepKind.RAISED, StepKind.ESCALATED]


def test_after_a_start_of_the_machine_time_at_least_did_not_run_backwards() -> None:
    hands = Hands()
    beat = Heartbeat(service=ALERTS, at_ms=hands.wall_ms, boot="one", ticks_ms=40_000)
    hands.ticks_ms = 1_000
    hands.wall_ms += HOUR_MS
    assert hands.clock("two").after(beat).jump_ms() == 0
    hands.wall_ms -= 2 * HOUR_MS
    assert hands.clock("two").after(beat).jump_ms() == -HOUR_MS


def test_a_machine_that_was_paused_goes_on_where_it_was(ward: Ward) -> None:
    """Seen from inside, its clock on the wall was set, and nothing else happened."""
    _found(ward)
    ward.turns(19)
    ward.jump(HOUR_MS)
    ward.service.turn([])
    assert ward.said() == [StepKind.RAISED]
    ward.turns(1)
    assert ward.said() == [StepKind.RAISED, StepKind.ESCALATED]


@pytest.fixture
def people(tmp_path: Path) -> People:
    return hospital(tmp_path)


@pytest.fixture
def office(database: Database, people: People) -> PostOffice:
    return PostOffice(database, people, Provider(answers=[NotNowError("busy")] * 3))


@SETS
def test_what_could_not_be_sent_is_tried_again_after_its_time(
    office: PostOffice, jump_ms: int
) -> None:
    """It is tried again after 1, 2 and 4 s."""
    hands = Hands()
    service = Service(office.database, rules, clock=hands.clock())
    office.happens(alarm(office.people, policy=NO_DELAY))
    sender = office.sender()
    sender.now_ms = service.clock.now_ms
    tries = []
    for second in range(10):
        if second == 2:
            hands.wall_ms += jump_ms
        service.turn([])
        if sender.send_due():
            tries.append(second)
        hands.pass_s(1)
    assert tries == [0, 1, 3, 7]
    assert office.became() == [Sending.SENT]
