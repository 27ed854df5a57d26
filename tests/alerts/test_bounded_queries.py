"""No question that is asked while alarms go out reads all that ever was."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from alerts.database import Database
from alerts.events import Acknowledge
from alerts.links import Links
from alerts.roster import Roster
from alerts.sms import note_status
from alerts.wiring import Wiring
from cep_patterns.pattern import Severity
from gateway.desk import Desk
from tests.alerts.hospital import alarm, hospital
from tests.alerts.post_office import LINKS, PostOffice
from tests.alerts.test_delivery import Hospital, Lost

READS_ALL = re.compile(r"SCAN (?!.*\b(one_open_alarm|local_message_sent)\b)")
"""The one holds what is open alone; of the other, the newest are read and no more."""

Asked = list[tuple[str, Any]]


@contextmanager
def asked(database: Database) -> Iterator[Asked]:
    """Note every statement, with what was given to it."""
    noted: Asked = []

    def note(*about: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        _connection, _cursor, statement, given, _context, many = about
        noted.append((statement, given[0] if many else given))

    event.listen(database.engine, "before_cursor_execute", note)
    yield noted
    event.remove(database.engine, "before_cursor_execute", note)


def plans(database: Database, statements: Asked) -> dict[str, list[str]]:
    """Return how SQLite finds what each statement asks for."""
    found = {}
    with database.engine.connect() as connection:
        for statement, given in statements:
            if statement.split()[0] in {"SELECT", "UPDATE", "DELETE"}:
                explained = f"EXPLAIN QUERY PLAN {statement}"
                rows = connection.exec_driver_sql(explained, given)
                found[statement] = [row[3] for row in rows]
    return found


@pytest.fixture
def ward(tmp_path: Path) -> Hospital:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    people = hospital(tmp_path)
    return Hospital(Wiring(database, Roster(people)))


def test_nothing_that_happens_to_a_notice_reads_whole_tables(ward: Hospital) -> None:
    with asked(ward.database) as statements:
        for severity in Severity:
            ward.folds(match_id=severity, severity=severity, patient_id=severity)
        ward.passes(130)
        ward.sends()
        ward.sends_by(Lost("day", "chief"))
        desk = Desk(ward.wiring, Links(LINKS.page_url, LINKS.key))
        for each in desk.open_alarms():
            desk.do(each.alarm_id, Acknowledge(by="nurse"))
            with ward.database.writing() as session:
                ward.ledger(session).find(each.alarm_id[:8])
        high = {"match_id": "high", "severity": "high", "patient_id": "high"}
        ward.folds(**high, phase="ended", ts_ms=ward.now[0])
        ward.passes(61)
        ward.sends()
        desk.messages(10)
        with ward.database.writing() as session:
            form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
            note_status(session, "nobody's", form, ward.effects)
    found = plans(ward.database, statements)
    assert len(found) > 20
    reading_all = {
        statement: plan
        for statement, plan in found.items()
        if any(READS_ALL.search(step) for step in plan)
    }
    assert reading_all == {}


def test_what_is_asked_of_a_link_reads_no_whole_table(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    office = PostOffice(database, hospital(tmp_path), Lost())
    office.happens(alarm(office.people))
    link = LINKS.acknowledgement(office.rows()[0])
    with asked(database) as statements, database.reading() as session:
        LINKS.behind(session, link.rsplit("/", 1)[1], office.now_ms())
    assert not any(
        READS_ALL.search(step)
        for plan in plans(database, statements).values()
        for step in plan
    )
