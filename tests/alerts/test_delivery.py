"""From a match to a person: everything between, with a real database."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any, ClassVar

import pytest
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from alerts import unreached
from alerts.channels import Channel, NeverError
from alerts.check_people import told_at
from alerts.cli import app
from alerts.database import Database
from alerts.delivery import Delivery
from alerts.delivery_settings import DeliverySettings
from alerts.effects import Effects
from alerts.email import Email
from alerts.events import Acknowledge
from alerts.fold import fold
from alerts.ledger import Ledger
from alerts.links import Links
from alerts.match import Match
from alerts.messages import Message
from alerts.model import StepKind
from alerts.notice_table import LocalMessage, Notice, Sending
from alerts.other_channels import Other
from alerts.outbox import settle
from alerts.people import PeopleError
from alerts.people_file import load
from alerts.roster import Roster
from alerts.sms import Sms, note_status
from alerts.system import SYSTEM
from alerts.tables import AlarmRow, StepRow
from alerts.wiring import Wiring
from cep_patterns.pattern import Kind, Severity
from tests.alerts.hospital import NOON, alarm, hospital, ms
from tests.alerts.post_office import PostOffice, Provider
from tests.alerts.test_holds import WINDOW
from tests.alerts.test_people import EXAMPLE

OF_NOTHING = {"_env_file": None}
AWAY = OperationalError("UPDATE", {}, OSError("away"))


@dataclass
class Hospital:
    """Alarms and notices of one database, with a clock of the test's own."""

    wiring: Wiring
    now: list[int] = field(default_factory=lambda: [ms(NOON)])

    @property
    def database(self) -> Database:
        """Where all is kept."""
        return self.wiring.database

    @property
    def effects(self) -> Effects:
        """What sending does to alarms."""
        return Effects(lambda: self.now[0], self.wiring.tell, self.wiring.rules)

    def ledger(self, session: Session) -> Ledger:
        """Return the alarms as they are now."""
        wiring = self.wiring
        return Ledger(session, self.now[0], wiring.tell, wiring.held)

    def delivery(self) -> Delivery:
        """Return what is made of the settings."""
        return Delivery(
            database=self.database,
            roster=self.wiring.roster,
            alarms=self.effects,
            settings=DeliverySettings(**OF_NOTHING),
            links=Links("https://ward.example.org", "key"),
            now_ms=lambda: self.now[0],
        )

    def folds(self, **changes: object) -> None:
        """Fold a match."""
        fields: dict[str, Any] = {
            "match_id": "m1",
            "pattern_name": "desaturation",
            "kind": Kind.CLINICAL,
            "severity": Severity.HIGH,
            "phase": "ongoing",
            "patient_id": "icu-1",
            "device_id": "d1",
            "started_ms": ms(NOON) - 30_000,
            "ts_ms": ms(NOON),
        }
        with self.database.writing() as session:
            match = Match(**(fields | changes))
            fold(self.ledger(session), [match], self.wiring.rules)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.now[0] += round(1000 * seconds)
        with self.database.writing() as session:
            self.ledger(session).pass_time()

    def sends(self) -> None:
        """Send all that is due on every channel."""
        for sender in self.delivery().senders():
            while sender.send_due():
                pass

    def sends_by(self, channel: Channel) -> None:
        """Send all that is due, each by the same way, whatever it causes."""
        for sender in 2 * self.delivery().senders():
            sender.channel = channel
            while sender.send_due():
                pass

    def inbox(self, recipient: str) -> list[str]:
        """Return what somebody got in the local outbox, by channel."""
        with self.database.reading() as session:
            query = select(LocalMessage).where(LocalMessage.recipient == recipient)
            rows = session.scalars(query.order_by(LocalMessage.sent_ms))
            return [f"{each.channel}: {each.subject}" for each in rows]

    def steps(self, pattern_name: str = "desaturation") -> list[StepKind]:
        """Return what happened to the alarms of a pattern."""
        with self.database.reading() as session:
            query = select(StepRow.kind).join(
                AlarmRow, AlarmRow.alarm_id == StepRow.alarm_id
            )
            of_pattern = AlarmRow.pattern_name == pattern_name
            ordered = query.where(of_pattern).order_by(StepRow.position)
            return list(session.scalars(ordered))


Change = tuple[str, str]


@pytest.fixture
def build(database: Database, tmp_path: Path) -> Callable[..., Hospital]:
    def built(*changes: Change) -> Hospital:
        return Hospital(Wiring(database, Roster(hospital(tmp_path, *changes))))

    return built


