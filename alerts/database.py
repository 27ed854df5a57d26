"""The database of alarms: SQLite, or PostgreSQL by its URL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

from alerts.turn import Turn

T = TypeVar("T")

MIGRATIONS: Final = Path(__file__).parent / "migrations"
PATIENCE_S: Final = 30
"""How long a writer waits for another one's transaction."""
ANSWER_S: Final = 5
"""A server that does not answer for so long counts as away."""
PAUSED_S: Final = 4
"""Who says nothing for so long amid a transaction has lost it; followers lead then."""
_READING: Final = {"reading": True}
_PRIMARY_CODE: Final = 0xFF
"""The part of SQLite's error codes that tells the kind; the rest tells the case."""
_UPGRADE_LOCK: Final = 7_246_111
"""Any number: PostgreSQL's name for "somebody is changing these tables"."""


_AWAY_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
_AWAY_POSTGRESQL: Final = ("08", "25006", "40", "53", "55P03", "57", "58")
"""Beginnings of SQLSTATE: connection, read only, deadlock, no room, lock, shutdown."""


ERRORS: Final = (DBAPIError, PoolTimeoutError)
"""What the database raises; the second where all its connections are in use."""


class DatabaseError(Exception):
    """One line: what is wrong with which database, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database whose tables are those of this version."""

    engine: Engine
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)
    """Whose turn it is to write; SQLite makes those who wait look again and again."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect to ``url`` and bring its tables up to date."""
        try:
            engine = _engine(url)
            _upgrade(engine)
        except (ArgumentError, NoSuchModuleError, OperationalError, OSError) as error:
            reason = str(error).splitlines()[0]
            msg = (
                f"the database of alarms cannot be used ({reason}):"
                " correct VIGIL_ALERTS_DATABASE_URL, or start the server"
            )
            raise DatabaseError(msg) from None
        one_by_one = engine.dialect.name == "sqlite"
        return cls(engine, Turn() if one_by_one else nullcontext())

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Run a transaction: all of it is kept, or nothing."""
        with self.turn, Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at one state of the database; no writer waits for it."""
        with Session(self.engine.execution_options(**_READING)) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def peek(url: str, look: Callable[[Session], T]) -> T | None:
    """Return what ``look`` sees; None if there is no such database, or it is away.

    For those who only look: nothing is made, and no table is brought up to date.
    """
    name = make_url(url).database if make_url(url).drivername == "sqlite" else None
    if name is not None and not Path(name).exists():
        return None
    engine = _engine(url)
    try:
        with Session(engine.execution_options(**_READING)) as session:
            return look(session)
    except DBAPIError:
        return None
    finally:
        engine.dispose()


def is_away(error: BaseException) -> bool:
    """Return whether the same may succeed later: it does not lie in what is written."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & _PRIMARY_CODE in _AWAY_SQLITE
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError)
    return str(state).startswith(_AWAY_POSTGRESQL)


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        options = {"connect_timeout": ANSWER_S}
        engine = create_engine(url, pool_pre_ping=True, connect_args=options)
        event.listen(engine, "connect", _set_up_server)
        return engine
    if name := make_url(url).database:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_server(connection: Any, _record: object) -> None:  # noqa: ANN401 - of any driver
    """Let nobody who was stopped amid a transaction hold its locks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{PAUSED_S}s'")
    connection.commit()


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Let readers and one writer work side by side, and keep what was committed."""
    connection.isolation_level = None  # the driver begins no transactions of its own
    _log_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _is_busy(error: BaseException) -> bool:
    if not isinstance(error, sqlite3.Error):
        return False
    return error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY


@retry(
    retry=retry_if_exception(_is_busy),
    wait=wait_random(max=0.1),
    stop=stop_after_delay(PATIENCE_S),
    reraise=True,
)
def _log_ahead(connection: sqlite3.Connection) -> None:
    """Change the journal: the one thing that SQLite itself never waits for."""
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Take the writer's lock first: two who read before they write would clash."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _upgrade(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:name)")
            connection.execute(lock, {"name": _UPGRADE_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
