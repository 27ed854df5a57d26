"""The twin tells good fixes from bad ones, before a device gets them."""

import itertools

import numpy as np
import pytest

from digital_twin.shadow.bedside import Sensor, patient
from digital_twin.shadow.command import FIXES, Wish
from digital_twin.shadow.expectation import Seen, measured, noise
from digital_twin.shadow.monitor import AS_MADE
from digital_twin.shadow.state import State
from digital_twin.shadow.trial import Situation, tried

FIX = {fix.action: fix for fix in FIXES}


def wish(action: str, value: float | str | None) -> Wish:
    fix = FIX[action]
    return Wish(
        command_id="c",
        device_id="d",
        action=action,
        changes=fix.changes(value),
        expectation=fix.expects(value),
    )


def apart(by_pct: float, offset_pct: float = 0.0) -> Situation:
    settings = {**AS_MADE.settings, "spo2_offset_pct": offset_pct}
    return Situation(
        state=State(4, settings), mean_spo2_pct=96.0 + by_pct, other_spo2_pct=96.0
    )


@pytest.mark.parametrize("by_pct", [-6.0, -3.0, 3.0])
def test_the_offset_that_is_missing_is_right_and_its_opposite_is_wrong(
    by_pct: float,
) -> None:
    assert not tried(wish("recalibrate", -by_pct), apart(by_pct)).refusal
    wrong = tried(wish("recalibrate", by_pct), apart(by_pct))
    assert "wanted -2 to 2" in wrong.refusal


def test_an_offset_that_is_there_already_belongs_to_its_error() -> None:
    """It reads 1 % too little with 4 % added: its sensor is wrong by 5 %."""
    outcome = tried(wish("recalibrate", 5.0), apart(-1.0, offset_pct=4.0))
    assert outcome.value == pytest.approx(0.0, abs=0.3)


def test_the_same_trial_has_the_same_outcome() -> None:
    first, again = (tried(wish("average", 10.0), apart(0.0)) for _ in range(2))
    assert first == again


def test_without_a_reference_there_is_nothing_to_compare() -> None:
    outcome = tried(wish("recalibrate", 5.0), Situation(state=AS_MADE))
    assert "no other device" in outcome.refusal
    assert not tried(wish("restart", None), Situation(state=AS_MADE)).refusal


def test_every_fix_says_what_must_be_seen() -> None:
    assert len(FIX) == len(FIXES)
    for fix in FIXES:
        assert fix.doc
        assert fix.expectation.lowest <= fix.expectation.highest
        assert fix.expectation.window_s % 5 == 0, "the job counts whole slots"


def test_two_sensors_see_one_patient() -> None:
    good, wrong = (Sensor(r, e) for r, e in zip(_rngs(), (0.0, -5.0), strict=True))
    settings = AS_MADE.settings
    body = itertools.islice(patient(3), 120)
    pairs = [(good.reading(t, settings), wrong.reading(t, settings)) for t in body]
    spo2 = np.array([(a["spo2_pct"], b["spo2_pct"]) for a, b in pairs])
    assert spo2[:, 1].mean() - spo2[:, 0].mean() == pytest.approx(-5.0, abs=0.2)
    assert spo2.max() <= 100
    assert np.array_equal(spo2, spo2.round())


def _rngs() -> list[np.random.Generator]:
    return np.random.default_rng(1).spawn(2)


def test_averaging_makes_steady() -> None:
    slow = {**AS_MADE.settings, "averaging_s": 10.0}
    body = list(itertools.islice(patient(3), 60))
    one, ten = (
        noise(
            np.array([sensor.reading(t, settings)["heart_rate_bpm"] for t in body][15:])
        )
        for sensor, settings in zip(
            map(Sensor, _rngs()), (AS_MADE.settings, slow), strict=True
        )
    )
    assert ten < 0.7 * one


def test_noise_of_a_ramp_is_worked_out_on_paper() -> None:
    """1, 2, 3, 4, 5 deviate by the root of 2.5."""
    assert noise(np.arange(10.0)) == pytest.approx(2.5**0.5)
    expectation = FIX["average"].expectation
    flat = np.zeros(10)
    seen = Seen(flat, np.arange(10.0), "", "", "")
    assert measured(expectation, seen) == pytest.approx(-(2.5**0.5))
