"""A mail server and an SMS provider on the loopback that note what arrives when."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.twilio_stand_in import SID, TOKEN, Account, Answer, twilio

PER_S: Final = 200
"""Messages a second that the providers are said to take."""


@dataclass
class Arrivals:
    """Messages in order: when, by which way, and the subject or the beginning."""

    all: list[tuple[float, str, str]] = field(default_factory=list)

    def note(self, way: str, subject: str) -> None:
        """Note one that arrives now."""
        self.all.append((time.time(), way, subject))

    def delays_s(self, way: str, sent_s: dict[str, float]) -> list[float]:
        """Return how long each message took since what it tells was sent."""
        first: dict[str, float] = {}
        for at, by, subject in self.all:
            if by == way:
                first.setdefault(subject, at)
        never = float("inf")
        return [first.get(name, never) - at for name, at in sent_s.items()]


@dataclass
class NotedAccount(Account):
    """An account that notes."""

    arrivals: Arrivals = field(default_factory=Arrivals)
    turn: Any = field(default_factory=Lock)

    def create(self, form: dict[str, str]) -> Answer:
        """Take an SMS; requests come side by side."""
        with self.turn:
            self.arrivals.note("sms", form["Body"].partition(":")[0])
            return super().create(form)


@dataclass
class NotedMailbox(Mailbox):
    """A mailbox that notes."""

    arrivals: Arrivals = field(default_factory=Arrivals)

    async def handle_DATA(self, *about: Any) -> str:  # noqa: N802, ANN401 - aiosmtpd's
        """Take a mail."""
        answer = await super().handle_DATA(*about)
        self.arrivals.note("email", str(self.arrived.pop()["Subject"]))
        return answer


@contextmanager
def providers() -> Iterator[tuple[Arrivals, dict[str, str]]]:
    """Run both; yield what arrives, and the settings that lead there."""
    arrivals = Arrivals()
    account = NotedAccount(arrivals=arrivals)
    with mail_server(NotedMailbox(arrivals=arrivals)) as mail, twilio(account) as sms:
        yield (
            arrivals,
            {
                "VIGIL_ALERTS_SMTP_HOST": mail.host,
                "VIGIL_ALERTS_SMTP_PORT": str(mail.port),
                "VIGIL_ALERTS_SMTP_SECURITY": "none",
                "VIGIL_ALERTS_MAILS_PER_S": str(PER_S),
                "VIGIL_ALERTS_TWILIO_ACCOUNT_SID": SID,
                "VIGIL_ALERTS_TWILIO_AUTH_TOKEN": TOKEN,
                "VIGIL_ALERTS_TWILIO_SENDER": sms.sender,
                "VIGIL_ALERTS_TWILIO_URL": sms.url,
                "VIGIL_ALERTS_SMS_PER_S": str(PER_S),
            },
        )
