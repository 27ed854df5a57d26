"""Of several that may serve on one database, one leads, and others follow.

Who leads counts up the lease's beat. Who follows takes the lease when the beat has
stood still for ``LAPSE_S`` by its own clock: no clock on a wall is compared, so that
none can be wrong. A leader that was killed, cut off or paused is replaced so; and
because whoever leads asks for the lease in each transaction, one that wakes up later
can write nothing any more.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Final, Protocol

from sqlalchemy import Select, Update, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from alerts.database import ERRORS, Database, is_away
from alerts.tables import Base

logger = logging.getLogger(__name__)

BEAT_S: Final = 1.0
"""How often a leader says that it leads."""
LOOK_S: Final = 0.5
"""How often a follower looks."""
LAPSE_S: Final = 5.0
"""A lease whose beat stands still for so long is anybody's."""


class LostError(Exception):
    """Another one leads: nothing may be written or sent any more."""


class LeaseRow(Base):
    """Who leads; ``term`` counts leaders, ``beat`` counts up while one lives."""

    __tablename__ = "lease"

    service: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    """Empty: nobody."""
    term: Mapped[int]
    beat: Mapped[int]


class Right(Protocol):
    """The right to write and to send."""

    def check(self, session: Session) -> None:
        """Raise ``LostError`` unless it holds until the transaction ends."""
        ...

    def is_held(self) -> bool:
        """Return whether it holds now."""
        ...


class Alone:
    """The right of one beside whom nobody serves."""

    def check(self, session: Session) -> None:
        """Let it be written."""

    def is_held(self) -> bool:
        """Return that it always does."""
        return True


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(slots=True)
class Lease:
    """The right to serve, as one process has it or waits for it."""

    database: Database
    service: str
    steady_s: Callable[[], float] = time.monotonic
    holder: str = field(default_factory=_name, init=False)
    _term: int = field(default=0, init=False)
    _seen: tuple[int, int] | None = field(default=None, init=False)
    _since_s: float = field(default=0, init=False)
    _looked_s: float = field(default=0, init=False)

    def take(self) -> bool:
        """Look at the lease; take it, and return True, if it is nobody's."""
        now_s = self.steady_s()
        with self.database.reading() as session:
            row = session.get(LeaseRow, self.service)
            seen = _beat(row)
            free = row is None or not row.holder
        looked_away = now_s - self._looked_s > LAPSE_S / 2
        if seen != self._seen or looked_away:
            self._seen, self._since_s = seen, now_s
        self._looked_s = now_s
        lapsed = now_s - self._since_s >= LAPSE_S
        return (free or lapsed) and self._taken(seen)

    def _taken(self, seen: tuple[int, int] | None) -> bool:
        """Take the lease, unless somebody did since it was ``seen``."""
        with self.database.writing() as session:
            row = session.scalar(_row(self.service).with_for_update())
            if _beat(row) != seen:
                return False
            term, beat = seen or (0, 0)
            ours = LeaseRow(
                service=self.service, holder=self.holder, term=term + 1, beat=beat + 1
            )
            session.merge(ours)
        self._term = term + 1
        return True

    def renew(self, session: Session) -> None:
        """Say that we lead, for a while longer; raise ``LostError`` if we do not."""
        later = self._ours().values(beat=LeaseRow.beat + 1).returning(LeaseRow.beat)
        self._demand(session.scalar(later) is not None)

    def check(self, session: Session) -> None:
        """Raise ``LostError`` unless we lead; we do until the transaction ends."""
        mine = _row(self.service).with_for_update(read=True, key_share=True)
        row = session.scalar(mine.execution_options(populate_existing=True))
        self._demand(row is not None and (row.holder, row.term) == self._name)

    def is_held(self) -> bool:
        """Return whether we lead now."""
        with self.database.reading() as session:
            row = session.get(LeaseRow, self.service)
            return row is not None and (row.holder, row.term) == self._name

    def release(self) -> None:
        """Let others lead at once, if the database can be told."""
        try:
            with self.database.writing() as session:
                session.execute(self._ours().values(holder=""))
        except ERRORS as error:
            logger.warning("the lease lapses by itself: %s", _line(error))

    @property
    def _name(self) -> tuple[str, int]:
        return self.holder, self._term

    def _ours(self) -> Update:
        return update(LeaseRow).where(
            LeaseRow.service == self.service,
            LeaseRow.holder == self.holder,
            LeaseRow.term == self._term,
        )

    def _demand(self, held: bool) -> None:  # noqa: FBT001 - what is demanded
        if not held:
            msg = f"another process leads {self.service} now"
            raise LostError(msg)


def _beat(row: LeaseRow | None) -> tuple[int, int] | None:
    return None if row is None else (row.term, row.beat)


def _row(service: str) -> Select[LeaseRow]:
    return select(LeaseRow).where(LeaseRow.service == service)


def lead(lease: Lease, stop: Event, serve: Callable[[], None]) -> None:
    """Serve whenever it is our turn, until ``stop``; in between, follow."""
    while _awaited(lease, stop):
        logger.info("%s leads %s", lease.holder, lease.service)
        try:
            serve()
        except LostError as error:
            logger.warning("%s: following", error)
        except ERRORS as error:
            if not is_away(error):
                raise
            logger.warning("the database: %s: following", _line(error))
        finally:
            lease.release()


def _awaited(lease: Lease, stop: Event) -> bool:
    """Return True as soon as we lead; False when told to stop before."""
    follows = False
    while not stop.is_set():
        try:
            if lease.take():
                return True
        except ERRORS as error:
            logger.warning("the database: %s", _line(error))
        if not follows:
            logger.info("%s follows: another one leads %s", lease.holder, lease.service)
        follows = True
        stop.wait(LOOK_S)
    return False


def _line(error: Exception) -> str:
    return str(error).splitlines()[0]
