"""An alarm's life, one promise a test."""

from dataclasses import replace

import pytest

from alerts.events import Acknowledge, Close, Escalate, Event, Found, Refused, Shelve
from alerts.model import RANK, State, StepKind
from alerts.timers import due_ms
from tests.alerts.alarms import (
    HIGH,
    LATCHING,
    LOW,
    MEDIUM,
    POLICY,
    URGENCY,
    alarm,
    found,
    live,
    ongoing,
    over,
    told,
)

ACK = Acknowledge(by="nurse-7", reason="on my way")
SHELVE = Shelve(by="nurse-7", reason="being turned", for_s=60)


@pytest.mark.parametrize(("at", "state"), [(4.999, State.PENDING), (5, State.RAISED)])
def test_it_is_raised_when_the_generation_delay_is_over(
    at: float, state: State
) -> None:
    assert live(alarm(), (at, None))[0].state is state


@pytest.mark.parametrize(("end", "state"), [(4.999, State.PASSED), (5, State.RAISED)])
def test_what_was_over_before_the_delay_was_is_no_alarm(
    end: float, state: State
) -> None:
    after, steps = live(alarm(), (6, over("m", end)))
    assert after.state is state
    assert bool(steps) is (state is State.RAISED)


def test_a_graver_match_shortens_the_delay() -> None:
    urgencies = {**POLICY.urgencies, HIGH: replace(URGENCY, delay_s=1)}
    policy = replace(POLICY, urgencies=urgencies)
    after, _ = live(alarm(LOW, policy), (2, found("n", HIGH)))
    assert after.state is State.RAISED


def test_further_matches_say_nothing_new() -> None:
    _, steps = live(alarm(), (5, None), (6, found("n")), (7, found("o", LOW)))
    assert told(steps) == [(5, StepKind.RAISED)]


def test_it_lasts_until_the_last_match_is_over_and_quiet_followed() -> None:
    events: list[tuple[float, Event | None]] = [
        (6, found("n")),
        (7, over("m", 7)),
        (8, over("n", 8)),
    ]
    assert live(alarm(), *events, (17.999, None))[0].state is State.RAISED
    after, steps = live(alarm(), *events, (18, None))
    assert after.state is State.CLEARED
    assert told(steps)[-1] == (18, StepKind.CLEARED)


def test_a_condition_that_comes_back_before_the_quiet_time_is_the_same_alarm() -> None:
    events = ((6, ACK), (7, over("m", 7)), (16.999, found("n")), (60, None))
    after, steps = live(alarm(), *events)
    assert after.state is State.ACKNOWLEDGED
    assert told(steps) == [(6, StepKind.RAISED), (6, StepKind.ACKNOWLEDGED)]


def test_the_end_of_an_unknown_match_says_nothing() -> None:
    before = live(alarm(), (5, None))[0]
    assert live(before, (6, over("another", 6)), (6, over("another", 6))) == (
        before,
        [],
    )


def test_the_same_match_twice_is_one() -> None:
    twice = live(alarm(), (6, found("n")), (6, found("n")), (7, over("n", 7)))[0]
    assert [each.match_id for each in twice.ongoing] == ["m"]


def test_a_devices_next_run_ends_the_one_whose_end_was_never_said() -> None:
    later = replace(ongoing("n", started=9), device_id="of-m")
    after, _ = live(alarm(), (9, Found(match=later)), (10, over("n", 10)))
    assert after.ongoing == ()


def test_a_devices_older_run_does_not_last_beside_a_newer_one() -> None:
    older = replace(ongoing("n", started=-9), device_id="of-m")
    after, _ = live(alarm(), (9, Found(match=older)))
    assert [each.match_id for each in after.ongoing] == ["m"]


def test_it_escalates_level_by_level_and_then_reminds() -> None:
    _, steps = live(
        alarm(), *((at, None) for at in (5, 24.999, 25, 54.999, 55, 85, 115))
    )
    assert told(steps) == [
        (5, StepKind.RAISED),
        (25, StepKind.ESCALATED),
        (55, StepKind.ESCALATED),
        (85, StepKind.REPEATED),
        (115, StepKind.REPEATED),
    ]
    assert [each.level for each in steps] == [0, 1, 2, 2, 2]


def test_after_a_long_sleep_every_level_is_told_and_one_reminder_is_due() -> None:
    _, steps = live(alarm(), (5, None), (3600, None))
    kinds = [kind for _, kind in told(steps)]
    assert kinds == [StepKind.RAISED, StepKind.ESCALATED, StepKind.ESCALATED]


