"""Laws of an alarm's life, whatever happens in whatever order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.events import Acknowledge, Close, Escalate, Event, Refused, Shelve
from alerts.life import is_open, step
from alerts.model import RANK, UNATTENDED, Alarm, State, Step, StepKind
from alerts.timers import due_ms
from cep_patterns.pattern import Severity
from tests.alerts.alarms import HIGH, LATCHING, MEDIUM, POLICY, alarm, found, over

MATCHES = st.sampled_from("mnop")
ATTENDED = {StepKind.ACKNOWLEDGED, StepKind.SHELVED}
COMMANDS = [
    Acknowledge(by="nurse-7"),
    Shelve(by="nurse-7", reason="being turned", for_s=60),
    Close(by="nurse-7", reason="a loose lead"),
    Escalate(reason="undelivered"),
]
EVENTS: st.SearchStrategy[Event | None] = st.one_of(
    st.none(),
    st.builds(found, MATCHES, st.sampled_from(Severity)),
    st.builds(over, MATCHES, st.integers(0, 500)),
    st.sampled_from(COMMANDS),
)
LIVES = st.lists(st.tuples(st.integers(0, 40), EVENTS), max_size=25)
ALARMS = st.builds(
    alarm, st.sampled_from(Severity), st.sampled_from([POLICY, LATCHING])
)

Life = list[tuple[int, Event | None]]
Moment = tuple[int, Alarm, Alarm, list[Step]]


def _moments(alarm: Alarm, life: Life) -> list[Moment]:
    now_ms, moments = 0, []
    for pause_s, event in life:
        if not is_open(alarm):
            break
        now_ms += pause_s * 1000
        try:
            after, steps = step(alarm, event, now_ms)
        except Refused:
            after, steps = alarm, []
        moments.append((now_ms, alarm, after, steps))
        alarm = after
    return moments


@given(ALARMS, LIVES)
def test_what_is_due_is_done(alarm: Alarm, life: Life) -> None:
    for now_ms, _, after, _ in _moments(alarm, life):
        due = due_ms(after)
        assert due is None or due > now_ms
        assert step(after, None, now_ms) == (after, [])


@given(ALARMS, LIVES)
def test_steps_are_counted_without_gap(alarm: Alarm, life: Life) -> None:
    steps = [each for *_, said in _moments(alarm, life) for each in said]
    assert [each.number for each in steps] == list(range(1, len(steps) + 1))
    assert len({each.step_id for each in steps}) == len(steps)


@given(ALARMS, LIVES)
def test_high_is_never_lowered_below_medium(alarm: Alarm, life: Life) -> None:
    was_high = alarm.severity is HIGH
    for *_, after, _ in _moments(alarm, life):
        was_high = was_high or after.severity is HIGH
        assert not was_high or RANK[after.severity] >= RANK[MEDIUM]
        assert RANK[after.severity] <= RANK[after.peak]


@given(ALARMS, LIVES)
def test_an_alarm_lasts_while_its_condition_does(alarm: Alarm, life: Life) -> None:
    for *_, after, said in _moments(alarm, life):
        assert (after.over_ms is None) is bool(after.ongoing)
        if after.ongoing and not any(each.by for each in said):
            assert is_open(after)
            highest = max(after.ongoing, key=lambda each: RANK[each.severity])
            assert RANK[after.severity] >= RANK[highest.severity]


@given(ALARMS, LIVES)
def test_nobody_attends_to_more_than_he_was_told(alarm: Alarm, life: Life) -> None:
    for *_, after, _ in _moments(alarm, life):
        if after.state in {State.ACKNOWLEDGED, State.SHELVED}:
            assert RANK[after.severity] <= RANK[after.told]


@given(ALARMS, LIVES)
def test_every_change_of_state_or_severity_is_said(alarm: Alarm, life: Life) -> None:
    silent = {State.PENDING, State.PASSED}
    for _, before, after, steps in _moments(alarm, life):
        same = (before.state, before.severity) == (after.state, after.severity)
        assert same or steps or after.state in silent


@given(ALARMS, LIVES)
def test_a_latching_alarm_is_cleared_by_a_person_alone(
    alarm: Alarm, life: Life
) -> None:
    moments = _moments(replace(alarm, policy=LATCHING), life)
    steps = [each for *_, said in moments for each in said]
    kinds = {each.kind for each in steps}
    by = {each.by for each in steps if each.kind is StepKind.CLEARED}
    assert StepKind.CLEARED not in kinds or kinds & ATTENDED or by == {"nurse-7"}


@given(ALARMS, LIVES)
def test_an_unattended_alarm_that_lasts_always_has_somebody_told_next(
    alarm: Alarm, life: Life
) -> None:
    for *_, after, _ in _moments(alarm, life):
        if after.state in UNATTENDED:
            assert due_ms(after) is not None
