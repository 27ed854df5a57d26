"""Links in messages: signed, expiring, and good for one acknowledgement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from alerts.database import Database
from alerts.events import Refused
from alerts.notice_table import Notice, UsedLink

VALID_S: Final = 12 * 3600
"""A shift: who finds the message later looks at the page."""

Acknowledge = Callable[[Session, str, str], object]
"""Acknowledge the alarm of this id for this person, or raise ``Refused``."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links to ``page_url``, signed with ``key``, and reads them."""

    page_url: str
    key: str

    def acknowledgement(self, notice: Notice) -> str:
        """Return the link of one notice; always the same one."""
        expires_s = notice.created_ms // 1000 + VALID_S
        token = self._serializer().dumps([notice.number, expires_s])
        return f"{self.page_url.rstrip('/')}/acknowledge/{token}"

    def number(self, token: str, now_ms: int) -> int:
        """Return the number of the notice that ``token`` belongs to."""
        try:
            number, expires_s = self._serializer().loads(token)
        except BadSignature:
            msg = "this link is not one of ours, or not all of it arrived"
            raise Refused(msg) from None
        if now_ms >= 1000 * expires_s:
            msg = "this link has expired: acknowledge on the ward's page"
            raise Refused(msg)
        return int(number)

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt="acknowledge")


def acknowledge_by(
    link: str, now_ms: int, *, links: Links, database: Database, then: Acknowledge
) -> Notice:
    """Acknowledge the alarm of a link for whom it was sent to; raise ``Refused``.

    A link that could not be used because ``then`` refuses remains unused.
    """
    number = links.number(link.rsplit("/", 1)[-1], now_ms)
    with database.writing() as session:
        session.expire_on_commit = False
        notice = session.get(Notice, number)
        if notice is None:
            msg = "nothing is known of this link any more"
            raise Refused(msg)
        if session.get(UsedLink, number):
            msg = "this link was used before: each works once"
            raise Refused(msg)
        session.add(UsedLink(notice_number=number, used_ms=now_ms))
        then(session, notice.alarm_id, notice.recipient)
        return notice
