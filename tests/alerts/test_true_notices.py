"""Notices are true when they leave: nobody hears of what somebody looks after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.channels import AwayError, BrokenError, Channel
from alerts.claims import claim
from alerts.database import Database
from alerts.events import Acknowledge, Close, Event, Shelve
from alerts.messages import MISSED, Message
from alerts.model import StepKind
from alerts.notice_table import Notice, Sending
from alerts.roster import Roster
from alerts.sender import FRESH_MS, Sender
from alerts.sms_text import PARTS, parts
from alerts.tables import AlarmRow
from alerts.wiring import Wiring
from cep_patterns.pattern import Severity
from tests.alerts.hospital import NOON, hospital, ms
from tests.alerts.test_delivery import Hospital
from tests.alerts.test_messages import UUIDS

NIGHT = NOON + timedelta(hours=13)
"""One o'clock on the ward, in quiet hours that end at six."""
HOUR_S = 3600
STRIDE_S = 4


@dataclass
class Provider:
    """Takes messages, unless it is away."""

    away: bool = False
    broken: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    ways: list[tuple[str, str]] = field(default_factory=list)

    def send(self, message: Message) -> str:
        """Take a message."""
        if self.away:
            raise AwayError(message.recipient)
        if message.channel in self.broken:
            raise BrokenError(message.recipient)
        self.taken.append((message.recipient, message.short))
        self.ways.append((message.recipient, message.channel))
        return message.message_id

    def found(self, _message: Message) -> None:
        """Know nothing."""


