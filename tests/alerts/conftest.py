"""A clock that tests set, and databases of alarms: the same tests on both servers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from alerts import service
from alerts.database import Database
from tests.alerts.postgres import Postgres, postgres


@dataclass
class Clock:
    """A wall clock that a test sets."""

    now_ms: int = 1000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock by which the service goes."""
    clock = Clock()
    for name in ("now_ms", "ticks_ms"):
        monkeypatch.setattr(service, name, lambda: clock.now_ms)
    return clock


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Run a PostgreSQL."""
    with postgres() as server:
        yield server


@pytest.fixture
def empty_postgres(postgres_server: Postgres) -> Postgres:
    """Return the PostgreSQL, without what other tests have left in it."""
    _wipe(postgres_server.url)
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/alarms.db"
    server: Postgres = request.getfixturevalue("empty_postgres")
    return server.url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open an empty database."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


def _wipe(url: str) -> None:
    opened = Database.open(url)
    with opened.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    opened.close()
