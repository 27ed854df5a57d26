"""Which notices a step causes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Policy, StepKind, Urgency
from alerts.notices import TELLING, NewNotice, notices_for, plan_of, with_people
from alerts.people import People
from cep_patterns.pattern import Severity
from tests.alerts.hospital import NOON, alarm, hospital, ms, step


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return hospital(tmp_path_factory.mktemp("people"))


def reaches(of: list[NewNotice]) -> set[tuple[str, str]]:
    return {(each.recipient, each.channel) for each in of}


def test_who_is_on_duty_is_told_by_the_channels_of_the_severity(people: People) -> None:
    high = alarm(people)
    assert reaches(notices_for(high, step(high), people)) == {
        ("day", "sms"),
        ("day", "email"),
    }
    low = alarm(people, severity=Severity.LOW)
    assert reaches(notices_for(low, step(low), people)) == {("day", "email")}


def test_who_has_no_channel_of_the_severity_is_replaced_by_the_fallback(
    people: People,
) -> None:
    medium = alarm(people, severity=Severity.MEDIUM)
    escalated = step(medium, StepKind.ESCALATED, level=1, number=2)
    assert reaches(notices_for(medium, escalated, people)) == {
        ("chief", "sms"),
        ("chief", "email"),
    }


def test_names_are_those_frozen_and_addresses_those_of_today(
    people: People, tmp_path: Path
) -> None:
    was = alarm(people)
    today = hospital(
        tmp_path,
        ("on_duty: [day]", "on_duty: [chief]"),
        ("rapid: [chief, ", "rapid: ["),
    )
    assert reaches(notices_for(was, step(was), today)) == {
        ("day", "sms"),
        ("day", "email"),
    }
    sms_only = hospital(tmp_path, ('0001", email: day@example.org', '0001"'))
    assert reaches(notices_for(was, step(was), sms_only)) == {("day", "sms")}


def test_a_shift_that_ends_ends_in_a_frozen_plan_too(people: People) -> None:
    was = alarm(people)
    later = step(was, StepKind.ESCALATED, NOON + timedelta(hours=8), number=2)
    assert ("night", "sms") in reaches(notices_for(was, later, people))


def test_those_who_were_told_hear_that_it_is_over(people: People) -> None:
    was = alarm(people)
    over = step(was, StepKind.CLEARED, number=3)
    told = [("mail", "email"), ("night", "sms")]
    assert reaches(notices_for(was, over, people, told)) == set(told)
    assert notices_for(was, over, people) == []


@pytest.mark.parametrize("kind", sorted(set(StepKind) - TELLING - {StepKind.CLEARED}))
def test_after_other_steps_nobody_is_told(people: People, kind: StepKind) -> None:
    was = alarm(people)
    assert notices_for(was, step(was, kind), people, [("day", "sms")]) == []


def test_quiet_hours_hold_a_notice_back_and_never_one_of_high(people: People) -> None:
    night = datetime(2026, 6, 1, 21, tzinfo=UTC)
    morning = datetime(2026, 6, 2, 4, tzinfo=UTC)
    medium = alarm(people, severity=Severity.MEDIUM)
    high = alarm(people)
    (held,) = notices_for(medium, step(medium, at=night), people)
    assert held.not_before_ms == ms(morning)
    assert {
        n.not_before_ms for n in notices_for(high, step(high, at=night), people)
    } == {ms(night)}


def test_what_is_more_urgent_ranks_higher_and_what_is_over_lowest(
    people: People,
) -> None:
    ranks = []
    for severity in Severity:
        was = alarm(people, severity=severity)
        ranks.append(notices_for(was, step(was), people)[0].rank)
        over = step(was, StepKind.CLEARED, number=2)
        assert notices_for(was, over, people, [("day", "sms")])[0].rank == 0
    assert ranks == [1, 2, 3]


@given(
    severity=st.sampled_from(Severity),
    patient=st.sampled_from(["icu-1", "elsewhere", ""]),
    what=st.tuples(
        st.sampled_from(sorted(TELLING)),
        st.timedeltas(timedelta(0), timedelta(days=8)),
        st.integers(0, 5),
    ),
)
def test_somebody_is_always_told_each_once_under_an_id_that_never_changes(
    people: People,
    severity: Severity,
    patient: str,
    what: tuple[StepKind, timedelta, int],
) -> None:
    was = alarm(people, patient_id=patient, severity=severity)
    kind, after, level = what
    at = NOON + after
    found = notices_for(was, step(was, kind, at, level=level), people)
    again = notices_for(was, step(was, kind, at, level=level, number=2), people)
    ids = {each.notice_id for each in found}
    assert found == notices_for(was, step(was, kind, at, level=level), people)
    assert len(ids) == len(found) > 0
    assert not ids & {each.notice_id for each in again}
    for each in found:
        assert people.address(each.recipient, each.channel)
        assert each.not_before_ms >= each.created_ms
        assert severity is not Severity.HIGH or each.not_before_ms == each.created_ms


def test_times_of_escalation_come_from_the_file_and_are_frozen(people: People) -> None:
    own = Urgency(
        delay_s=3,
        acknowledged_for_s=60,
        escalate_after_s=(),
        repeat_every_s=0,
        shelved_at_most_s=600,
    )
    policy = Policy(urgencies=dict.fromkeys(Severity, own), quiet_s=60)
    frozen = with_people(policy, people, "icu-1")
    high, low = frozen.urgencies[Severity.HIGH], frozen.urgencies[Severity.LOW]
    assert high == replace(own, escalate_after_s=(120,), repeat_every_s=300)
    assert low == own
    was = replace(alarm(), policy=frozen)
    assert plan_of(was, people) == people.plan("icu-1")
