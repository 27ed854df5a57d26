"""Faults and plans as data, and which device has which."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.devices import ailing
from digital_twin.devices.ailing import SOUND, State, effects
from digital_twin.devices.faults import (
    CLOCK_JUMP,
    DAY_S,
    FAULTS,
    NEGLECTED_CALIBRATION,
    QUANTITIES,
    SIGNED,
    WEAK_CELL,
    Fault,
)
from digital_twin.devices.plans import PLANS, Plan

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)


def one(fault: Fault, gravity: float = 1.0, sign: float = 1.0) -> State:
    """Return one device whose fault begins at 100 s and fails as late as it may."""
    fails_s = 100.0 + fault.lasts_s[1]
    return State(
        kind=np.array([FAULTS.index(fault)]),
        onset_s=np.array([100.0]),
        fails_s=np.array([fails_s]),
        ends_s=np.array([fails_s + fault.repaired_s[1]]),
        gravity=np.array([gravity]),
        sign=np.array([sign]),
    )


def played(plan: Plan, days: int = 100, n: int = 200, seed: int = 1) -> list[State]:
    """Return the devices of each day, in which each that is due is due on day 5."""
    rng = np.random.default_rng(seed)
    state, course = ailing.initial(n), []
    for day in range(days):
        due = np.full(n, day == 5)
        state, _, _ = ailing.step(
            state, start_s=day * DAY_S, dt_s=DAY_S, due=due, plan=plan, rng=rng
        )
        course.append(state)
    return course


@every_fault
def test_a_fault_says_who_says_so_and_moves_what_there_is(fault: Fault) -> None:
    assert fault.source
    assert fault.fails
    assert set(fault.effects) <= set(QUANTITIES)
    for low, high in (fault.lasts_s, fault.repaired_s):
        assert 0 <= low <= high


@every_fault
def test_it_grows_from_nothing_to_all_at_the_failure_and_is_repaired(
    fault: Fault,
) -> None:
    state = one(fault)
    name = next(iter(fault.effects))
    fails_s, ends_s = float(state.fails_s[0]), float(state.ends_s[0])
    assert effects(state, 99.9)[name][0] == 0
    assert effects(state, fails_s)[name][0] == pytest.approx(fault.effects[name][1])
    assert effects(state, ends_s - 0.1)[name][0] == pytest.approx(
        fault.effects[name][1]
    )
    assert effects(state, ends_s)[name][0] == 0
    if fault.lasts_s[1]:
        half = effects(state, (100.0 + fails_s) / 2)[name][0]
        assert 0 < half < fault.effects[name][1]


@given(st.floats(0, 1), st.floats(0, 40 * DAY_S), st.floats(0, DAY_S))
def test_a_fault_never_gets_better_before_it_is_repaired(
    gravity: float, at_s: float, later_s: float
) -> None:
    state = replace(one(WEAK_CELL, gravity), ends_s=np.array([np.inf]))
    now, later = (effects(state, t)["drain_share"][0] for t in (at_s, at_s + later_s))
    assert now <= later + 1e-12


def test_only_what_can_go_either_way_has_a_sign() -> None:
    ahead, behind = one(CLOCK_JUMP), one(CLOCK_JUMP, sign=-1.0)
    assert effects(behind, 200.0)["clock_error_s"] < 0
    assert effects(ahead, 200.0)["clock_error_s"] > 0
    weak = effects(one(WEAK_CELL, sign=-1.0), 20 * DAY_S)
    assert weak["drain_share"] > 0
    assert set(SIGNED) < set(QUANTITIES)


def test_a_healthy_plan_lets_nothing_fail() -> None:
    assert all((state.kind == SOUND).all() for state in played(PLANS["healthy"]))


def test_faults_come_as_often_as_planned() -> None:
    plan = Plan(doc="", per_year={CLOCK_JUMP: 3.65})
    course = played(plan, days=100, n=2000)
    onsets = sum(
        int(((now.onset_s != before.onset_s) & (now.kind != SOUND)).sum())
        for before, now in pairwise(course)
    )
    assert onsets == pytest.approx(2000, rel=0.15)


def test_a_calibration_is_forgotten_only_when_it_is_due() -> None:
    course = played(Plan(doc="", forgotten=0.3), n=1000)
    assert all((state.kind == SOUND).all() for state in course[:5])
    neglected = course[5].kind == FAULTS.index(NEGLECTED_CALIBRATION)
    assert neglected.mean() == pytest.approx(0.3, abs=0.05)


def test_neglect_is_no_fault_by_chance() -> None:
    with pytest.raises(ValueError, match="forgotten"):
        Plan(doc="", per_year={NEGLECTED_CALIBRATION: 1.0})


def test_hurry_shortens_faults() -> None:
    slow = played(PLANS["wear"])[-1]
    fast = played(replace(PLANS["wear"], hurry=10.0))[-1]
    lasts = [
        (s.ends_s - s.onset_s)[s.kind != SOUND].max(initial=0.0) for s in (slow, fast)
    ]
    assert lasts[1] < lasts[0] / 4
