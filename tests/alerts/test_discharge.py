"""Who went home leaves nothing open, and it is on record who said so, and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.discharge import Discharge, DischargeRow, discharge, discharged_since
from alerts.events import Refused
from alerts.model import State
from alerts.tables import AlarmRow
from cep_patterns.pattern import Severity
from gateway.desk import Desk
from tests.gateway import small_ward

HOME = Discharge(patient_id="patient-00001", by="nurse", reason="went home")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a database without alarms."""
    opened = small_ward.desk(tmp_path)
    yield opened
    opened.wiring.database.close()


def states(desk: Desk) -> dict[str, State]:
    with desk.wiring.database.reading() as session:
        return {row.patient_id: row.state for row in session.scalars(select(AlarmRow))}


def test_what_is_open_of_them_is_closed_in_the_name_of_who_said_so(desk: Desk) -> None:
    small_ward.found(desk, 1)
    small_ward.found(desk, 2)
    at_ms, closed = desk.discharge(HOME)
    assert closed == 1
    assert states(desk) == {
        "patient-00001": State.CLEARED,
        "patient-00002": State.RAISED,
    }
    assert small_ward.steps(desk)[-1] == ("cleared", "nurse", "went home")
    assert desk.discharged() == {"patient-00001": at_ms}


def test_what_nobody_was_told_of_yet_is_not_told_afterwards(desk: Desk) -> None:
    small_ward.found(desk, 1, Severity.LOW)
    assert states(desk) == {"patient-00001": State.PENDING}
    desk.discharge(HOME)
    assert states(desk) == {"patient-00001": State.PASSED}
    assert small_ward.steps(desk) == []


def test_who_has_nothing_open_went_home_too(desk: Desk) -> None:
    at_ms, closed = desk.discharge(HOME)
    assert closed == 0
    with desk.wiring.database.reading() as session:
        [row] = session.scalars(select(DischargeRow))
        assert (row.by, row.reason) == ("nurse", "went home")
        assert discharged_since(session, at_ms) == {"patient-00001": at_ms}
        assert discharged_since(session, at_ms + 1) == {}


def test_vigil_itself_does_not_go_home(desk: Desk) -> None:
    itself = Discharge(patient_id="vigil", by="nurse", reason="away with it")
    with desk.wiring.database.writing() as session:
        ledger = desk.wiring.ledger(session)
        with pytest.raises(Refused, match="is no patient"):
            discharge(ledger, itself)
