"""Each way a command's life can go, in the words that a person reads."""

import pytest

from digital_twin.shadow.life import CLOCK_S, TELEMETRY_S, step
from digital_twin.shadow.stages import Judged, Passed, Said, Stage, Told
from digital_twin.shadow.state import State
from tests.digital_twin.shadow.lives import (
    BEFORE,
    DEADLINE_MS,
    DESIRED,
    ISSUED_MS,
    NEEDED,
    issued,
    judged,
    said,
)
from tests.digital_twin.shadow.test_life_laws import STAGES, heard

APPLIED = [said(stage, 1.0) for stage in STAGES]
LATER = Told(ISSUED_MS + 60_000, DESIRED)


def test_the_whole_road() -> None:
    life = heard([*APPLIED, judged(), LATER])
    assert life.state is Stage.SETTLED
    assert life.times[Stage.VERIFIED] == ISSUED_MS + 40_000
    assert life.times[Stage.SETTLED] == life.ended_ms == LATER.at_ms


def test_a_status_with_something_else_does_not_settle_it() -> None:
    life = heard([*APPLIED, judged(), Told(LATER.at_ms, BEFORE)])
    assert life.state is Stage.VERIFIED


@pytest.mark.parametrize(
    ("reports", "why"),
    [
        ([], "no sign that it was delivered by its deadline"),
        (APPLIED[:1], "delivered, and not accepted by its deadline"),
        (APPLIED[:2], "accepted, and not applied by its deadline"),
    ],
)
def test_at_its_deadline_what_is_not_applied_expires(
    reports: list[Said], why: str
) -> None:
    assert not heard([*reports, Passed(DEADLINE_MS - 1)]).is_over
    life = heard([*reports, Passed(DEADLINE_MS)])
    assert (life.state, life.reason) == (Stage.EXPIRED, why)


def test_telemetry_that_never_comes_proves_nothing() -> None:
    window_s = NEEDED.settle_s + NEEDED.window_s
    end_ms = ISSUED_MS + 1000 + round(1000 * (window_s + TELEMETRY_S))
    assert not heard([*APPLIED, Passed(end_ms - 1)]).is_over
    life = heard([*APPLIED, Passed(end_ms)])
    assert life.state is Stage.FAILED_VERIFICATION
    assert life.reason == "it says applied, but no telemetry could show it in time"


def test_a_device_that_is_rejecting_says_why() -> None:
    refusal = Said(Stage.REJECTED, ISSUED_MS + 1000, BEFORE, reason="battery is low")
    life = heard([APPLIED[0], refusal])
    assert (life.state, life.reason) == (Stage.REJECTED, "the device: battery is low")
    applied = heard([*APPLIED, refusal])
    assert applied.state is Stage.APPLIED, "it has done it already: a report too many"


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State(2, DESIRED.settings), "it reports version 2, not 3"),
        (State(3, {"spo2_offset_pct": 3.0}), "spo2_offset_pct is 3.0, not 5.0"),
        (State(3, {}), "spo2_offset_pct is None, not 5.0"),
    ],
)
def test_what_is_not_what_was_wanted_is_modified(state: State, why: str) -> None:
    life = heard([said(Stage.APPLIED, state=state)])
    assert (life.state, life.reason) == (Stage.MODIFIED, why)


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (
            judged(met=False),
            f"it says applied, but {NEEDED.told(-5.0)}",
        ),
        (
            Judged(2_000_000, met=False, observed=None, readings=0),
            "it says applied, but nothing was heard of the device in its window",
        ),
        (
            Judged(2_000_000, False, None, 20, 0),  # noqa: FBT003 - a NamedTuple
            (
                "it says applied, but no other device of the patient was heard in its"
                " window"
            ),
        ),
        (
            Judged(2_000_000, False, 0.0, 9, 20),  # noqa: FBT003 - a NamedTuple
            "it says applied, but there were too few readings in its window",
        ),
    ],
)
def test_a_lie_is_told_in_numbers(verdict: Judged, why: str) -> None:
    life = heard([*APPLIED, verdict])
    assert (life.state, life.reason) == (Stage.FAILED_VERIFICATION, why)


def test_what_was_seen_stands_beside_what_was_wanted() -> None:
    told = "the mean spo2_pct less that of the patient's other devices is -5"
    assert NEEDED.told(-5.0) == f"{told}, wanted -2 to 2"


def test_a_clock_that_is_off_proves_nothing_either() -> None:
    """As much as lateness allows is no fault; what is on its way seems late."""
    off = [said(stage, 1.0, clock_s=-CLOCK_S - 0.1) for stage in STAGES]
    life = heard([*off, judged()])
    assert life.state is Stage.FAILED_VERIFICATION
    assert life.reason.startswith("its clock is 1.6 s behind the broker's")
    held_up = [*off[:2], said(Stage.APPLIED, 1.0, clock_s=-CLOCK_S)]
    assert heard([*held_up, judged()]).state is Stage.VERIFIED


def test_a_verdict_before_anything_was_applied_says_nothing() -> None:
    assert step(issued(), judged()) == issued()


def test_a_settled_device_that_drifts_is_noted_until_it_is_back() -> None:
    settled = heard([*APPLIED, judged(), LATER])
    drifted = step(settled, Told(LATER.at_ms + 1, BEFORE))
    again = step(drifted, Told(LATER.at_ms + 2, BEFORE))
    assert drifted.drifted_ms == again.drifted_ms == LATER.at_ms + 1
    assert drifted.state is Stage.SETTLED
    assert step(again, Told(LATER.at_ms + 3, DESIRED)).drifted_ms is None


def test_a_status_tells_what_a_lost_report_did_not() -> None:
    """The version is the command's own: nobody else could have brought it."""
    life = heard([APPLIED[0], Told(ISSUED_MS + 2000, DESIRED)])
    assert life.state is Stage.APPLIED
    assert life.remarks == ("applied, as its status said first",)
    assert heard([judged(), LATER], life).state is Stage.SETTLED
