"""That a service works is written down with each of its turns; silence is noticed.

Whoever shows alarms reads the last beat, and says so when it is old: then nobody
serves them. A service beats only while it leads (`alerts.lease`) and its database
takes what it writes.
"""

from dataclasses import asdict, dataclass, fields
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column

from alerts.tables import Base

ALERTS: Final = "alerts"
FIXES: Final = "fixes"

STALE_MS: Final = 10_000
"""A beat that is older than this was the last one: nobody serves any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A service as it was when it last did its work.

    ``lag`` is how many messages it has not read yet, ``oldest_unread_ms`` when the
    first of them arrived. ``synthetic_ms`` is when the synthetic patient last came
    through, ``outside_watch`` whether somebody outside hears that we live.
    ``streamed`` says that readings ever came. ``boot`` and ``ticks_ms`` are the
    machine's start and the length of time since then: what a clock that was set
    anew is measured by.
    """

    service: str
    at_ms: int
    lag: int = 0
    oldest_unread_ms: int | None = None
    synthetic_ms: int | None = None
    outside_watch: bool = False
    streamed: bool = False
    boot: str = ""
    ticks_ms: int = 0

    def is_stale(self, now_ms: int) -> bool:
        """Return whether nobody serves any more, as far as ``now_ms`` can tell."""
        return abs(now_ms - self.at_ms) > STALE_MS


class HeartbeatRow(Base):
    """The last beat of each service."""

    __tablename__ = "heartbeat"

    service: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
    lag: Mapped[int]
    oldest_unread_ms: Mapped[int | None]
    synthetic_ms: Mapped[int | None]
    outside_watch: Mapped[bool]
    streamed: Mapped[bool]
    boot: Mapped[str]
    ticks_ms: Mapped[int]


_NAMES: Final = tuple(each.name for each in fields(Heartbeat))


def last(session: Session, service: str) -> Heartbeat | None:
    """Return the last beat of a service; None if it never served here."""
    row = session.get(HeartbeatRow, service)
    if row is None:
        return None
    return Heartbeat(**{name: getattr(row, name) for name in _NAMES})


def beat(session: Session, heartbeat: Heartbeat) -> None:
    """Write a beat over the one before."""
    session.merge(HeartbeatRow(**asdict(heartbeat)))


def shift(session: Session, service: str, jump_ms: int) -> None:
    """Move the last beat of a service with the clock on the wall.

    Whoever starts before the next beat would take the clock to be set once more.
    """
    of_service = update(HeartbeatRow).where(HeartbeatRow.service == service)
    session.execute(of_service.values(at_ms=HeartbeatRow.at_ms + jump_ms))
