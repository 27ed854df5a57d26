"""The outbox: one row for each notice, and what became of it.

waiting -> sending -> sent -> delivered
   |          |         -> failed
   -> dropped -> waiting, failed
"""

from enum import StrEnum

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from alerts.model import State, StepKind
from alerts.tables import COUNTED, Base
from cep_patterns.pattern import Kind, Severity


class Sending(StrEnum):
    """Where a notice is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed over now. After a crash nobody knows whether it was."""
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """Nobody needed it any more; ``why`` says for what reason."""


class Notice(Base):
    """One step told to one person by one channel."""

    __tablename__ = "notice"

    number: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    notice_id: Mapped[str] = mapped_column(unique=True)
    alarm_id: Mapped[str]
    patient_id: Mapped[str]
    ward: Mapped[str]
    place: Mapped[str]
    pattern_name: Mapped[str]
    kind: Mapped[Kind]
    phase: Mapped[StepKind]
    severity: Mapped[Severity]
    rank: Mapped[int] = mapped_column()
    level: Mapped[int]
    recipient: Mapped[str]
    channel: Mapped[str]
    started_ms: Mapped[int]
    observed: Mapped[float | None]
    limit_value: Mapped[float | None]
    created_ms: Mapped[int]
    not_before_ms: Mapped[int]

    step_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Which step of its alarm; what came after it may have changed the alarm."""
    state: Mapped[State | None]
    """The alarm's state when it was last about to be sent; ``severity`` is of then."""
    missed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it says the end of what nobody could be told of while it lasted."""

    sending: Mapped[Sending] = mapped_column(default=Sending.WAITING)
    held: Mapped[bool] = mapped_column(default=False)
    """Whether it had to wait for anything but an error."""
    why: Mapped[str] = mapped_column(default="")
    """The last error, or why it waits or was dropped."""
    tries: Mapped[int] = mapped_column(default=0)
    tried_ms: Mapped[int | None]
    """When it was first handed over."""
    overdue: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether others were told because it could not be sent for so long."""
    message_id: Mapped[str | None]
    """The first notice of the message it was sent in."""
    provider_id: Mapped[str | None]
    sent_ms: Mapped[int | None]

    __table_args__ = (
        Index("notice_due", "channel", "sending", rank.desc(), "number"),
        Index("notice_of_alarm", "alarm_id", "recipient", "channel", "number"),
        Index("notice_sent", "recipient", "channel", "sent_ms"),
        Index("notice_message", "message_id"),
        Index("notice_provider", "provider_id"),
    )


class UsedLink(Base):
    """A link of a notice by which its alarm was acknowledged; each works once."""

    __tablename__ = "used_link"

    notice_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    used_ms: Mapped[int]


class LocalMessage(Base):
    """A message as it would have been sent, for a page to show."""

    __tablename__ = "local_message"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    sent_ms: Mapped[int]

    __table_args__ = (Index("local_message_sent", "sent_ms"),)
