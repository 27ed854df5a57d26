"""A real process that serves alarms, from broker to mail, and whose clock is set.

For that process alone: what it asks for the time on the wall is told another one.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest
from confluent_kafka import Producer

from alerts.database import Database
from alerts.system import CLOCK_JUMPED
from cep_patterns.pattern import Severity
from producers.contract import MATCHES
from stack.waiting import until
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.matches import alarms, ongoing
from tests.alerts.serve_process import serving
from tests.broker import Broker

CLOCK: Final = """
import os, runpy, time

wall_s, wall_ns = time.time, time.time_ns

def set_by_s():
    with open(os.environ["SET_BY"]) as file:
        return int(file.read())

time.time = lambda: wall_s() + set_by_s()
time.time_ns = lambda: wall_ns() + 1_000_000_000 * set_by_s()
runpy.run_module("alerts", run_name="__main__", alter_sys=True)
"""
HOUR_S: Final = 3600
ESCALATES_S: Final = 12.0
UNNOTICED_S: Final = 2.0
"""By less, a clock is corrected and not set: no timer follows."""

PEOPLE: Final = """
people:
  first: {email: first@example.org}
  second: {email: second@example.org}
channels: {high: [email], medium: [email], low: [email]}
escalation:
  high:
    levels:
      - {after_min: 0, tell: [first]}
      - {after_min: 0.2, tell: [second]}
  medium: {levels: [{after_min: 0, tell: [second]}]}
  low: {levels: [{after_min: 0, tell: [second]}]}
fallback: [second]
wards:
  icu: {patients: ["icu-*"], time_zone: UTC}
  other: {time_zone: UTC}
default_ward: other
"""

pytestmark = pytest.mark.system


class Night:
    """Somebody who serves alarms, the mail that comes of it, and a clock to set."""

    def __init__(self, folder: Path, real: Broker, stack: ExitStack) -> None:
        self._real, self._set_by = real, folder / "set_by"
        self.mailbox = Mailbox()
        self.set_clock(0)
        people = folder / "people.yaml"
        people.write_text(PEOPLE, encoding="utf-8")
        server = stack.enter_context(mail_server(self.mailbox))
        url = f"sqlite:///{folder}/data/alarms.db"
        settings = {
            "SET_BY": str(self._set_by),
            "VIGIL_KAFKA_BROKERS": real.address,
            "VIGIL_ALERTS_DATABASE_URL": url,
            "VIGIL_ALERTS_PEOPLE": str(people),
            "VIGIL_ALERTS_SMTP_HOST": "127.0.0.1",
            "VIGIL_ALERTS_SMTP_PORT": str(server.port),
            "VIGIL_ALERTS_SMTP_SECURITY": "none",
        }
        self.database = Database.open(url)
        stack.callback(self.database.close)
        serve = serving(folder, "serve", settings, ("-c", CLOCK))
        self.serve = stack.enter_context(serve)
        self.serve.awaited(self.database)

    def set_clock(self, seconds: int) -> None:
        """Set the clock by that much."""
        new = self._set_by.with_suffix(".new")
        new.write_text(f"{seconds}", encoding="ascii")
        new.rename(self._set_by)

    def finds(self, patient: str) -> None:
        """Write a match of high severity."""
        match = ongoing(patient, time.time(), patient=patient, severity=Severity.HIGH)
        value = match.model_dump_json(exclude_none=True, exclude={"source"})
        producer = Producer({"bootstrap.servers": self._real.address, "log_level": 0})
        producer.produce(MATCHES.name, value, patient)
        assert producer.flush(60) == 0

    def told(self, person: str, patient: str) -> int:
        """Return how many mails told somebody of a patient."""
        return sum(
            person in str(mail["To"]) and patient in _text(mail)
            for mail in list(self.mailbox.arrived)
        )

    def waits(self, condition: Callable[[], bool]) -> None:
        """Wait until it holds."""
        until(condition, otherwise=self.serve.log.read_text)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def night(real: Broker, tmp_path: Path) -> Iterator[Night]:
    """Serve."""
    with ExitStack() as stack:
        yield Night(tmp_path, real, stack)


@pytest.mark.parametrize("set_by_s", [-HOUR_S, HOUR_S])
def test_who_is_told_and_when_is_the_same_wherever_the_clock_is_set(
    night: Night, set_by_s: int
) -> None:
    night.finds("icu-1")
    night.waits(lambda: night.told("first", "icu-1") > 0)
    told_s = time.monotonic()
    night.set_clock(set_by_s)
    night.waits(lambda: "the clock was set" in night.serve.log.read_text())
    night.waits(lambda: night.told("second", "icu-1") > 0)
    assert time.monotonic() - told_s > ESCALATES_S - UNNOTICED_S
    night.finds("icu-2")
    night.waits(lambda: night.told("second", "icu-2") > 0)
    assert [night.told("first", each) for each in ("icu-1", "icu-2")] == [1, 1]
    assert night.told("second", "icu-1") == 1
    assert CLOCK_JUMPED.name in {each.pattern_name for each in alarms(night.database)}
    assert night.serve.process.poll() is None
