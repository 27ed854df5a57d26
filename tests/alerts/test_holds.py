"""What holds a notice back: maintenance, a sensor that is off, quiet hours."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.database import Database
from alerts.holds import (
    ATTENDED,
    HIGH,
    Drop,
    Facts,
    Present,
    Send,
    Wait,
    verdict,
)
from alerts.model import OVER, Alarm, Ongoing, State, StepKind
from alerts.notice_table import Notice, Sending
from alerts.people import People
from alerts.ward_facts import escalation_held, inhibited
from cep_patterns.pattern import Kind, Severity
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from tests.alerts.hospital import NOON, alarm, hospital, ms
from tests.alerts.post_office import PostOffice, Provider

NOW_MS = ms(NOON)
WINDOW = (
    "maintenance: [{ward: icu, starts_at: 2026-06-01T11:00:00+02:00,"
    " ends_at: 2026-06-01T13:00:00+02:00, reason: pumps}]\nfallback"
)


def lasting(of: Alarm, *devices: str) -> Alarm:
    """Return an alarm that lasts because of matches on ``devices``."""
    matches = (
        Ongoing(match_id=d, severity=of.severity, device_id=d, started_ms=NOW_MS)
        for d in devices
    )
    return replace(of, ongoing=tuple(matches))


def sensor_off(people: People, *devices: str) -> Alarm:
    off = alarm(
        people,
        alarm_id="off",
        pattern_name="sensor_off",
        kind=Kind.TECHNICAL,
        severity=Severity.LOW,
    )
    return lasting(off, *devices)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return hospital(tmp_path)


@pytest.fixture
def office(tmp_path: Path, people: People) -> PostOffice:
    database = Database.open(f"sqlite:///{tmp_path}/alarms.db")
    return PostOffice(database, people, Provider())


def test_a_sensor_that_is_off_inhibits_what_it_alone_says(people: People) -> None:
    other = alarm(people, alarm_id="other")
    for own, off, expected in [
        (["d1"], ["d1"], True),
        (["d1"], ["d2"], False),
        (["d1", "d2"], ["d1"], False),
        (["d1", "d2"], ["d1", "d2", "d3"], True),
        (["d1"], [], False),
        ([], ["d1"], False),
    ]:
        around = [lasting(other, *own), sensor_off(people, *off)]
        assert inhibited("other", around) is expected, (own, off)
        assert not inhibited("off", around)


def test_an_inhibited_notice_goes_out_when_the_sensor_is_back(
    office: PostOffice,
) -> None:
    medium = alarm(office.people, severity=Severity.MEDIUM)
    off = sensor_off(office.people, "d1")
    office.has(off)
    office.happens(lasting(medium, "d1"))
    sender = office.sender()
    assert sender.send_due() == 0
    assert office.rows()[0].why == "the sensor is off"
    office.has(replace(off, ongoing=()), is_open=False)
    office.later(5)
    assert sender.send_due() == 1


def test_what_is_over_before_the_sensor_is_back_is_told_to_nobody(
    office: PostOffice,
) -> None:
    medium = lasting(alarm(office.people, severity=Severity.MEDIUM), "d1")
    office.has(sensor_off(office.people, "d1"))
    office.happens(medium)
    sender = office.sender()
    sender.send_due()
    office.later(5)
    office.happens(medium, StepKind.CLEARED, number=2)
    assert [sender.send_due(), sender.send_due()] == [0, 0]
    assert office.became() == [Sending.DROPPED, Sending.DROPPED]


def test_a_high_alarm_is_told_whatever_sensor_is_off(office: PostOffice) -> None:
    office.has(sensor_off(office.people, "d1"))
    office.happens(lasting(alarm(office.people), "d1"))
    assert office.sender().send_due() == 1


def test_maintenance_holds_notices_until_its_end_and_escalation_with_them(
    tmp_path: Path, office: PostOffice
) -> None:
    office.people = hospital(tmp_path, ("fallback", WINDOW))
    medium = alarm(office.people, severity=Severity.MEDIUM)
    high = alarm(office.people, alarm_id="high", pattern_name="apnoea")
    office.happens(medium)
    office.happens(high)
    sender = office.sender()
    assert sender.send_due() == 1, "high is told all the same"
    assert escalation_held(medium, office.people, office.now_ms())
    assert not escalation_held(high, office.people, office.now_ms())
    office.later(3599.999)
    assert sender.send_due() == 0
    assert escalation_held(medium, office.people, office.now_ms())
    office.later(0.001)
    assert sender.send_due() == 1
    assert not escalation_held(medium, office.people, office.now_ms())


def test_maintenance_may_hold_high_where_it_says_so(
    tmp_path: Path, office: PostOffice
) -> None:
    window = WINDOW.replace("reason", "also_high: true, reason")
    office.people = hospital(tmp_path, ("fallback", window))
    high = alarm(office.people)
    office.happens(high)
    assert escalation_held(high, office.people, office.now_ms())
    sender = office.sender()
    assert sender.send_due() == 0
    office.later(3600)
    assert sender.send_due() == 1


def test_maintenance_of_another_ward_holds_nothing(tmp_path: Path) -> None:
    elsewhere = WINDOW.replace("ward: icu", "ward: other")
    people = hospital(tmp_path, ("fallback", elsewhere))
    assert not escalation_held(alarm(people), people, NOW_MS)


def test_what_quiet_hours_held_is_told_in_the_morning_if_it_lasts(
    office: PostOffice,
) -> None:
    office.now = NOON + timedelta(hours=11)
    over, lasts = (
        alarm(office.people, alarm_id=name, pattern_name=name, severity=Severity.MEDIUM)
        for name in ("tachypnoea", "apnoea")
    )
    office.happens(over)
    office.happens(lasts)
    office.happens(over, StepKind.CLEARED, number=2)
    sender = office.sender()
    assert sender.send_due() == 0
    office.later(7 * 3600)
    assert [sender.send_due(), sender.send_due()] == [1, 0]
    assert office.became() == [Sending.DROPPED, Sending.SENT, Sending.DROPPED]


TIMES = st.none() | st.integers(NOW_MS - 10, NOW_MS + 10)


@given(
    phase=st.sampled_from([StepKind.RAISED, StepKind.ESCALATED, StepKind.CLEARED]),
    rank=st.integers(0, HIGH),
    facts=st.builds(
        Facts,
        present=st.builds(
            lambda state, severity: Present(state, severity, state not in OVER),
            st.sampled_from(State),
            st.sampled_from(Severity),
        ),
        missed=st.booleans(),
        told_before=st.booleans(),
        told_later=st.just(value=False),
        sensor_off=st.booleans(),
        window_ends_ms=st.none(),
        grouped_until_ms=TIMES,
        flooded_until_ms=TIMES,
    ),
)
def test_without_maintenance_high_is_sent_while_true_and_nothing_waits_for_the_past(
    phase: StepKind, rank: int, facts: Facts
) -> None:
    rank = 0 if phase is StepKind.CLEARED else max(1, rank)
    notice = Notice(phase=phase, rank=rank, pattern_name="apnoea")
    found, now = verdict(notice, facts, NOW_MS), facts.present
    assert now is not None
    untrue = not now.is_open or now.state in ATTENDED
    if rank == HIGH:
        assert isinstance(found, Drop if untrue else Send)
    if isinstance(found, Wait):
        assert found.until_ms > NOW_MS
    if phase is not StepKind.CLEARED:
        assert isinstance(found, Drop) is untrue


def test_the_synthetic_patients_notice_goes_also_if_it_is_over() -> None:
    of_them = {"phase": StepKind.RAISED, "rank": HIGH, "pattern_name": "pulse_loss"}
    over = Facts(present=Present(State.CLEARED, Severity.HIGH, is_open=False))
    synthetic = Notice(**of_them, patient_id=SYNTHETIC_PATIENT_ID)
    assert verdict(synthetic, over, NOW_MS) == Send()
    assert isinstance(verdict(Notice(**of_them), over, NOW_MS), Drop)


def test_a_later_step_that_was_told_makes_an_earlier_one_needless() -> None:
    for rank in range(HIGH + 1):
        notice = Notice(phase=StepKind.RAISED, rank=rank, pattern_name="apnoea")
        assert isinstance(verdict(notice, Facts(told_later=True), NOW_MS), Drop)
