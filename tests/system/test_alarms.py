"""Alarms on the real broker: whoever folds matches may die at any moment."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

import orjson
import psutil
import pytest
from sqlalchemy import func, select

from alerts.database import Database
from alerts.match import Match
from alerts.model import StepKind
from alerts.notice_table import Notice
from alerts.settings import AlertSettings
from alerts.tables import AlarmRow, MatchRow, StepRow
from producers.contract import ALARMS, MATCHES
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor
from stack.waiting import PATIENCE_S
from tests.alerts.matches import ended, ongoing
from tests.ward import Raw, Ward, eventually

pytestmark = pytest.mark.system

PATIENTS: Final = 300
PATTERNS: Final = ("tachypnoea", "desaturation")
LENGTH_S: Final = 9.0
KILLS: Final = 3


@pytest.fixture
def database(stack: Settings) -> Iterator[Database]:
    """Look at the alarms of the stack."""
    assert stack.state_dir
    opened = Database.open(AlertSettings().database_url)
    yield opened
    opened.close()


def _matches_of(prefix: str) -> list[Match]:
    """Return two devices' matches of each patient and pattern, one of them over."""
    now = time.time()
    said = []
    for number in range(PATIENTS):
        patient = f"{prefix}-{number:04d}"
        for pattern in PATTERNS:
            names = (f"{patient}-{pattern}-{device}" for device in range(2))
            one, two = (
                ongoing(name, now, patient=patient, pattern=pattern) for name in names
            )
            said += [one, two, ended(one, now + 1), two]
    return said


def _raw(match: Match) -> Raw:
    return match.patient_id, match.model_dump_json(exclude_none=True).encode()


def test_a_service_that_is_killed_loses_nothing_and_doubles_nothing(
    stack: Settings, database: Database
) -> None:
    ward = Ward(stack)
    supervisor = Supervisor(Paths(stack.state_dir))
    messages = _matches_of("crash")
    kill_at = {len(messages) * (i + 1) // (KILLS + 1) for i in range(KILLS)}
    producer = ward.producer()
    for number, match in enumerate(messages):
        key, value = _raw(match)
        producer.produce(MATCHES.name, value, key)
        if number in kill_at:
            producer.flush(PATIENCE_S)
            psutil.Process(supervisor.pid("alerts")).kill()
            eventually(lambda: _runs(supervisor), expected=True)
        time.sleep(LENGTH_S / len(messages))
    assert producer.flush(PATIENCE_S) == 0

    alarms = PATIENTS * len(PATTERNS)
    eventually(lambda: _matches(database), expected=2 * alarms)
    with database.reading() as session:
        of_test = AlarmRow.patient_id.startswith("crash-")
        assert session.scalar(select(func.count()).where(of_test)) == alarms
        raised = select(StepRow.alarm_id).where(StepRow.kind == StepKind.RAISED)
        steps = Counter(session.scalars(raised.join(AlarmRow).where(of_test)))
        assert set(steps.values()) == {1}
        told = select(Notice.alarm_id).where(
            Notice.patient_id.startswith("crash-"),
            Notice.phase == StepKind.RAISED,  # those first told are told again by now
        )
        notices = Counter(session.scalars(told))
        assert len(notices) == alarms
        assert len(set(notices.values())) == 1
        step_ids = set(
            session.scalars(select(StepRow.step_id).join(AlarmRow).where(of_test))
        )
    eventually(lambda: step_ids <= set(_told(ward)), expected=True)
    assert all(len(set(values)) == 1 for values in _told(ward).values())
    # Else they ask for people while other tests run.
    over = {each.match_id: ended(each, time.time()) for each in messages}
    ward.publish(map(_raw, over.values()), MATCHES)


def _runs(supervisor: Supervisor) -> bool:
    states = {each.name: each for each in supervisor.processes()}
    return states["alerts"].state == "running" and psutil.pid_exists(
        states["alerts"].pid
    )


def _matches(database: Database) -> int:
    with database.reading() as session:
        query = select(func.count()).where(MatchRow.match_id.startswith("crash-"))
        return session.scalar(query) or 0


def _told(ward: Ward) -> dict[str, list[bytes]]:
    """Return the messages of ``alarms`` by the step they tell."""
    told: dict[str, list[bytes]] = {}
    for record in ward.read(ALARMS):
        told.setdefault(orjson.loads(record.value)["step_id"], []).append(record.value)
    return told
