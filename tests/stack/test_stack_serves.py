"""What `make status` says of services that are judged by what they write down."""

import time
from pathlib import Path

import pytest

from alerts.database import Database
from alerts.heartbeat import ALERTS, STALE_MS, Heartbeat, beat
from stack.health import alarms_url, serves
from stack.paths import Paths
from stack.settings import FILES, Settings


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/alarms.db"


def _beats(url: str, age_ms: int) -> None:
    database = Database.open(url)
    at_ms = time.time_ns() // 1_000_000 - age_ms
    with database.writing() as session:
        beat(session, Heartbeat(service=ALERTS, at_ms=at_ms))
    database.close()


@pytest.mark.parametrize(("age_ms", "up"), [(0, True), (STALE_MS + 1, False)])
def test_alarms_are_served_as_long_as_their_heartbeat_is_new(
    url: str, age_ms: int, *, up: bool
) -> None:
    _beats(url, age_ms)
    assert serves(url, ALERTS) is up


def test_where_nobody_ever_served_alarms_nobody_does(url: str, tmp_path: Path) -> None:
    assert not serves(url, ALERTS)
    assert list(tmp_path.iterdir()) == []
    Database.open(url).close()
    assert not serves(url, ALERTS)


def test_a_database_that_is_away_serves_nothing() -> None:
    assert not serves("postgresql+psycopg://vigil@127.0.0.1:1/alarms", ALERTS)


def test_the_database_is_the_one_that_was_named_when_the_stack_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for whoever asks from somewhere else, without that name."""
    monkeypatch.delenv("VIGIL_ALERTS_DATABASE_URL", raising=False)
    settings = Settings.load({"VIGIL_STATE_DIR": str(tmp_path)}, FILES[:1])
    assert alarms_url(settings) == f"sqlite:///{tmp_path}/data/alarms.db"
    given = Paths(settings.state_dir).given
    given.parent.mkdir(parents=True)
    given.write_text("VIGIL_ALERTS_DATABASE_URL=postgresql://elsewhere/alarms\n")
    assert alarms_url(settings) == "postgresql://elsewhere/alarms"
