"""The database: its tables, its transactions, and what a user is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from alerts.database import PAUSED_S, Database, DatabaseError
from alerts.discharge import DischargeRow
from alerts.heartbeat import HeartbeatRow
from alerts.lease import LAPSE_S, LeaseRow
from alerts.notice_table import Notice
from alerts.tables import PositionRow


def _position(database: Database) -> int | None:
    with database.reading() as session:
        return session.scalar(select(PositionRow.next_offset))


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Notice.metadata) == []
        own = {each.__tablename__ for each in (HeartbeatRow, LeaseRow, DischargeRow)}
        assert own <= set(Notice.metadata.tables)


def test_a_database_is_opened_again_with_what_it_held(
    database: Database, database_url: str
) -> None:
    with database.writing() as session:
        session.add(PositionRow(topic="matches", number=0, next_offset=7))
    again = Database.open(database_url)
    assert _position(again) == 7
    again.close()


def test_many_open_a_new_database_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        for opened in threads.map(Database.open, [database_url] * 8):
            assert _position(opened) is None
            opened.close()


def test_what_fails_midway_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(PositionRow(topic="matches", number=0, next_offset=7))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert _position(database) is None


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as session:
        session.add(PositionRow(topic="matches", number=0, next_offset=7))
        session.flush()
        assert _position(database) is None


def test_writers_wait_for_each_other(database: Database) -> None:
    with database.writing() as session:
        session.add(PositionRow(topic="matches", number=0, next_offset=0))

    def count(_: int) -> None:
        with database.writing() as session:
            query = select(PositionRow).with_for_update()
            session.scalars(query).one().next_offset += 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(40)))
    assert _position(database) == 40


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nowhere/alarms.db",
        "postgresql+psycopg://vigil@127.0.0.1:1/alarms",
        "nonsense",
        "oracledb://x/y",
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_one_line(url: str) -> None:
    with pytest.raises(DatabaseError, match="VIGIL_ALERTS_DATABASE_URL") as told:
        Database.open(url)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_is_paused_amid_a_transaction_holds_no_lock_for_long(
    database: Database,
) -> None:
    """Else nobody could lead in its place."""
    with database.reading() as session:
        shown = session.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert shown == f"{PAUSED_S}s"
    assert PAUSED_S < LAPSE_S
