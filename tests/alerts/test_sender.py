"""What is sent, in which order, and again or never."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from alerts.channels import AwayError, NeverError, NotNowError
from alerts.database import Database
from alerts.lease import LostError
from alerts.messages import Message
from alerts.model import Alarm, StepKind
from alerts.notice_table import Sending
from alerts.outcomes import PATIENCE_MS
from alerts.people import People
from alerts.rate import Rate
from alerts.system import ALARM_FAILED
from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Severity
from stack.waiting import until
from tests.alerts.hospital import NOON, alarm, hospital
from tests.alerts.post_office import Noted, PostOffice, Provider, alarms

LOW, MEDIUM, HIGH = Severity
MOST_SAID = 500
"""Characters of what went wrong: people read it, and the database keeps it."""


@pytest.fixture
def people(tmp_path: Path) -> People:
    return hospital(tmp_path)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def office(database: Database, people: People, provider: Provider) -> PostOffice:
    return PostOffice(database, people, provider)


def of_one_patient(people: People, number: int, **changes: Severity) -> Alarm:
    name = CATALOGUE[number].name
    return alarm(people, alarm_id=name, pattern_name=name, **changes)


def test_a_notice_is_sent_once_and_keeps_the_providers_id(
    office: PostOffice, provider: Provider
) -> None:
    office.happens(alarm(office.people))
    office.happens(alarm(office.people))
    sender = office.sender()
    assert [sender.send_due(), sender.send_due()] == [1, 0]
    (row,) = office.rows()
    assert row.sending is Sending.SENT
    assert row.provider_id == f"id of {row.notice_id}"
    assert provider.count() == {row.notice_id: 1}
    assert provider.taken[0].address == "+15005550001"


def test_the_most_urgent_goes_first_and_then_the_oldest(
    office: PostOffice, provider: Provider
) -> None:
    for severity, who in [(MEDIUM, "m"), (HIGH, "h1"), (HIGH, "h2")]:
        for each in alarms(office.people, [who], severity=severity):
            office.happens(each)
    office.per_s = 1.0
    sender = office.sender()
    for _ in range(3):
        assert sender.send_due() == 1
        assert sender.send_due() == 0, "the rate allows one a second"
        office.later(1)
    assert [m.notices[0].alarm_id for m in provider.taken] == ["h1", "h2", "m"]


def test_a_temporary_error_is_tried_again_ever_later_and_under_the_same_id(
    office: PostOffice, provider: Provider
) -> None:
    provider.answers = [NotNowError("busy")] * 3
    office.happens(alarm(office.people))
    sender, waits = office.sender(), []
    for _ in range(3):
        assert sender.send_due() == 1
        (row,) = office.rows()
        assert (row.sending, row.why) == (Sending.WAITING, "busy")
        waits.append(row.not_before_ms - office.now_ms())
        office.later((waits[-1] - 1) / 1000)
        assert sender.send_due() == 0
        office.later(0.001)
    assert waits == [1_000, 2_000, 4_000]
    assert sender.send_due() == 1
    assert office.became() == [Sending.SENT]
    assert office.alarms.unreached == []


@pytest.mark.parametrize("error", [NeverError("no such number"), ZeroDivisionError()])
def test_a_permanent_error_is_never_tried_again_and_escalates_at_once(
    office: PostOffice, provider: Provider, error: Exception
) -> None:
    provider.answers = [error]
    office.happens(alarm(office.people))
    sender = office.sender()
    assert sender.send_due() == 1
    office.later(3600)
    assert sender.send_due() == 0
    assert office.became() == [Sending.FAILED]
    assert office.alarms.unreached == ["alarm-1"]
    assert not provider.taken


def test_what_cannot_be_sent_for_an_hour_counts_as_unreachable(
    office: PostOffice, provider: Provider
) -> None:
    provider.answers = [NotNowError("down")] * 99
    office.happens(alarm(office.people))
    sender = office.sender()
    sender.send_due()
    for _ in range(60):
        office.later(60)
        sender.send_due()
    assert office.became() == [Sending.WAITING]
    told_meanwhile = len(office.alarms.unreached)
    office.later(60)
    sender.send_due()
    assert office.became() == [Sending.FAILED]
    assert office.alarms.unreached[told_meanwhile:] == ["alarm-1"]


@pytest.mark.parametrize("severity", Severity)
def test_others_are_told_once_while_it_is_still_tried(
    office: PostOffice, provider: Provider, severity: Severity
) -> None:
    provider.answers = [NotNowError("busy")] * 99
    name = "email" if severity is LOW else "sms"
    office.name = name
    office.happens(alarm(office.people, severity=severity))
    sender, patience_s = office.sender(), PATIENCE_MS[severity] / 1000
    sender.send_due()
    for _ in range(round(patience_s) - 1):
        office.later(1)
        sender.send_due()
    assert office.alarms.unreached == []
    for _ in range(300):
        office.later(1)
        sender.send_due()
    assert office.alarms.unreached == ["alarm-1"]
    assert office.became() == [Sending.WAITING]
    assert office.alarms.breaks == [], "one busy number is no broken channel"
    provider.answers = []
    office.later(60)
    sender.send_due()
    assert office.became() == [Sending.SENT]


def test_a_provider_that_answers_nobody_is_said_and_said_to_be_back(
    office: PostOffice, provider: Provider
) -> None:
    provider.answers = [AwayError("down")] * 9
    office.happens(alarm(office.people))
    sender = office.sender()
    while office.became() == [Sending.WAITING]:
        sender.send_due()
        office.later(30)
    assert office.alarms.breaks[0] == ("sms", False)
    assert office.alarms.breaks[-1] == ("sms", True)
    assert office.alarms.unreached == ["alarm-1"]


def test_what_waited_for_the_morning_is_given_its_whole_time_to_be_sent(
    office: PostOffice, provider: Provider
) -> None:
    office.now = NOON + timedelta(hours=11)
    office.happens(alarm(office.people, severity=MEDIUM))
    provider.answers = [NotNowError("busy")] * 3
    sender = office.sender()
    office.later(7 * 3600)
    for _ in range(4):
        sender.send_due()
        office.later(60)
    assert office.became() == [Sending.SENT]
    assert office.alarms.unreached == []


def test_nothing_overtakes_an_earlier_step_of_the_same_alarm(
    office: PostOffice, provider: Provider
) -> None:
    provider.answers = [NotNowError("down")]
    was = alarm(office.people)
    office.happens(was)
    sender = office.sender()
    sender.send_due()
    office.happens(was, StepKind.REPEATED, number=2)
    assert sender.send_due() == 0
    office.later(1)
    for _ in range(2):
        sender.send_due()
    office.happens(was, StepKind.CLEARED, number=3)
    sender.send_due()
    phases = [message.notices[0].phase for message in provider.taken]
    assert phases == [StepKind.RAISED, StepKind.REPEATED, StepKind.CLEARED]


def test_what_became_more_urgent_does_not_wait_for_what_waits(
    office: PostOffice, provider: Provider
) -> None:
    provider.answers = [NotNowError("down")]
    office.happens(alarm(office.people, severity=MEDIUM))
    sender = office.sender()
    sender.send_due()
    office.happens(alarm(office.people), StepKind.WORSENED, number=2)
    assert sender.send_due() == 1
    office.later(60)
    sender.send_due()
    assert office.became() == [Sending.DROPPED, Sending.SENT]


def test_that_it_is_over_is_told_to_those_who_were_told_only(
    office: PostOffice, provider: Provider
) -> None:
    was = alarm(office.people)
    office.happens(was)
    provider.answers = [NeverError("no such number")]
    sender = office.sender()
    sender.send_due()
    office.happens(was, StepKind.CLEARED, number=2)
    sender.send_due()
    assert office.became() == [Sending.FAILED, Sending.DROPPED]
    assert not provider.taken


def test_further_medium_alarms_of_a_patient_wait_and_come_together(
    office: PostOffice, provider: Provider
) -> None:
    sender = office.sender()
    for number in range(4):
        office.happens(of_one_patient(office.people, number, severity=MEDIUM))
        sender.send_due()
        office.later(1)
    assert [len(message.notices) for message in provider.taken] == [1]
    office.later(55.9)
    assert sender.send_due() == 0
    office.later(0.1)
    assert sender.send_due() == 1
    assert [len(message.notices) for message in provider.taken] == [1, 3]
    assert set(office.became()) == {Sending.SENT}


def test_what_was_tried_together_stays_so_and_nobody_joins(
    office: PostOffice, provider: Provider
) -> None:
    """Else a provider that knows the first try would take the rest for known, too."""
    provider.answers = [NotNowError("down")]
    early, late = alarms(office.people, ["early", "late"], severity=MEDIUM)
    office.happens(early)
    sender = office.sender()
    sender.send_due()
    office.happens(late)
    office.later(60)
    while sender.send_due():
        pass
    assert [len(message.notices) for message in provider.taken] == [1, 1]


def test_high_is_never_put_together(office: PostOffice, provider: Provider) -> None:
    for number in range(4):
        office.happens(of_one_patient(office.people, number))
    assert office.sender().send_due() == 4
    assert [len(message.notices) for message in provider.taken] == [1] * 4


def test_after_a_flood_the_rest_is_summed_up_and_an_alarm_says_so(
    database: Database, provider: Provider, tmp_path: Path
) -> None:
    flood = "flood: {most: 3, within_min: 1}\n"
    people = hospital(tmp_path, ("fallback", f"{flood}fallback"))
    office = PostOffice(database, people, provider)
    sender = office.sender()
    for each in alarms(people, "abcdefg", severity=MEDIUM):
        office.happens(each)
        sender.send_due()
        office.later(1)
    assert len(provider.taken) == 3
    assert office.alarms.floods[0] == ("day", False)
    for each in alarms(people, ["urgent"]):
        office.happens(each)
    assert sender.send_due() == 1, "high is sent all the same"
    office.later(60)
    while sender.send_due():
        office.later(60)
    assert [len(message.notices) for message in provider.taken] == [1, 1, 1, 1, 4]
    assert office.alarms.floods[-1] == ("day", True)
    assert set(office.became()) == {Sending.SENT}


def test_an_address_that_is_gone_escalates(office: PostOffice, tmp_path: Path) -> None:
    office.happens(alarm(office.people))
    gone = ('{sms: "+15005550001", email: day@', "{email: day@")
    office.people = hospital(tmp_path, gone)
    office.sender().send_due()
    assert office.alarms.unreached == ["alarm-1"]
    assert "no sms address" in office.rows()[0].why


def test_a_storm_is_told_whole_and_high_first(
    office: PostOffice, provider: Provider
) -> None:
    storm = alarms(office.people, [f"m{n}" for n in range(60)], severity=MEDIUM)
    storm += alarms(office.people, [f"h{n}" for n in range(60)])
    for each in storm:
        office.happens(each)
    sender = office.sender()
    while sender.send_due() or Sending.WAITING in office.became():
        office.later(10)
    assert set(office.became()) == {Sending.SENT}
    ranks = [message.notices[0].rank for message in provider.taken]
    assert ranks[:60] == [3] * 60
    told = [each.number for message in provider.taken for each in message.notices]
    assert len(set(told)) == len(told) == 120


@given(
    per_s=st.floats(0.1, 100),
    asks=st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 10)), max_size=50),
)
def test_no_more_is_sent_than_a_second_and_the_rate_allow(
    per_s: float, asks: list[tuple[int, int]]
) -> None:
    rate, now_ms, sent = Rate.of(per_s, 0), 0, 0
    for pause_ms, wanted in asks:
        now_ms += pause_ms
        rate = rate.at(now_ms)
        n = min(wanted, int(rate.room))
        rate, sent = rate.without(n), sent + n
        assert sent <= max(1.0, per_s) + per_s * now_ms / 1000 + 1e-6


@dataclass
class Lent:
    """A right to send that is taken away after so many questions."""

    questions: int

    def check(self, _session: object) -> None:
        """Raise once it was taken away."""
        if not self.is_held():
            raise LostError

    def is_held(self) -> bool:
        """Return whether it still is there."""
        self.questions -= 1
        return self.questions >= 0


def test_who_does_not_lead_claims_nothing(
    office: PostOffice, provider: Provider
) -> None:
    office.happens(alarm(office.people))
    sender = office.sender()
    sender.right = Lent(0)
    for attempt in (sender.resume, sender.send_due):
        with pytest.raises(LostError):
            attempt()
    assert office.became() == [Sending.WAITING]
    assert provider.taken == []


def test_who_loses_the_lead_after_claiming_hands_nothing_over(
    office: PostOffice, provider: Provider
) -> None:
    office.happens(alarm(office.people))
    sender = office.sender()
    sender.right = Lent(1)
    sender.send_due()
    assert provider.taken == []
    assert office.became() == [Sending.SENDING]
    again = office.sender()
    again.resume()
    assert office.became() == [Sending.SENT]


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        (None, Sending.SENT),
        (NotNowError(), Sending.SENDING),
        (NeverError(), Sending.SENDING),
    ],
)
def test_who_loses_the_lead_while_sending_says_only_what_was_sent(
    office: PostOffice, provider: Provider, answer: Exception | None, became: Sending
) -> None:
    """The next one may be sending it by now."""
    office.happens(alarm(office.people))
    provider.answers = [answer]
    sender = office.sender()
    sender.right = Lent(2)
    sender.send_due()
    assert office.became() == [became]
    assert office.alarms.unreached == []


class Busy(Lent):
    """A right that cannot be asked for: all connections are in use."""

    def check(self, _session: object) -> None:
        """Return as one who had a connection already."""

    def is_held(self) -> bool:
        """Wait for a connection in vain."""
        raise PoolTimeoutError


def test_where_all_connections_are_in_use_a_message_is_tried_again(
    office: PostOffice,
) -> None:
    office.happens(alarm(office.people))
    sender = office.sender()
    sender.right = Busy(1)
    sender.send_due()
    assert office.became() == [Sending.WAITING]
    assert office.alarms.unreached == []


@pytest.mark.parametrize(
    "answer",
    ["a\0b", "\ud800", "<html>\n\u202e", "x" * 5_000_000, ""],
    ids=["NUL", "surrogate", "HTML", "huge", "nothing"],
)
def test_whatever_a_provider_says_is_written_down(
    office: PostOffice, provider: Provider, answer: str
) -> None:
    office.happens(alarm(office.people))
    provider.answers = [NotNowError(answer), NeverError(answer)]
    for _ in provider.answers.copy():
        office.sender().send_due()
        office.later(60)
    (row,) = office.rows()
    assert row.sending is Sending.FAILED
    assert len(row.why) <= MOST_SAID
    assert row.why.isprintable()


def test_an_alarm_that_cannot_be_led_on_keeps_no_outcome_from_being_written(
    office: PostOffice, provider: Provider
) -> None:
    class Unreadable(Noted):
        def unreachable(self, session: Session, alarm_id: str, reason: str) -> None:  # noqa: ARG002 - never gets there
            raise LookupError

    office.alarms = Unreadable()
    first, second = alarms(office.people, ("a", "b"))
    office.happens(first)
    office.happens(second)
    provider.answers = [NeverError("no such number")] * 2
    sender = office.sender()
    sender.send_due()
    assert office.became() == [Sending.FAILED] * 2
    assert sender.mishaps.counts[ALARM_FAILED] == 2


@dataclass
class Last(Provider):
    """A provider that ends the sender with what it takes for one patient."""

    patient: str = "icu-b"
    stop: Event = field(default_factory=Event)

    def send(self, message: Message) -> str:
        """Take the message."""
        if message.notices[0].patient_id == self.patient:
            self.stop.set()
        return super().send(message)


@pytest.mark.parametrize("left", [Sending.WAITING, Sending.SENDING])
@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE notice SET phase = 'of tomorrow' WHERE alarm_id = 'a'",
        "UPDATE notice SET severity = 'extreme' WHERE alarm_id = 'a'",
        "UPDATE alarm SET state = 'of tomorrow' WHERE alarm_id = 'a'",
        "UPDATE alarm SET ongoing = '{' WHERE alarm_id = 'a'",
    ],
)
def test_a_notice_that_nobody_can_read_is_left_out_and_the_others_go(
    office: PostOffice, left: Sending, broken: str
) -> None:
    office.channel = provider = Last()
    first, second = alarms(office.people, ("a", "b"), severity=MEDIUM)
    office.happens(first)
    with office.database.writing() as session:
        session.execute(text(f"UPDATE notice SET sending = '{left}', message_id = 'm'"))
    office.happens(second)
    with office.database.writing() as session:
        session.execute(text(broken))
    sender = office.sender()
    sender.run(provider.stop)
    assert "icu-b" in [each.notices[0].patient_id for each in provider.taken]


def test_a_provider_that_never_comes_to_an_end_is_noticed(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a mail server that says a little again and again, so that no wait ends."""
    monkeypatch.setattr("alerts.sender.HANGS_S", 0.01)
    ends = Event()

    class Endless(Provider):
        def send(self, message: Message) -> str:
            ends.wait()
            return super().send(message)

    office.channel = Endless()
    office.happens(alarm(office.people))
    sender = office.sender()
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(sender.send_due)
        try:
            until(
                lambda: sender.mishaps.counts[ALARM_FAILED] > 1,
                otherwise=lambda: "nobody notices",
            )
        finally:
            ends.set()
        assert sending.result() == 1
    assert office.became() == [Sending.SENT]
