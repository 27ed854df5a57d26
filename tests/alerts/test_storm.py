"""Thousands of matches at once: none is forgotten, high comes first, nobody drowns."""

from itertools import islice
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from alerts.database import Database
from alerts.fold import fold
from alerts.holds import FLOOD, HIGH, TOO_MANY
from alerts.model import StepKind
from alerts.notice_table import LocalMessage, Notice, Sending
from alerts.roster import Roster
from alerts.tables import AlarmRow
from alerts.wiring import Wiring
from cep_patterns.pattern import Severity
from tests.alerts.hospital import NOON, hospital
from tests.alerts.matches import ongoing
from tests.alerts.test_delivery import Hospital

PATIENTS: Final = 20
DEVICES: Final = 10
PATTERNS: Final = ("apnoea", "tachypnoea", "new_fever", "desaturation", "sensor_off")
GRAVE: Final = "desaturation"
MOST: Final = 5
FLOODS: Final = f"flood: {{most: {MOST}, within_min: 10}}\ngroup_s: 0\nfallback"


def test_a_storm_loses_no_notice_and_floods_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in ("SMS", "MAILS"):
        monkeypatch.setenv(f"VIGIL_ALERTS_{way}_PER_S", "10000")
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    people = hospital(tmp_path, ("fallback", FLOODS))
    ward = Hospital(Wiring(database, Roster(people)))
    coming = (
        ongoing(
            f"{patient} {pattern} {device}",
            NOON.timestamp(),
            patient=f"icu-{patient}",
            pattern=pattern,
            severity=Severity.HIGH if pattern == GRAVE else Severity.MEDIUM,
        )
        for patient in range(PATIENTS)
        for pattern in PATTERNS
        for device in range(DEVICES)
    )
    while some := list(islice(coming, 100)):
        with database.writing() as session:
            fold(ward.ledger(session), some, ward.wiring.rules)
        ward.sends()
        ward.passes(1)
    alarms = PATIENTS * len(PATTERNS)
    raised = Notice.phase == StepKind.RAISED, Notice.patient_id.startswith("icu-")
    with database.reading() as session:
        told = select(func.count(Notice.alarm_id.distinct())).where(*raised)
        assert session.scalar(told) == alarms
        waited = select(Notice.sent_ms - Notice.created_ms).where(Notice.rank == HIGH)
        assert set(session.scalars(waited)) == {0}, "high never waits"
        held = select(Notice.why).where(*raised, Notice.sending == Sending.WAITING)
        assert set(session.scalars(held)) == {TOO_MANY}
        flood = select(AlarmRow).where(AlarmRow.pattern_name == FLOOD)
        assert len(session.scalars(flood).all()) == 1
        by_sms = LocalMessage.channel == "sms", LocalMessage.recipient == "day"
        sent = [*session.scalars(select(LocalMessage.subject).where(*by_sms))]
    is_high = [each.startswith("HIGH") for each in sent]
    assert is_high.count(True) == PATIENTS
    assert is_high.count(False) == MOST
    for _ in range(3):
        ward.passes(10 * 60)
        ward.sends()
    with database.reading() as session:
        left = select(Notice).where(*raised, Notice.sending != Sending.SENT)
        assert session.scalars(left).all() == [], "none is lost"
    database.close()
