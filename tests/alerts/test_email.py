"""Mail against a real SMTP server, with TLS and with faults."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.database import Database
from alerts.email import Email, MailServer, Security
from alerts.model import StepKind
from alerts.notice_table import Sending
from tests.alerts.hospital import alarm, hospital
from tests.alerts.mail_server import DROP, Mailbox, asks_for, mail_server
from tests.alerts.post_office import PostOffice


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def office(folder: Path, server: MailServer) -> PostOffice:
    database = Database.open(f"sqlite:///{folder}/alarms.db")
    return PostOffice(database, hospital(folder), Email(server), name="email")


def tried_twice(folder: Path, mailbox: Mailbox) -> PostOffice:
    """Return the office after an alarm's mail was tried, and a minute later again."""
    with mail_server(mailbox) as server:
        post = office(folder, server)
        post.happens(alarm(post.people))
        sender = post.sender()
        sender.send_due()
        post.later(60)
        sender.send_due()
    return post


def test_mails_of_one_alarm_are_a_thread_plain_and_html(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
        was = alarm(post.people)
        post.happens(was)
        post.happens(was, StepKind.REPEATED, number=2)
        sender = post.sender()
        assert [sender.send_due(), sender.send_due()] == [1, 1]
    first, second = mailbox.arrived
    assert first["References"] == second["References"] == "<alarm-1@example.org>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"] == post.rows()[0].provider_id
    assert first["Subject"] == "HIGH Bed 1"
    assert first["To"] == "day@example.org"
    assert first["Importance"] == "high"
    kinds = [part.get_content_type() for part in first.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_through_tls(
    tmp_path: Path, mailbox: Mailbox, security: Security
) -> None:
    with mail_server(mailbox, security, tmp_path) as server:
        post = office(tmp_path, server)
        post.happens(alarm(post.people))
        post.sender().send_due()
    assert post.became() == [Sending.SENT]
    assert len(mailbox.arrived) == 1
    assert mailbox.over_tls == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_with_a_certificate_of_nobody_gets_no_mail(
    tmp_path: Path, mailbox: Mailbox, security: Security
) -> None:
    with mail_server(mailbox, security, tmp_path) as server:
        post = office(tmp_path, replace(server, ca_file=None))
        post.happens(alarm(post.people))
        post.sender().send_due()
    (row,) = post.rows()
    assert row.sending is Sending.WAITING
    assert "CERTIFICATE_VERIFY_FAILED" in row.why
    assert mailbox.arrived == []


def test_a_server_that_offers_no_tls_gets_no_mail(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox) as server:
        post = office(tmp_path, replace(server, security="starttls"))
        post.happens(alarm(post.people))
        post.sender().send_due()
    assert post.became() == [Sending.WAITING]
    assert mailbox.arrived == []


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "became"),
    [
        ("450 busy", [Sending.SENT]),
        ("499 busy", [Sending.SENT]),
        ("500 no", [Sending.FAILED]),
        ("550 no such user", [Sending.FAILED]),
    ],
)
def test_a_4xx_is_tried_again_and_a_5xx_never(
    tmp_path: Path, command: str, answer: str, became: list[Sending]
) -> None:
    mailbox = Mailbox(answers=[(command, answer)])
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
        post.happens(alarm(post.people))
        sender = post.sender()
        sender.send_due()
        assert answer[4:] in post.rows()[0].why
        post.later(60)
        sender.send_due()
    assert post.became() == became
    assert len(mailbox.arrived) == became.count(Sending.SENT)


def test_a_wrong_password_is_permanent_and_said_at_once(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox, "tls", tmp_path, **asks_for("right")) as server:
        wrong = replace(server, user="vigil", password=SecretStr("wrong"))
        post = office(tmp_path, wrong)
        post.happens(alarm(post.people))
        post.sender().send_due()
        (row,) = post.rows()
        assert row.sending is Sending.FAILED
        assert "535" in row.why
        assert post.alarms.unreached == ["alarm-1"]
        assert post.alarms.breaks == [("email", False)]
        post.channel = Email(replace(wrong, password=SecretStr("right")))
        post.happens(alarm(post.people), StepKind.REPEATED, number=2)
        post.sender().send_due()
    assert len(mailbox.arrived) == 1


