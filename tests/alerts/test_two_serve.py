"""Two processes serve one database: one leads, the other takes over, none doubles.

Real processes, a real database and a real mail server; the leader is killed, paused
and woken up.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM
from typing import Final

import pytest
from sqlalchemy import select

from alerts.database import Database
from alerts.heartbeat import ALERTS, last
from alerts.notice_table import Notice, Sending
from alerts.outbox import record
from alerts.people import People
from alerts.sender import CLAIMED
from stack.waiting import until
from tests.alerts.hospital import alarm, hospital, step
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.serve_process import Serve, serving

TAKEN_OVER_S: Final = 10.0
SPEED: Final = 3
"""How much slower than an idle machine the one may be that tests run on."""


class Pair:
    """Two processes on one database, and the mail that they send."""

    def __init__(self, database: Database, folder: Path, people: People) -> None:
        self.database, self.folder, self.people = database, folder, people
        self.mailbox = Mailbox()
        self.count = 0
        self._stack = ExitStack()
        server = self._stack.enter_context(mail_server(self.mailbox))
        self._settings = {
            "VIGIL_ALERTS_DATABASE_URL": database.engine.url.render_as_string(
                hide_password=False
            ),
            "VIGIL_ALERTS_PEOPLE": str(folder / "people.yaml"),
            "VIGIL_ALERTS_SMTP_HOST": "127.0.0.1",
            "VIGIL_ALERTS_SMTP_PORT": str(server.port),
            "VIGIL_ALERTS_SMTP_SECURITY": "none",
        }
        self.one = self.serves("one")
        self.one.awaited(database)
        self.other = self.serves("other")
        until(
            lambda: "follows" in self.other.log.read_text(),
            otherwise=self.other.log.read_text,
        )

    def serves(self, name: str) -> Serve:
        """Start a process."""
        return self._stack.enter_context(serving(self.folder, name, self._settings))

    def close(self) -> None:
        """End all."""
        self._stack.close()

    def happens(self, count: int = 1) -> None:
        """Raise alarms, each of which is a mail to somebody."""
        for _ in range(count):
            self.count += 1
            name = f"icu-{self.count}"
            of = alarm(self.people, alarm_id=name, patient_id=name)
            with self.database.writing() as session:
                record(session, of, step(of), self.people)

    def sent(self, twice_at_most: int = 0) -> None:
        """Wait until every mail is sent, each once but for so many."""
        until(lambda: self._left() == 0, otherwise=lambda: f"{self._left()} are left")
        arrived = Counter(mail["Message-ID"] for mail in self.mailbox.arrived)
        with self.database.reading() as session:
            mails = session.scalars(select(Notice).where(Notice.channel == "email"))
            sent = {f"<{each.message_id}@localhost>" for each in mails}
        assert set(arrived) == sent
        assert arrived.total() <= len(sent) + twice_at_most

    def _left(self) -> int:
        with self.database.reading() as session:
            mails = select(Notice).where(
                Notice.channel == "email", Notice.sending != Sending.SENT
            )
            return len(session.scalars(mails).all())


@pytest.fixture
def pair(database: Database, tmp_path: Path) -> Iterator[Pair]:
    people = hospital(tmp_path)
    made = Pair(database, tmp_path, people)
    yield made
    made.close()


def test_when_the_leader_is_killed_the_other_one_takes_over(pair: Pair) -> None:
    pair.happens(20)
    pair.sent()
    killed_s = time.monotonic()
    pair.one.sends(SIGKILL)
    pair.happens(20)
    pair.other.awaited(pair.database)
    assert time.monotonic() - killed_s < TAKEN_OVER_S * SPEED
    pair.sent()


def test_a_leader_that_is_told_to_end_is_followed_at_once(pair: Pair) -> None:
    pair.one.sends(SIGTERM)
    assert pair.one.process.wait(60) == 0
    pair.other.awaited(pair.database)
    pair.happens()
    pair.sent()
    with pair.database.reading() as session:
        assert last(session, ALERTS) is not None


def _paused_while_the_other_one_leads(pair: Pair) -> None:
    paused_s = time.monotonic()
    pair.one.sends(SIGSTOP)
    pair.other.awaited(pair.database)
    assert time.monotonic() - paused_s < TAKEN_OVER_S * SPEED
    pair.happens(20)
    pair.one.sends(SIGCONT)
    until(
        lambda: ": following" in pair.one.log.read_text(),
        otherwise=pair.one.log.read_text,
    )
    assert pair.other.leads(pair.database)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_leader_that_was_paused_sends_nothing_when_it_wakes_up(pair: Pair) -> None:
    """On SQLite one that is paused amid writing keeps all others from writing."""
    pair.happens(20)
    pair.sent()
    _paused_while_the_other_one_leads(pair)
    pair.sent()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_a_leader_that_was_paused_only_mails_under_way_may_arrive_twice(
    pair: Pair,
) -> None:
    """Claimed, and not settled yet: no mail server can be asked whether it has them.

    Their Message-ID is the same.
    """
    pair.happens(40)
    until(lambda: bool(pair.mailbox.arrived), otherwise=lambda: "nothing is sent")
    _paused_while_the_other_one_leads(pair)
    pair.sent(twice_at_most=CLAIMED)
