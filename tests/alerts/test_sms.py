"""SMS against a server that speaks Twilio's published contract, faults included."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from alerts.database import Database
from alerts.model import State, StepKind
from alerts.notice_table import Sending
from alerts.sms import Sms, Twilio, is_from_twilio, note_status
from cep_patterns.pattern import Severity
from tests.alerts.hospital import alarm, hospital
from tests.alerts.post_office import PostOffice, alarms
from tests.alerts.twilio_stand_in import (
    SID,
    TOKEN,
    Account,
    Answer,
    error,
    twilio,
)

TO = "+15005550001"


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def reached(account: Account) -> Iterator[Twilio]:
    with twilio(account) as how:
        yield how


@pytest.fixture
def post(tmp_path: Path, reached: Twilio) -> PostOffice:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    office = PostOffice(database, hospital(tmp_path), Sms(reached))
    office.happens(alarm(office.people))
    return office


def test_an_sms_is_created_from_the_number(post: PostOffice, account: Account) -> None:
    post.sender().send_due()
    (sent,) = account.messages
    assert sent["To"] == TO
    assert sent["From"] == "+15005550006"
    assert sent["Body"].startswith("HIGH Bed 1: Go to the patient now. https://")
    assert "StatusCallback" not in sent
    assert post.rows()[0].provider_id == sent["sid"]


def test_a_messaging_service_and_a_call_back_are_used_where_set(
    tmp_path: Path, account: Account
) -> None:
    service = "MG" + "1" * 32
    back = "https://ward.example.org/twilio"
    with twilio(account, sender=service, callback_url=back) as how:
        database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
        post = PostOffice(database, hospital(tmp_path), Sms(how))
        post.happens(alarm(post.people))
        post.sender().send_due()
    (sent,) = account.messages
    assert sent["MessagingServiceSid"] == service
    assert "From" not in sent
    assert sent["StatusCallback"] == f"{back}?message={post.rows()[0].notice_id}"


@pytest.mark.parametrize("fault", [429, 500, 503, "dead", "lost"])
def test_a_temporary_fault_is_tried_again_and_sends_one_sms(
    post: PostOffice, account: Account, fault: int | str
) -> None:
    account.faults = [fault]
    sender = post.sender()
    sender.send_due()
    assert post.became() == [Sending.WAITING]
    post.later(60)
    sender.send_due()
    assert post.became() == [Sending.SENT]
    assert len(account.messages) == 1
    assert post.rows()[0].provider_id == account.messages[0]["sid"]


def test_while_it_cannot_be_asked_nothing_is_sent_a_second_time(
    post: PostOffice, account: Account
) -> None:
    account.faults = ["lost"]
    post.sender().send_due()
    nowhere = Twilio(
        account_sid=SID,
        auth_token=SecretStr(TOKEN),
        sender="+15005550006",
        url="http://127.0.0.1:1",
    )
    working, post.channel = post.channel, Sms(nowhere)
    post.later(60)
    post.sender().send_due()
    assert post.became() == [Sending.WAITING]
    post.channel = working
    post.later(60)
    post.sender().send_due()
    assert post.became() == [Sending.SENT]
    assert len(account.messages) == 1


@pytest.mark.parametrize("fault", [400, 401, 403])
def test_a_permanent_fault_is_not_tried_again_and_escalates(
    post: PostOffice, account: Account, fault: int
) -> None:
    account.faults = [fault]
    sender = post.sender()
    sender.send_due()
    post.later(600)
    sender.send_due()
    assert post.became() == [Sending.FAILED]
    assert post.alarms.unreached == ["alarm-1"]
    assert account.messages == []


@pytest.mark.parametrize(
    ("answer", "became", "breaks"),
    [
        ((401, 20003), Sending.FAILED, [("sms", False)]),
        ((403, 20005), Sending.FAILED, [("sms", False)]),
        ((404, 20404), Sending.FAILED, [("sms", False)]),
        ((400, 21606), Sending.FAILED, [("sms", False)]),
        ((400, 21211), Sending.FAILED, []),
        ((400, 21610), Sending.FAILED, []),
        ((403, 21408), Sending.FAILED, []),
        ((400, 21617), Sending.FAILED, []),
        ((429, 20429), Sending.WAITING, []),
        ((400, 21611), Sending.WAITING, []),
        ((500, 20500), Sending.WAITING, []),
    ],
)
def test_twilios_code_says_what_is_wrong_with_one_and_what_with_all(
    post: PostOffice,
    account: Account,
    answer: tuple[int, int],
    became: Sending,
    breaks: list[tuple[str, bool]],
) -> None:
    account.answers = [error(*answer, "no")]
    post.sender().send_due()
    assert post.became() == [became]
    assert post.alarms.breaks == breaks
    lost = became is Sending.FAILED
    assert post.alarms.unreached == (["alarm-1"] if lost else [])


HTML = b"<html><body>Service Unavailable</body></html>"


@pytest.mark.parametrize(
    "asked",
    [
        (503, HTML),
        (500, {}),
        (429, error(429, 20429, "slow down")[1]),
        (302, HTML),
        (200, HTML),
        (200, []),
        (200, {"messages": None, "x": 1, "y": 2}),
        (200, {"messages": [7]}),
    ],
)
def test_while_it_cannot_say_what_it_has_a_message_waits_and_nobody_escalates(
    post: PostOffice, account: Account, asked: Answer
) -> None:
    account.faults = ["lost"]
    account.reading = [asked]
    sender = post.sender()
    for _ in range(3):
        sender.send_due()
        assert post.became()[0] in {Sending.WAITING, Sending.SENT}
        post.later(10)
    assert post.became() == [Sending.SENT]
    assert len(account.messages) == 1
    assert post.alarms.unreached == []


def problem(status: int, code: object) -> dict[str, Any]:
    """Return an error in the form of RFC 9457, as newer parts of Twilio write it."""
    return {"type": "about:blank", "title": "no", "status": status, "code": code}


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        ((503, problem(503, 20503)), Sending.WAITING),
        ((429, problem(429, 20429)), Sending.WAITING),
        ((401, problem(401, 20003)), Sending.FAILED),
        ((400, problem(400, 21211)), Sending.FAILED),
        ((503, {"code": [1], "message": "x"}), Sending.WAITING),
        ((503, {"code": "20503", "message": {"a": 1}}), Sending.WAITING),
        ((503, {**problem(503, "?"), "status": "busy"}), Sending.WAITING),
        ((302, HTML), Sending.WAITING),
        ((408, HTML), Sending.WAITING),
        ((201, HTML), Sending.WAITING),
        ((201, b""), Sending.WAITING),
        ((201, {}), Sending.WAITING),
        ((201, []), Sending.WAITING),
        ((201, None), Sending.WAITING),
        ((201, b"{" * 100_000), Sending.WAITING),
        ((201, b"[" + b"1," * 3_000_000 + b"1]"), Sending.WAITING),
    ],
)
def test_what_a_provider_answers_in_whatever_form_is_no_reason_to_give_up(
    post: PostOffice, account: Account, answer: Answer, became: Sending
) -> None:
    account.answers = [answer]
    post.sender().send_due()
    assert post.became() == [became]


def test_the_end_of_another_alarm_is_not_taken_for_this_one(
    post: PostOffice, account: Account
) -> None:
    """Both are said in the same words, of the same bed."""
    sender = post.sender()
    for number, name in enumerate(("first", "second")):
        was = alarm(post.people, alarm_id=name, pattern_name=name)
        post.happens(was)
        while sender.send_due():
            pass
        account.faults = ["dead"] if number else []
        post.happens(was, StepKind.CLEARED, number=2)
        for _ in range(3):
            sender.send_due()
            post.later(120)
    ends = [each["Body"] for each in account.messages if "over" in each["Body"]]
    assert len(ends) == 2


def test_a_number_that_is_none_is_said_with_twilios_code(
    post: PostOffice, account: Account
) -> None:
    account.refused = {TO}
    post.sender().send_due()
    assert "21211" in post.rows()[0].why


def call_back(post: PostOffice, status: str, **more: str) -> bool:
    form = {"MessageSid": "SM1", "MessageStatus": status, **more}
    with post.database.writing() as session:
        message_id = post.rows()[0].notice_id
        return note_status(session, message_id, form, post.alarms)


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_what_does_not_arrive_escalates_at_once_and_once(
    post: PostOffice, status: str
) -> None:
    post.sender().send_due()
    assert call_back(post, status, ErrorCode="30003")
    assert call_back(post, status, ErrorCode="30003")
    assert post.became() == [Sending.FAILED]
    assert post.rows()[0].why == f"{status} 30003"
    assert post.alarms.unreached == ["alarm-1"]


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "accepted"])
def test_what_is_on_its_way_changes_nothing(post: PostOffice, status: str) -> None:
    post.sender().send_due()
    assert call_back(post, status)
    assert post.became() == [Sending.SENT]
    assert post.alarms.unreached == []


def test_what_arrived_stays_so_whatever_comes_late(post: PostOffice) -> None:
    post.sender().send_due()
    assert call_back(post, "delivered")
    for late in ("sent", "queued", "undelivered"):
        assert call_back(post, late)
    assert post.became() == [Sending.DELIVERED]
    assert post.alarms.unreached == []


def test_a_call_back_may_come_before_the_answer(
    post: PostOffice, account: Account
) -> None:
    sms: Any = post.channel
    send = sms.send

    class Quick:
        found = sms.found

        def send(self, message: Any) -> str:  # noqa: ANN401 - passed on
            sid: str = send(message)
            assert call_back(post, "delivered")
            return sid

    post.channel = Quick()
    post.sender().send_due()
    assert len(account.messages) == 1
    assert post.became() == [Sending.DELIVERED]


def test_a_call_back_of_a_message_that_is_not_ours_is_refused(
    post: PostOffice,
) -> None:
    with post.database.writing() as session:
        form = {"MessageSid": "SM1", "MessageStatus": "failed"}
        assert not note_status(session, "not ours", form, post.alarms)
    assert post.alarms.unreached == []


def test_a_call_back_is_believed_only_with_twilios_signature() -> None:
    url = "https://ward.example.org/twilio?message=1"
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    assert is_from_twilio(url, form, signature, SecretStr(TOKEN))
    changed = {**form, "MessageStatus": "failed"}
    assert not is_from_twilio(url, changed, signature, SecretStr(TOKEN))
    assert not is_from_twilio(url, form, signature, SecretStr("wrong"))


def test_a_message_that_lost_a_part_between_two_tries_is_not_sent_a_second_time(
    tmp_path: Path, reached: Twilio, account: Account
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    post = PostOffice(database, hospital(tmp_path), Sms(reached))
    first, second = alarms(post.people, ("one", "two"), severity=Severity.MEDIUM)
    post.happens(first)
    post.happens(second)
    account.faults = ["lost"]
    post.sender().send_due()
    post.has(replace(second, state=State.ACKNOWLEDGED))
    post.later(60)
    post.sender().send_due()
    assert len(account.messages) == 1
    assert post.became() == [Sending.SENT, Sending.DROPPED]
