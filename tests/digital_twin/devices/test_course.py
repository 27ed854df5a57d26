"""A cohort of devices: sound ones behave, sick ones show what they have."""

from collections.abc import Mapping

import numpy as np
import pytest

from digital_twin.cohort import Array, streams
from digital_twin.devices import course
from digital_twin.devices.course import Setting, State, Statuses
from digital_twin.devices.faults import (
    AGEING_EMITTER,
    CLOCK_JUMP,
    DAY_S,
    DRY_ELECTRODES,
    FAULTS,
    HANGING_FIRMWARE,
    LOOSE_PROBE,
    LOOSE_SUPPLY,
    WEAK_CELL,
    Fault,
)
from digital_twin.devices.plans import PLANS, Plan

HEALTHY = Setting(seed=3, plan=PLANS["healthy"], period_s=600.0)
PAIRS = np.arange(60) // 2


def played(setting: Setting, days: float, cohort: int = 0) -> list[Statuses]:
    rng = streams(setting.seed, cohort)
    state, said = course.initial(PAIRS, rng), []
    for _ in range(round(days * DAY_S / setting.period_s)):
        state = course.step(state, setting, rng)
        said.append(course.observe(state, setting, rng))
    return said


def joined(said: list[Statuses]) -> Mapping[str, Array]:
    columns = map(np.concatenate, zip(*said, strict=True))
    return dict(zip(Statuses._fields, columns, strict=True))


@pytest.fixture(scope="module")
def sound() -> Mapping[str, Array]:
    """Return ten days of sound devices."""
    return joined(played(HEALTHY, 10))


def sick(fault: Fault, **setting: float) -> Mapping[str, Array]:
    """Return ten days of devices that all have one fault, most of the time."""
    plan = Plan(doc="", per_year={fault: 400.0}, hurry=setting.pop("hurry", 5.0))
    return joined(played(Setting(seed=3, plan=plan, period_s=600.0), 10))


def test_the_same_seed_says_the_same_and_cohorts_do_not() -> None:
    first, again, other = (
        joined(played(HEALTHY, 1, cohort=cohort)) for cohort in (0, 0, 1)
    )
    for name, column in first.items():
        np.testing.assert_array_equal(column, again[name])
    assert not np.array_equal(first["battery_pct"], other["battery_pct"])


def test_a_step_leaves_the_state_it_is_given_alone() -> None:
    rng = streams(1, 0)
    state: State = course.initial(PAIRS, rng)
    kept = state.power.battery_pct.copy(), state.skin.offs.copy()
    course.step(state, HEALTHY, rng)
    np.testing.assert_array_equal(kept[0], state.power.battery_pct)
    np.testing.assert_array_equal(kept[1], state.skin.offs)


def test_sound_devices_stay_within_what_can_be(sound: Mapping[str, Array]) -> None:
    for name in ("battery_pct", "contact_pct"):
        assert sound[name].min() >= 0
        assert sound[name].max() <= 100
    assert sound["battery_pct"].min() > 0
    assert 0.05 < sound["on_mains"].mean() < 0.3
    assert np.abs(sound["clock_error_s"]).max() < 0.1
    ages = sound["at_s"] - sound["calibrated_s"]
    assert ages.max() < 351 * DAY_S
    share = sound["repeated_readings"].sum() / sound["readings"].sum()
    assert share == pytest.approx(course.REPEATED, rel=0.05)


def test_each_speaks_once_a_period_and_after_each_start(
    sound: Mapping[str, Array],
) -> None:
    starts = sound["uptime_s"] == 0
    assert (~starts).sum() == PAIRS.size * 1440
    assert 10 <= starts.sum() <= 35  # 60 devices, 10 days, one a month
    assert np.isnan(sound["mean_spo2_pct"][starts]).all()


def test_a_device_counts_what_it_says(sound: Mapping[str, Array]) -> None:
    of_one = sound["device"] == 7
    assert sorted(sound["seq"][of_one]) == list(range(int(of_one.sum())))


def test_time_and_boots_only_go_forward(sound: Mapping[str, Array]) -> None:
    for device in range(5):
        of_one = sound["device"] == device
        order = np.argsort(sound["seq"][of_one])
        assert (np.diff(sound["at_s"][of_one][order]) > 0).all()
        boots = np.diff(sound["boot"][of_one][order])
        assert ((boots == 0) | (sound["uptime_s"][of_one][order][1:] == 0)).all()


def test_two_devices_on_one_patient_see_the_same_but_for_their_bias(
    sound: Mapping[str, Array],
) -> None:
    def course_of(device: int) -> Array:
        known = ~np.isnan(sound["mean_spo2_pct"])
        of_one: Array = sound["mean_spo2_pct"][known & (sound["device"] == device)]
        return of_one

    same = np.corrcoef(course_of(0), course_of(1))[0, 1]
    other = np.corrcoef(course_of(0), course_of(2))[0, 1]
    assert same > 0.7
    assert abs(other) < 0.4


def test_a_weak_cell_drains_faster(sound: Mapping[str, Array]) -> None:
    assert _drain(sick(WEAK_CELL)) > 1.3 * _drain(sound)


def _drain(said: Mapping[str, Array]) -> float:
    """Return the mean fall of charge within a period, where it falls."""
    falls = []
    for device in range(PAIRS.size):
        of_one = said["device"] == device
        change = np.diff(said["battery_pct"][of_one])
        both = ~said["on_mains"][of_one][1:].astype(bool)
        falls.append(-change[both & (change <= 0)].mean())
    return float(np.mean(falls))


@pytest.mark.parametrize(
    ("fault", "column", "factor"),
    [(LOOSE_PROBE, "probe_offs", 3.0), (HANGING_FIRMWARE, "repeated_readings", 5.0)],
)
def test_what_is_counted_grows(
    sound: Mapping[str, Array], fault: Fault, column: str, factor: float
) -> None:
    assert sick(fault)[column].mean() > factor * sound[column].mean()


def test_dry_electrodes_lose_contact(sound: Mapping[str, Array]) -> None:
    lost = sound["contact_pct"].mean() - sick(DRY_ELECTRODES)["contact_pct"].mean()
    assert lost > 10


def test_a_loose_supply_restarts(sound: Mapping[str, Array]) -> None:
    starts = (sick(LOOSE_SUPPLY)["uptime_s"] == 0).sum()
    assert starts > 5 * (sound["uptime_s"] == 0).sum()


def test_an_emitter_that_ages_is_wrong_and_a_clock_that_jumps_too(
    sound: Mapping[str, Array],
) -> None:
    wrong = np.nanstd(sick(AGEING_EMITTER, hurry=1.0)["mean_spo2_pct"])
    assert wrong > 1.2 * np.nanstd(sound["mean_spo2_pct"])
    assert np.abs(sick(CLOCK_JUMP)["clock_error_s"]).max() > 60


def test_an_empty_device_says_nothing() -> None:
    said = sick(WEAK_CELL, hurry=20.0)
    empty = (said["battery_pct"] <= 0) & ~said["on_mains"].astype(bool)
    assert not empty.any()


def test_every_fault_can_be_played() -> None:
    setting = Setting(seed=1, plan=PLANS["hurried"], period_s=600.0)
    rng = streams(1, 0)
    state, seen = course.initial(np.arange(300), rng), set()
    for _ in range(1000):
        state = course.step(state, setting, rng)
        seen |= {FAULTS[kind].name for kind in state.ailing.kind[state.begun].tolist()}
    assert len(seen) >= len(FAULTS) - 1  # a calibration is due once a year