@pytest.mark.parametrize("password", ["pässword", "\u2028"])
def test_a_password_that_smtp_does_not_take_is_permanent(
    tmp_path: Path, mailbox: Mailbox, password: str
) -> None:
    with mail_server(mailbox, "tls", tmp_path, **asks_for("right")) as server:
        wrong = replace(server, user="vigil", password=SecretStr(password))
        post = office(tmp_path, wrong)
        post.happens(alarm(post.people))
        post.sender().send_due()
    assert post.became() == [Sending.FAILED]
    assert post.alarms.breaks == [("email", False)]


@pytest.mark.parametrize("speaks_it", [True, False])
def test_an_address_beyond_ascii_needs_a_server_that_takes_it(
    tmp_path: Path, mailbox: Mailbox, *, speaks_it: bool
) -> None:
    with mail_server(mailbox, enable_SMTPUTF8=speaks_it) as server:
        people = hospital(tmp_path, ("day@example.org", "jürgen@example.org"))
        post = office(tmp_path, server)
        post.people = people
        post.happens(alarm(people))
        post.sender().send_due()
    assert post.became() == [Sending.SENT if speaks_it else Sending.FAILED]
    assert post.alarms.unreached == ([] if speaks_it else ["alarm-1"])
    assert post.alarms.breaks == [], "others are still reached"
    assert len(mailbox.arrived) == int(speaks_it)


@pytest.mark.parametrize(
    ("command", "answer", "breaks"),
    [
        ("MAIL", "530 authenticate first", [("email", False)]),
        ("MAIL", "553 sender not allowed", [("email", False)]),
        ("MAIL", "552 too large", []),
        ("RCPT", "550 no such user", []),
        ("DATA", "554 looks like spam", []),
    ],
)
def test_what_is_wrong_with_all_mail_is_told_from_what_is_wrong_with_one(
    tmp_path: Path, command: str, answer: str, breaks: list[tuple[str, bool]]
) -> None:
    mailbox = Mailbox(answers=[(command, answer)])
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
        post.happens(alarm(post.people))
        post.sender().send_due()
    assert post.became() == [Sending.FAILED]
    assert post.alarms.unreached == ["alarm-1"]
    assert post.alarms.breaks == breaks


def test_a_mail_that_cannot_be_written_fails_alone(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
        post.people = hospital(
            tmp_path, ("day@example.org", '"=?utf-8?q?=0a?=@example.org"')
        )
        post.happens(alarm(post.people))
        post.happens(alarm(post.people, alarm_id="other", patient_id="icu-2"), level=1)
        sender = post.sender()
        while sender.send_due():
            pass
    became = {(row.recipient, row.sending) for row in post.rows()}
    assert ("day", Sending.FAILED) in became
    assert ("chief", Sending.SENT) in became


def test_a_line_that_drops_before_the_mail_loses_nothing(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    mailbox.answers = [("RCPT", DROP)]
    post = tried_twice(tmp_path, mailbox)
    assert post.became() == [Sending.SENT]
    assert len(mailbox.arrived) == 1


def test_where_the_answer_is_lost_the_second_mail_has_the_same_id(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    """The one step at which a mail may arrive twice: nobody can ask the server."""
    mailbox.answers = [("DATA", DROP)]
    post = tried_twice(tmp_path, mailbox)
    assert post.became() == [Sending.SENT]
    assert len({mail["Message-ID"] for mail in mailbox.arrived}) == 1
    assert len(mailbox.arrived) == 2


def test_while_the_server_is_down_nothing_is_lost_and_order_is_kept(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
    was = alarm(post.people)
    post.happens(was)
    sender = post.sender()
    for number in range(2, 5):
        post.happens(was, StepKind.REPEATED, number=number)
        post.later(15)
        sender.send_due()
    assert set(post.became()) == {Sending.WAITING}
    with mail_server(mailbox) as server:
        post.channel = Email(server)
        sender = post.sender()
        for _ in range(5):
            post.later(60)
            sender.send_due()
    ids = [f"<{row.notice_id}@example.org>" for row in post.rows()]
    assert [mail["Message-ID"] for mail in mailbox.arrived] == ids
    assert set(post.became()) == {Sending.SENT}


def test_a_connection_that_went_stale_is_made_anew(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with mail_server(mailbox) as server:
        post = office(tmp_path, server)
        channel = Email(server)
        post.channel = channel
        post.happens(alarm(post.people))
        post.sender().send_due()
    assert len(mailbox.arrived) == 1
    with mail_server(mailbox) as other:
        channel.server = other
        post.happens(alarm(post.people), StepKind.REPEATED, number=2)
        post.sender().send_due()
    assert len(mailbox.arrived) == 2
