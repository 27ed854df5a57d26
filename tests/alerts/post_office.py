"""An outbox with a clock, a hospital and a provider of the test's own."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.channels import Channel
from alerts.database import Database
from alerts.links import Links
from alerts.messages import Message
from alerts.model import Alarm, StepKind
from alerts.notice_table import Notice, Sending
from alerts.outbox import record
from alerts.people import People
from alerts.rate import Rate
from alerts.roster import Roster
from alerts.sender import Sender
from alerts.tables import AlarmRow
from alerts.ward_facts import Around
from tests.alerts.hospital import NOON, alarm, ms, step

LINKS = Links("https://ward.example.org/", "a key for tests")


@dataclass
class Noted:
    """Notes what is done to alarms."""

    unreached: list[str] = field(default_factory=list)
    floods: list[tuple[str, bool]] = field(default_factory=list)
    breaks: list[tuple[str, bool]] = field(default_factory=list)

    def unreachable(self, session: Session, alarm_id: str, reason: str) -> None:  # noqa: ARG002 - only noted
        """Note an alarm of which somebody could not be told."""
        self.unreached.append(alarm_id)

    def flooded(self, *who: object, over: bool) -> None:
        """Note who gets more than he can read, or no longer."""
        _session, recipient, _channel = who
        self.floods.append((str(recipient), over))

    def broken(self, _session: Session, channel: str, *, over: bool) -> None:
        """Note a channel by which nobody can be told, or that it works again."""
        self.breaks.append((channel, over))


@dataclass
class Provider:
    """A provider that takes messages; ``answers`` come first, in order.

    With ``forgets`` it cannot say whether it has a message.
    """

    taken: list[Message] = field(default_factory=list)
    answers: list[BaseException | None] = field(default_factory=list)
    forgets: bool = False

    def send(self, message: Message) -> str:
        """Take a message, or raise."""
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.taken.append(message)
        return f"id of {message.message_id}"

    def found(self, message: Message) -> str | None:
        """Return the id of a message that was taken."""
        there = any(each.message_id == message.message_id for each in self.taken)
        return f"id of {message.message_id}" if there and not self.forgets else None

    def count(self) -> Counter[str]:
        """Return how often each message was taken."""
        return Counter(each.message_id for each in self.taken)


@dataclass
class PostOffice:
    """Everything round a sender; ``now`` is moved by the test."""

    database: Database
    people: People
    channel: Channel
    name: str = "sms"
    alarms: Noted = field(default_factory=Noted)
    now: Any = NOON
    per_s: float = 1_000.0

    def now_ms(self) -> int:
        """Return the test's time."""
        return ms(self.now)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def sender(self) -> Sender:
        """Return a new sender, as after a start."""
        return Sender(
            name=self.name,
            channel=self.channel,
            database=self.database,
            around=Around(self.alarms, Roster(self.people)),
            links=LINKS,
            now_ms=self.now_ms,
            rate=Rate.of(self.per_s, self.now_ms()),
        )

    def has(self, of: Alarm, *, is_open: bool = True) -> None:
        """Keep an alarm in its table."""
        names = AlarmRow.__table__.columns.keys()
        values = {n: getattr(of, n) for n in names if n not in {"is_open", "due_ms"}}
        with self.database.writing() as session:
            session.merge(AlarmRow(**values, is_open=is_open))

    def happens(
        self,
        of: Alarm,
        kind: StepKind = StepKind.RAISED,
        *,
        level: int = 0,
        number: int = 1,
    ) -> None:
        """Let a step happen to an alarm now, and write its notices."""
        self.has(of, is_open=kind is not StepKind.CLEARED)
        told = step(of, kind, self.now, level=level, number=number)
        with self.database.writing() as session:
            record(session, of, told, self.people)

    def rows(self) -> list[Notice]:
        """Return the notices of this channel, in order."""
        with self.database.reading() as session:
            own = Notice.channel == self.name
            return list(
                session.scalars(select(Notice).where(own).order_by(Notice.number))
            )

    def became(self) -> list[Sending]:
        """Return what became of them."""
        return [each.sending for each in self.rows()]


def alarms(people: People, ids: Iterable[str], **changes: Any) -> list[Alarm]:  # noqa: ANN401 - any field
    """Return an alarm of a patient of its own for each id."""
    return [
        alarm(people, alarm_id=each, patient_id=f"icu-{each}", **changes)
        for each in ids
    ]
