"""Alarms on a tile: the last step counts, the loudest comes first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import State
from cep_patterns.pattern import Kind, Severity
from gateway.conditions import KEPT_PAST, Condition, Conditions

RAISED = Condition(
    alarm_id="a",
    pattern_name="desaturation",
    kind=Kind.CLINICAL,
    severity=Severity.MEDIUM,
    state=State.RAISED,
    step_number=1,
    level=0,
    started_ms=1000,
    ts_ms=2000,
    until_ms=None,
    by="",
)
LIFE = [
    RAISED,
    replace(RAISED, state=State.ESCALATED, step_number=2),
    replace(RAISED, state=State.ACKNOWLEDGED, step_number=3),
    replace(RAISED, state=State.CLEARED, step_number=4),
]


def told(*conditions: Condition) -> Conditions:
    all_of_them = Conditions()
    for each in conditions:
        all_of_them.take(each)
    return all_of_them


@given(st.lists(st.sampled_from(LIFE), min_size=1))
def test_the_last_step_counts_whatever_comes_when(steps: list[Condition]) -> None:
    last = max(steps, key=lambda step: step.step_number)
    known = told(*steps)
    assert known.ongoing() + known.past() == [last]


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        (State.RAISED, True),
        (State.ESCALATED, True),
        (State.LATCHED, True),
        (State.ACKNOWLEDGED, False),
        (State.SHELVED, False),
    ],
)
def test_an_alarm_asks_until_somebody_attends_to_it(
    state: State, *, asks: bool
) -> None:
    said = replace(RAISED, state=state).as_json()
    assert said["unattended"] is asks
    assert (said["loudness"] > 3) is asks


def test_unattended_before_attended_then_severity_then_age() -> None:
    low = replace(RAISED, alarm_id="low", severity=Severity.LOW)
    older = replace(low, alarm_id="older", started_ms=500)
    seen = replace(
        RAISED, alarm_id="seen", severity=Severity.HIGH, state=State.ACKNOWLEDGED
    )
    high = replace(RAISED, alarm_id="high", severity=Severity.HIGH)
    order = [each.alarm_id for each in told(low, seen, RAISED, high, older).ongoing()]
    assert order == ["high", "a", "older", "low", "seen"]


def test_what_is_over_is_remembered_but_not_for_ever() -> None:
    over = [
        replace(RAISED, alarm_id=f"{n:03}", state=State.CLEARED, ts_ms=n)
        for n in range(KEPT_PAST + 1)
    ]
    past = told(RAISED, *over).past()
    assert [each.ts_ms for each in past] == list(range(KEPT_PAST, 0, -1))
    assert told(RAISED, *over).ongoing() == [RAISED]


FORGED = replace(RAISED, state=State.CLEARED, step_number=2**31 - 1)
ESCALATED = replace(RAISED, state=State.ESCALATED, step_number=2)
OPEN = {RAISED.alarm_id: RAISED}


def test_a_forged_step_hides_an_alarm_until_the_database_is_asked_and_never_again() -> (
    None
):
    conditions = Conditions()
    conditions.know(RAISED, 1)
    conditions.take(FORGED, 2)
    assert conditions.ongoing() == []
    assert conditions.confirm(OPEN, 2)
    assert conditions.ongoing() == [RAISED]
    conditions.take(FORGED, 3)
    assert conditions.ongoing() == [RAISED]
    assert not conditions.confirm(OPEN, 3)
    conditions.confirm({ESCALATED.alarm_id: ESCALATED}, 4)
    assert conditions.ongoing() == [ESCALATED]


def test_what_was_told_after_the_database_was_asked_is_not_put_right_by_it() -> None:
    conditions = Conditions()
    conditions.know(RAISED, 1)
    conditions.take(ESCALATED, 3)
    assert not conditions.confirm(OPEN, 2)
    assert not conditions.confirm({}, 2)
    assert conditions.ongoing() == [ESCALATED]


def test_an_alarm_that_the_database_does_not_have_is_none() -> None:
    conditions = Conditions()
    conditions.take(RAISED, 1)
    assert conditions.confirm({}, 1)
    assert conditions.ongoing() == []
    assert not conditions


def test_what_is_over_by_both_is_remembered() -> None:
    conditions = Conditions()
    conditions.take(LIFE[-1], 1)
    assert not conditions.confirm({}, 1)
    assert conditions.past() == [LIFE[-1]]


def test_an_alarm_of_which_the_topic_says_nothing_is_known_from_the_database() -> None:
    conditions = Conditions()
    assert conditions.confirm(OPEN, 0)
    assert conditions.ongoing() == [RAISED]
    attended = replace(RAISED, state=State.ACKNOWLEDGED, step_number=2, by="nurse")
    conditions.take(attended, 1)
    same = replace(attended, by="", ts_ms=1)  # the database names nobody who shelved
    assert not conditions.confirm({attended.alarm_id: same}, 1)
    assert conditions.ongoing() == [attended]


def test_a_forged_severity_lasts_no_longer() -> None:
    conditions = Conditions()
    high = replace(RAISED, severity=Severity.HIGH)
    conditions.take(replace(high, severity=Severity.LOW), 1)
    conditions.take(high, 2)
    conditions.confirm({high.alarm_id: high}, 2)
    assert conditions.ongoing() == [high]
