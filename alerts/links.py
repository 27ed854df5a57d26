"""Links in messages: signed, expiring, and good for one acknowledgement.

A link belongs to one notice, and so to one step of an alarm and the severity that was
told: it does not acknowledge what its reader has not heard of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.database import Database
from alerts.events import Refused
from alerts.model import StepKind
from alerts.notice_table import Notice, UsedLink
from alerts.tables import AlarmRow, StepRow

VALID_S: Final = 12 * 3600
"""A shift: who finds the message later looks at the page."""

SAME: Final = (
    StepKind.ESCALATED,
    StepKind.REPEATED,
    StepKind.UNREACHED,
    StepKind.CHANGED,
    StepKind.LATCHED,
)
"""After these steps an alarm wants what it wanted, as long as its severity is that."""

Acknowledge = Callable[[Session, str, str], object]
"""Acknowledge the alarm of this id for this person, or raise ``Refused``."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links to ``page_url``, signed with ``key``, and reads them."""

    page_url: str
    key: str

    @property
    def page(self) -> str:
        """The address of the page, without a slash at its end."""
        return self.page_url.rstrip("/")

    def acknowledgement(self, notice: Notice) -> str:
        """Return the link of one notice; always the same one.

        No time is in it: that may move with the clock, while a provider is still asked
        whether it has the message.
        """
        token = self._serializer().dumps(notice.number)
        return f"{self.page}/acknowledge/{token}"

    def number(self, token: str) -> int:
        """Return the number of the notice that ``token`` belongs to.

        Links of older versions say when they expire, too.
        """
        try:
            loaded = self._serializer().loads(token)
        except BadSignature:
            msg = "this link is not one of ours, or not all of it arrived"
            raise Refused(msg) from None
        return int(loaded[0] if isinstance(loaded, list) else loaded)

    def behind(self, session: Session, token: str, now_ms: int) -> Notice:
        """Return the notice of a link that may still be used; raise ``Refused``."""
        number = self.number(token)
        notice = session.get(Notice, number)
        if notice is None:
            msg = "nothing is known of this link any more"
            raise Refused(msg)
        if now_ms >= notice.created_ms + 1000 * VALID_S:
            msg = "this link has expired: acknowledge on the ward's page"
            raise Refused(msg)
        if session.get(UsedLink, number):
            msg = "this link was used before: each works once"
            raise Refused(msg)
        if _has_changed(session, notice):
            msg = "the alarm has changed since this message: look at the ward's page"
            raise Refused(msg)
        return notice

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt="acknowledge")


class Withheld(Links):
    """Links for who may read a message that is another's: to the page alone."""

    def acknowledgement(self, notice: Notice) -> str:  # noqa: ARG002 - as above
        """Return the page, where one signs in to acknowledge."""
        return f"{self.page}/"


def _has_changed(session: Session, notice: Notice) -> bool:
    """Return whether the alarm is not any more what the notice told."""
    of_alarm = AlarmRow.alarm_id == notice.alarm_id
    now = session.scalar(select(AlarmRow.severity).where(of_alarm))
    since = select(StepRow.position).where(
        StepRow.alarm_id == notice.alarm_id,
        StepRow.number > notice.step_number,
        StepRow.kind.not_in(SAME),
    )
    return now is not notice.severity or session.scalar(since.limit(1)) is not None


def acknowledge_by(
    link: str, now_ms: int, *, links: Links, database: Database, then: Acknowledge
) -> Notice:
    """Acknowledge the alarm of a link for whom it was sent to; raise ``Refused``.

    A link that could not be used because ``then`` refuses remains unused.
    """
    with database.writing() as session:
        session.expire_on_commit = False
        notice = links.behind(session, link.rsplit("/", 1)[-1], now_ms)
        session.add(UsedLink(notice_number=notice.number, used_ms=now_ms))
        then(session, notice.alarm_id, notice.recipient)
        return notice
