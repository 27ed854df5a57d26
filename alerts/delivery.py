"""The senders of all channels, made from settings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from alerts.channels import Channel
from alerts.database import Database
from alerts.delivery_settings import DeliverySettings
from alerts.email import Email
from alerts.lease import Alone, Right
from alerts.links import Links, Withheld
from alerts.mishaps import Mishaps
from alerts.notice_table import Notice, Sending
from alerts.other_channels import Local, Other
from alerts.rate import Rate
from alerts.roster import Roster
from alerts.sender import Sender
from alerts.sms import Sms
from alerts.streams import Streams
from alerts.synthetic import NOWHERE, Nowhere
from alerts.ward_facts import Alarms, Around

Work = Callable[[Event], None]

LOOK_S: Final = 5.0
"""How often it is looked for channels that are new."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What every sender shares."""

    database: Database
    roster: Roster
    alarms: Alarms
    settings: DeliverySettings
    links: Links
    now_ms: Callable[[], int]
    right: Right = field(default_factory=Alone)
    mishaps: Mishaps = field(default_factory=Mishaps)
    streams: Streams | None = None
    """Hears of notices that are sent where nobody is told."""

    def run(self, begin: Callable[[Work], None], stop: Event) -> None:
        """Begin a sender for each channel, also of those that the file names later."""
        new, begun = self.senders(), set[str]()
        while not stop.is_set():
            for sender in new:
                begin(sender.run)
                begun.add(sender.name)
            stop.wait(LOOK_S)
            names = self._names() - begun
            new = [self._sender(name) for name in sorted(names)]

    def senders(self) -> list[Sender]:
        """Return a sender for each channel of the people's file, or still in use."""
        with self.database.reading() as session:
            names = self._names() | set(_in_use(session))
        return [self._sender(name) for name in sorted(names)]

    def _names(self) -> set[str]:
        nowhere = {NOWHERE} if self.streams else set()
        return self.roster.people.channel_names() | nowhere

    def _sender(self, name: str) -> Sender:
        settings = self.settings
        per_s = settings.sms_per_s if name == "sms" else settings.mails_per_s
        channel = self._channel(name)
        withheld = Withheld(self.links.page_url, "")
        return Sender(
            name=name,
            channel=channel,
            database=self.database,
            around=Around(self.alarms, self.roster),
            links=withheld if isinstance(channel, Local) else self.links,
            now_ms=self.now_ms,
            rate=Rate.of(per_s, self.now_ms()),
            right=self.right,
            mishaps=self.mishaps,
        )

    def _channel(self, name: str) -> Channel:
        """Return how messages leave; what is not set up keeps them for a page."""
        if name == NOWHERE and self.streams:
            return Nowhere(self.streams, self.now_ms)
        local = Local(self.database, self.now_ms)
        if name == "email":
            server = self.settings.mail_server()
            return Email(server) if server else local
        if name == "sms":
            account = self.settings.twilio()
            return Sms(account) if account else local
        return Other()


def _in_use(session: Session) -> Iterator[str]:
    """Yield the channels by which something is still to be sent.

    One after the other is looked up in an index, which holds all that ever was sent.
    """
    name = ""
    while name := _next(session, Notice.channel > name) or "":
        for sending in (Sending.WAITING, Sending.SENDING):
            if _next(session, Notice.channel == name, Notice.sending == sending):
                yield name


def _next(session: Session, *conditions: ColumnElement[bool]) -> str | None:
    return session.scalar(select(func.min(Notice.channel)).where(*conditions))