def test_a_match_reaches_who_is_on_duty_and_later_those_behind(
    build: Callable[..., Hospital],
) -> None:
    ward = build()
    ward.folds()
    ward.sends()
    assert sorted(ward.inbox("day")) == ["email: HIGH Bed 1", "sms: HIGH Bed 1"]
    assert ward.inbox("chief") == []
    ward.passes(119)
    ward.sends()
    assert ward.inbox("chief") == []
    ward.passes(1)
    ward.sends()
    assert sorted(ward.inbox("chief")) == ["email: HIGH Bed 1", "sms: HIGH Bed 1"]
    assert ward.inbox("mail") == ["email: HIGH Bed 1"]


def test_the_same_match_again_tells_nobody_again(
    build: Callable[..., Hospital],
) -> None:
    ward = build()
    for _ in range(3):
        ward.folds()
        ward.sends()
    assert len(ward.inbox("day")) == 2


def test_an_sms_that_was_not_delivered_escalates_at_once(
    build: Callable[..., Hospital],
) -> None:
    ward = build()
    ward.folds()
    ward.sends()
    with ward.database.writing() as session:
        sms = session.scalars(select(Notice).where(Notice.channel == "sms")).one()
        form = {"MessageSid": "SM1", "MessageStatus": "undelivered"}
        assert note_status(session, str(sms.message_id), form, ward.effects)
    ward.sends()
    assert ward.steps() == [StepKind.RAISED, StepKind.ESCALATED]
    assert sorted(ward.inbox("chief")) == ["email: HIGH Bed 1", "sms: HIGH Bed 1"]


class Lost:
    """A provider that refuses some people for ever."""

    def __init__(self, *lost: str) -> None:
        """Reach all but ``lost``."""
        self.lost, self.told = lost, list[str]()

    def send(self, message: Message) -> str:
        """Note whom it reaches."""
        if message.recipient in self.lost:
            raise NeverError(message.recipient)
        self.told.append(f"{message.recipient}: {message.subject}")
        return ""

    def found(self, _message: Message) -> None:
        """Know nothing."""


def test_where_nobody_is_left_the_fallback_is_told_and_an_alarm_says_so(
    build: Callable[..., Hospital],
) -> None:
    ward, way = build(), Lost("day")
    ward.folds(severity=Severity.LOW)
    ward.passes(60)
    ward.sends_by(way)
    assert ward.steps() == [StepKind.RAISED, StepKind.UNREACHED]
    assert "chief: LOW Bed 1" in way.told
    assert ward.steps("nobody_reached") == [StepKind.RAISED]
    assert "chief: HIGH vigil" in way.told, "on duty for Vigil is the fallback"
    with ward.database.writing() as session:
        ledger = ward.ledger(session)
        low = select(AlarmRow).where(AlarmRow.pattern_name == "desaturation")
        found = session.scalars(low).one().alarm()
        ledger.happen(ledger.find(found.alarm_id), Acknowledge(by="chief"))
        unreached.end(ledger, ward.wiring.rules)
    ward.passes(61)
    assert ward.steps("nobody_reached")[-1] is StepKind.CLEARED


def test_who_hears_of_it_by_another_way_was_reached(
    build: Callable[..., Hospital],
) -> None:
    ward, way = build(), Lost("day")
    ward.folds(severity=Severity.MEDIUM)
    ward.passes(601)  # the last level has mail alone: for it the fallback is told
    ward.sends_by(way)
    assert StepKind.UNREACHED not in ward.steps()
    assert "chief: MEDIUM Bed 1" in way.told


def test_a_fallback_that_is_lost_as_well_is_told_once(
    build: Callable[..., Hospital],
) -> None:
    ward, way = build(), Lost("day", "chief", "mail", "night")
    ward.folds(severity=Severity.LOW)
    ward.passes(60)
    ward.sends_by(way)
    assert way.told == []
    assert ward.steps().count(StepKind.UNREACHED) == 1
    assert ward.steps("nobody_reached").count(StepKind.UNREACHED) == 1


def test_maintenance_holds_escalation(build: Callable[..., Hospital]) -> None:
    ward = build(("fallback", WINDOW))
    ward.folds(severity=Severity.MEDIUM)
    ward.passes(3599)
    ward.sends()
    assert ward.steps() == [StepKind.RAISED]
    assert ward.inbox("day") == []
    ward.passes(61)
    ward.sends()
    assert ward.inbox("day") == ["sms: MEDIUM Bed 1"]
    assert StepKind.ESCALATED in ward.steps()


def test_a_flood_raises_an_alarm_of_its_own_that_ends_with_it(
    build: Callable[..., Hospital],
) -> None:
    ward = build(("fallback", "flood: {most: 2, within_min: 1}\ngroup_s: 0\nfallback"))
    for number in range(5):
        ward.folds(
            match_id=f"m{number}", patient_id=f"icu-{number}", severity=Severity.MEDIUM
        )
        ward.sends()
        ward.passes(1)
    assert ward.steps("notice_flood") == [StepKind.RAISED]
    assert "sms: MEDIUM vigil" in ward.inbox("chief"), "nobody is on duty for Vigil"
    for _ in range(4):
        ward.passes(60)
        ward.sends()
    assert ward.steps("notice_flood")[-1] is StepKind.CLEARED
    with ward.database.reading() as session:
        assert set(session.scalars(select(Notice.sending))) == {Sending.SENT}
        flood = AlarmRow.pattern_name == "notice_flood"
        assert session.scalars(select(AlarmRow).where(flood)).one().patient_id == SYSTEM