@dataclass
class Ward(Hospital):
    """A hospital whose senders live on, as those of a service do."""

    provider: Provider = field(default_factory=Provider)
    senders: list[Sender] = field(default_factory=list)

    def lives(self, seconds: float) -> None:
        """Let time pass, some seconds at once, and send what is due."""
        for _ in range(-(-round(seconds) // STRIDE_S)):
            self.passes(STRIDE_S)
            self.sends_by(self.provider)

    def sends_by(self, channel: Channel) -> None:
        """Send all that is due, each by the same way."""
        self.senders = self.senders or self.delivery().senders()
        for sender in self.senders:
            sender.channel = channel
            while sender.send_due():
                pass

    def attend(self, event: Event) -> None:
        """Do something to every alarm that is open."""
        with self.database.writing() as session:
            ledger = self.ledger(session)
            rows = session.scalars(select(AlarmRow.alarm_id).where(AlarmRow.is_open))
            for alarm_id in rows.all():
                ledger.happen(ledger.whole(alarm_id), event)

    def ends(self, **changes: object) -> None:
        """Let the condition end now."""
        over = {"phase": "ended", "ended_ms": self.now[0], "ts_ms": self.now[0]}
        self.folds(**(over | changes))

    def texts(self) -> list[str]:
        """Return what the provider took."""
        return [text for _, text in self.provider.taken]

    def became(self) -> set[Sending]:
        """Return what became of the notices."""
        with self.database.reading() as session:
            return set(session.scalars(select(Notice.sending)))


@pytest.fixture
def build(database: Database, tmp_path: Path) -> Callable[..., Ward]:
    def built(*changes: tuple[str, str]) -> Ward:
        return Ward(Wiring(database, Roster(hospital(tmp_path, *changes))))

    return built


ATTENDED = [
    Acknowledge(by="nurse"),
    Shelve(by="nurse", reason="being turned", for_s=600),
    Close(by="nurse", reason="went home"),
]


@pytest.mark.parametrize("event", ATTENDED, ids=lambda each: type(each).__name__)
def test_after_an_outage_nobody_hears_of_what_somebody_looks_after(
    build: Callable[..., Ward], event: Event
) -> None:
    ward = build()
    ward.provider.away = True
    ward.folds()
    ward.lives(150)
    ward.attend(event)
    ward.lives(30)
    ward.provider.away = False
    ward.lives(120)
    about_the_patient = [each for each in ward.texts() if "Bed 1" in each]
    assert about_the_patient == []


def test_after_an_outage_those_are_told_whom_nobody_has_relieved(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.provider.away = True
    ward.folds()
    ward.lives(150)
    ward.provider.away = False
    ward.lives(61)
    told = {who for who, text in ward.provider.taken if "Bed 1" in text}
    assert told == {"day", "chief", "mail"}
    assert any("Nobody has acknowledged." in each for each in ward.texts())


def test_who_was_told_is_told_of_the_end_and_nobody_else(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.folds()
    ward.sends_by(ward.provider)
    ward.provider.away = True
    ward.lives(125)
    ward.attend(Acknowledge(by="nurse"))
    ward.ends()
    ward.lives(61)
    ward.provider.away = False
    ward.lives(61)
    ends = [who for who, text in ward.provider.taken if "It is over." in text]
    assert ends == ["day", "day"], "by SMS and by mail"
    assert not any("acknowledged" in each for each in ward.texts())


def test_what_was_high_and_over_in_an_outage_is_said_as_that(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.provider.away = True
    ward.folds()
    ward.lives(10)
    ward.ends()
    ward.lives(61)
    ward.provider.away = False
    ward.lives(61)
    told = [(who, text) for who, text in ward.provider.taken if "Bed 1" in text]
    assert "day" in {who for who, _ in told}
    assert all(MISSED in text for _, text in told)


def test_in_the_morning_nobody_hears_of_what_was_acknowledged_at_night(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.now[0] = ms(NIGHT)
    ward.folds(severity=Severity.MEDIUM)
    for _ in range(4):
        ward.passes(HOUR_S)
        ward.sends_by(ward.provider)
    ward.passes(41 * 60)
    ward.attend(Acknowledge(by="nurse"))
    ward.passes(20 * 60)
    ward.sends_by(ward.provider)
    assert ward.texts() == []
    assert ward.became() == {Sending.DROPPED}


def test_in_the_morning_all_that_waited_for_one_person_is_one_message(
    build: Callable[..., Ward],
) -> None:
    ward = build(("icu-*", "*"))
    ward.now[0] = ms(NIGHT)
    for each in UUIDS:
        ward.folds(match_id=each, patient_id=each, severity=Severity.MEDIUM)
    ward.passes(5 * HOUR_S)
    ward.sends_by(ward.provider)
    ways = ward.provider.ways
    assert ("night", "sms") in ways
    assert len(set(ways)) == len(ways), "each person gets one by each channel"
    for text in ward.texts():
        assert text.startswith(f"{len(UUIDS)} notices: MEDIUM {UUIDS[0]}, ")
        assert parts(text) <= PARTS
    assert Sending.FAILED not in ward.became()
    assert Sending.WAITING not in ward.became()
    assert ward.steps("nobody_reached") == []


def test_a_severity_that_sank_meanwhile_is_said_as_it_is_now(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.provider.away = True
    ward.folds()
    ward.folds(match_id="m2", device_id="d2", severity=Severity.MEDIUM)
    ward.lives(5)
    ward.ends()
    ward.provider.away = False
    ward.lives(20)
    assert ward.texts()
    assert all(each.startswith("MEDIUM Bed 1") for each in ward.texts())


def test_what_a_crash_left_open_is_looked_at_again(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.folds()
    (sender, *_) = ward.delivery().senders()
    with ward.database.writing() as session:
        assert claim(session, sender.name, 9, ward.now[0], sender.around)
    ward.attend(Acknowledge(by="nurse"))
    ward.now[0] += 1
    again = next(each for each in ward.delivery().senders() if each.name == sender.name)
    again.channel = ward.provider
    again.resume()
    assert ward.texts() == []


def test_what_lay_behind_a_slow_message_is_looked_at_again(
    build: Callable[..., Ward], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = build()
    ward.folds()
    (sender, *_) = ward.delivery().senders()
    sender.channel = ward.provider

    one = sender._one  # noqa: SLF001 - the moment between claiming and sending

    def attended(claimed: object) -> object:
        ward.attend(Acknowledge(by="nurse"))
        ward.now[0] += FRESH_MS + 1
        return one(claimed)  # type: ignore[arg-type]

    monkeypatch.setattr(type(sender), "_one", lambda _self, each: attended(each))
    sender.send_due()
    assert ward.texts() == []


def test_a_message_of_several_is_tried_again_without_what_is_not_true_any_more(
    build: Callable[..., Ward],
) -> None:
    ward = build(("icu-*", "*"))
    for each in ("icu-1", "icu-2"):
        ward.folds(match_id=each, patient_id=each, severity=Severity.MEDIUM)
    ward.provider.away = True
    ward.sends_by(ward.provider)
    ward.provider.away = False
    with ward.database.writing() as session:
        ledger = ward.ledger(session)
        second = select(AlarmRow).where(AlarmRow.patient_id == "icu-2")
        alarm_id = session.scalars(second).one().alarm_id
        ledger.happen(ledger.whole(alarm_id), Acknowledge(by="nurse"))
    ward.lives(10)
    (text,) = ward.texts()
    assert text.startswith("MEDIUM Bed 1: See the patient soon.")
    assert ward.became() == {Sending.SENT, Sending.DROPPED}


def test_a_broken_channel_is_an_alarm_that_goes_by_another_and_ends_by_itself(
    build: Callable[..., Ward],
) -> None:
    ward = build()
    ward.provider.broken = {"email"}
    ward.folds()
    ward.lives(3)
    assert ward.steps("channel_broken")[0] is StepKind.RAISED
    assert StepKind.ESCALATED in ward.steps(), "mail is lost: others are told at once"
    assert ("chief", "sms") in {
        (who, "sms") for who, text in ward.provider.taken if "HIGH vigil" in text
    }
    assert StepKind.ESCALATED not in ward.steps("channel_broken"), "by SMS it is heard"
    ward.provider.broken = set()
    ward.attend(Acknowledge(by="nurse"))
    ward.folds(match_id="m2", patient_id="icu-2")
    ward.lives(62)
    assert ward.steps("channel_broken")[-1] is StepKind.CLEARED