@pytest.mark.parametrize(("at", "levels"), [(99.999, 0), (100, 2)])
def test_escalation_that_is_held_goes_on_afterwards(at: float, levels: int) -> None:
    held = replace(live(alarm(), (5, None))[0], held_until_ms=100_000)
    assert live(held, (at, None))[0].level == levels


def test_an_acknowledgement_stops_escalation_until_it_lapses() -> None:
    events = ((6, ACK), (105.999, None))
    assert live(alarm(), *events)[0].state is State.ACKNOWLEDGED
    after, steps = live(alarm(), *events, (106, None), (126, None))
    assert told(steps)[2:] == [(106, StepKind.LAPSED), (126, StepKind.ESCALATED)]
    assert after.level == 1


def test_a_second_acknowledgement_counts_from_its_own_time() -> None:
    after, steps = live(alarm(), (6, ACK), (100, ACK), (199.999, None))
    assert after.state is State.ACKNOWLEDGED
    assert [each.by for each in steps] == ["", "nurse-7", "nurse-7"]


def test_an_acknowledged_alarm_does_not_lapse_once_the_condition_is_over() -> None:
    _, steps = live(alarm(), (6, ACK), (105, over("m", 105)), (120, None))
    assert told(steps)[-1] == (120, StepKind.CLEARED)
    assert StepKind.LAPSED not in {each.kind for each in steps}


def test_nothing_escalates_in_the_quiet_time() -> None:
    after, _ = live(alarm(), (5, None), (20, over("m", 20)), (29.999, None))
    assert (after.state, after.level) == (State.RAISED, 0)
    assert live(after, (29.999, found("n")))[0].level == 1


def test_who_cannot_be_reached_is_not_waited_for() -> None:
    lost = Escalate(reason="SMS undelivered")
    after, steps = live(alarm(), (5, None), (6, lost), (7, lost), (8, lost))
    assert told(steps)[1:] == [
        (6, StepKind.ESCALATED),
        (7, StepKind.ESCALATED),
        (8, StepKind.UNREACHED),
    ]
    assert {each.reason for each in steps[1:]} == {"SMS undelivered"}
    assert live(after, (9, ACK), (10, lost))[0].state is State.ACKNOWLEDGED


def test_whoever_closes_an_alarm_is_on_record_and_the_next_match_is_another() -> None:
    over_now = Close(by="nurse-7", reason="the job was started afresh")
    after, steps = live(alarm(), (6, ACK), (7, over_now))
    assert (after.state, steps[-1].by) == (State.CLEARED, "nurse-7")
    assert steps[-1].reason == "the job was started afresh"
    with pytest.raises(Refused, match="cleared already"):
        live(after, (8, over_now))
    with pytest.raises(Refused, match="not raised yet"):
        live(alarm(), (1, over_now))


def test_a_shelved_alarm_is_silent_until_its_time_is_over() -> None:
    events = ((6, SHELVE), (65.999, None))
    after, steps = live(alarm(), *events)
    assert (after.state, steps[-1].by) == (State.SHELVED, "nurse-7")
    assert steps[-1].reason == "being turned"
    _, steps = live(alarm(), *events, (66, None), (86, None))
    assert told(steps)[2:] == [(66, StepKind.UNSHELVED), (86, StepKind.ESCALATED)]


def test_what_is_over_when_its_shelving_ends_is_cleared() -> None:
    events = ((6, SHELVE), (7, over("m", 7)), (30, found("n")), (31, over("n", 31)))
    assert live(alarm(), *events, (60, None))[0].state is State.SHELVED
    assert live(alarm(), *events, (66, None))[0].state is State.CLEARED


@pytest.mark.parametrize(
    ("for_s", "fine"), [(0, False), (1, True), (200, True), (201, False)]
)
def test_shelving_has_an_end_that_the_severity_allows(for_s: int, fine: bool) -> None:  # noqa: FBT001 - a case
    before = live(alarm(), (5, None))[0]
    shelve = replace(SHELVE, for_s=for_s)
    if fine:
        assert live(before, (6, shelve))[0].state is State.SHELVED
    else:
        with pytest.raises(Refused, match="3 minutes at most"):
            live(before, (6, shelve))


def test_a_latching_alarm_waits_for_somebody_and_escalates_meanwhile() -> None:
    latched = ((6, over("m", 6)), (16, None), (26, None))
    after, steps = live(alarm(policy=LATCHING), *latched)
    assert told(steps)[1:] == [(16, StepKind.LATCHED), (26, StepKind.ESCALATED)]
    assert (after.state, after.level) == (State.LATCHED, 1)
    after, steps = live(after, (30, ACK))
    assert told(steps) == [(30, StepKind.ACKNOWLEDGED), (30, StepKind.CLEARED)]
    assert after.state is State.CLEARED