def test_a_sender_runs_until_it_is_stopped(build: Callable[..., Hospital]) -> None:
    ward, stop = build(), Event()
    ward.folds()
    Timer(1.0, stop.set).start()
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda each: each.run(stop), ward.delivery().senders()))
    assert len(ward.inbox("day")) == 2


def test_what_cannot_go_on_is_said(
    build: Callable[..., Hospital], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alerts.sender.claim", broken)
    ward = build()
    ward.folds()
    with pytest.raises(ZeroDivisionError):
        ward.delivery().senders()[0].run(Event())


def test_what_was_sent_is_remembered_until_the_database_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, provider = Database.open(f"sqlite:///{tmp_path}/a.db"), Provider()
    office = PostOffice(database, hospital(tmp_path), provider)
    office.happens(alarm(office.people))
    away = [True, True]

    def flaky(*args: Any, **became: Any) -> Any:  # noqa: ANN401 - passed on
        if away:
            away.pop()
            raise AWAY
        return settle(*args, **became)

    monkeypatch.setattr("alerts.outcomes.settle", flaky)
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)
    office.sender().send_due()
    assert office.became() == [Sending.SENT]
    assert len(provider.taken) == 1


class Hook(BaseHTTPRequestHandler):
    """A web hook, as apprise calls it."""

    status: ClassVar[int] = 200
    got: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        """Keep what was posted, and answer."""
        length = int(self.headers["Content-Length"])
        self.got.append(json.loads(self.rfile.read(length)))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.mark.parametrize(("status", "became"), [(200, "sent"), (500, "waiting")])
def test_other_channels_go_through_apprise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, became: str
) -> None:
    monkeypatch.setattr(Hook, "status", status)
    monkeypatch.setattr(Hook, "got", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        hook = f"json://127.0.0.1:{server.server_port}/hook"
        people = hospital(
            tmp_path,
            ("day@example.org}", f'day@example.org, pager: "{hook}"}}'),
            ("high: [sms", "high: [pager, sms"),
        )
        database = Database.open(f"sqlite:///{tmp_path}/a.db")
        office = PostOffice(database, people, Other(), name="pager")
        office.happens(alarm(people))
        office.sender().send_due()
        server.shutdown()
        thread.join()
    assert office.became() == [Sending(became)]
    assert Hook.got[0]["title"] == "HIGH Bed 1"
    assert "Go to the patient now." in Hook.got[0]["message"]


def test_providers_are_used_where_they_are_set(
    build: Callable[..., Hospital], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = build()
    monkeypatch.setenv("VIGIL_ALERTS_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("VIGIL_ALERTS_TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("VIGIL_ALERTS_TWILIO_AUTH_TOKEN", "secret")
    monkeypatch.setenv("VIGIL_ALERTS_TWILIO_SENDER", "+15005550006")
    kinds = {each.name: type(each.channel) for each in ward.delivery().senders()}
    assert kinds == {"email": Email, "sms": Sms}
    assert "secret" not in repr(ward.delivery())


def test_settings_that_cannot_work_are_named_together_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_ALERTS_SMTP_SECURITY", "maybe")
    monkeypatch.setenv("VIGIL_ALERTS_SMS_PER_S", "0")
    with pytest.raises(SystemExit) as caught:
        DeliverySettings.from_environment()
    said = str(caught.value)
    assert "VIGIL_ALERTS_SMTP_SECURITY" in said
    assert "VIGIL_ALERTS_SMS_PER_S" in said
    assert "\n" not in said


def test_an_account_that_could_not_send_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_ALERTS_TWILIO_ACCOUNT_SID", "AC1")
    with pytest.raises(SystemExit, match="twilio_auth_token and twilio_sender"):
        DeliverySettings.from_environment()


def test_check_people_says_who_would_be_told_now() -> None:
    console = Console(record=True, width=120)
    console.print(told_at(load(EXAMPLE), NOON))
    text = console.export_text()
    assert "│ 0         │ mara-lind by sms, mara-lind by email" in text
    assert "tomas-vidal by sms" in text


def test_check_people_is_a_command_that_names_mistakes(tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["check-people", str(EXAMPLE)])
    assert good.exit_code == 0
    assert "rapid" not in good.output, "teams are their members"
    bad = tmp_path / "people.yaml"
    bad.write_text("people: {}", encoding="utf-8")
    with pytest.raises(PeopleError, match="wards: Field required"):
        CliRunner().invoke(app, ["check-people", str(bad)], catch_exceptions=False)