def test_a_latching_alarm_that_was_acknowledged_clears_by_itself() -> None:
    after, _ = live(alarm(policy=LATCHING), (6, ACK), (7, over("m", 7)), (17, None))
    assert after.state is State.CLEARED


def test_a_latched_alarm_whose_condition_returns_is_the_same_alarm() -> None:
    events = ((6, over("m", 6)), (16, None), (26, None), (27, found("n")))
    after, steps = live(alarm(policy=LATCHING), *events)
    assert told(steps)[-1] == (27, StepKind.RETURNED)
    assert (after.state, after.level) == (State.ESCALATED, 1)


def test_what_was_high_is_never_less_than_medium() -> None:
    after, steps = live(alarm(LOW), (6, found("n", HIGH)), (7, over("n", 7)))
    assert after.severity is MEDIUM
    assert told(steps)[1:] == [(6, StepKind.WORSENED), (7, StepKind.CHANGED)]


def test_what_was_medium_may_become_low() -> None:
    after, _ = live(alarm(LOW), (6, found("n", MEDIUM)), (7, over("n", 7)))
    assert after.severity is LOW


@pytest.mark.parametrize("attended", [ACK, SHELVE])
def test_a_graver_match_wakes_an_alarm_that_somebody_attends_to(
    attended: Event,
) -> None:
    after, steps = live(alarm(), (6, attended), (7, found("n", HIGH)), (27, None))
    assert told(steps)[2:] == [(7, StepKind.WORSENED), (27, StepKind.ESCALATED)]
    assert (after.shelved_until_ms, after.acknowledged_until_ms) == (None, None)


def test_a_severity_that_blinks_wakes_nobody_twice() -> None:
    blink = ((8, over("n", 8)), (9, found("o", HIGH)))
    _, steps = live(alarm(), (6, found("n", HIGH)), *blink)
    kinds = [kind for _, kind in told(steps)]
    assert kinds == [
        StepKind.RAISED,
        StepKind.WORSENED,
        StepKind.CHANGED,
        StepKind.CHANGED,
    ]
    after, _ = live(alarm(), (6, found("n", HIGH)), (7, ACK), *blink)
    assert after.state is State.ACKNOWLEDGED


def test_what_became_grave_before_it_was_raised_is_told_as_grave() -> None:
    events = ((1, found("n", HIGH)), (5, None), (6, over("n", 6)))
    _, steps = live(alarm(LOW), *events)
    assert told(steps) == [(5, StepKind.RAISED), (6, StepKind.CHANGED)]


def test_after_an_acknowledgement_lapsed_a_graver_match_is_told_again() -> None:
    events = ((6, found("n", HIGH)), (7, ACK), (8, over("n", 8)), (107, None))
    _, steps = live(alarm(), *events, (108, found("o", HIGH)))
    assert told(steps)[-2:] == [(107, StepKind.LAPSED), (108, StepKind.WORSENED)]


def test_acknowledging_a_medium_alarm_does_not_acknowledge_a_high_one() -> None:
    events = ((6, found("n", HIGH)), (7, over("n", 7)), (8, ACK), (9, found("o", HIGH)))
    after, steps = live(alarm(), *events)
    assert steps[-1].kind is StepKind.WORSENED
    assert after.state is State.RAISED


@pytest.mark.parametrize("command", [ACK, SHELVE])
def test_nobody_acknowledges_what_is_not_there(command: Event) -> None:
    with pytest.raises(Refused, match="not raised yet"):
        live(alarm(), (1, command))
    cleared = live(alarm(), (5, None), (6, over("m", 6)), (16, None))[0]
    with pytest.raises(Refused, match="is cleared already"):
        live(cleared, (17, command))


def test_history_has_no_timers() -> None:
    cleared = live(alarm(), (5, None), (6, over("m", 6)), (16, None))[0]
    assert due_ms(cleared) is None
    assert due_ms(live(alarm(), (1, over("m", 1)))[0]) is None


def test_a_backlog_is_raised_even_if_it_is_over_by_now() -> None:
    _, steps = live(alarm(), (5000, over("m", 300)))
    assert told(steps) == [(5000, StepKind.RAISED), (5000, StepKind.CLEARED)]


def test_every_severity_is_ranked() -> None:
    assert sorted(RANK, key=RANK.__getitem__) == [LOW, MEDIUM, HIGH]
