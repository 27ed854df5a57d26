"""Bodies at rest: healthy, each a little different, and not a matter of the step."""

import numpy as np
import pytest

from digital_twin import trends
from digital_twin.cohort import Array, streams
from digital_twin.populations import HEALTHY, INPATIENTS, INTENSIVE_CARE
from digital_twin.quantities import FLUTTERING, NAMES, QUANTITIES, row
from digital_twin.vital_signs import PULSE_AVERAGES_S, State, initial, step
from tests.digital_twin.patients import at, ill

HEALTHY_RANGES = {
    "heart_rate_bpm": (40, 105),
    "spo2_pct": (94, 101),
    "respiratory_rate_per_min": (8, 24),
    "systolic_mmhg": (80, 155),
    "pulse_pressure_mmhg": (20, 65),
    "temperature_c": (35.9, 37.7),
}


def bodies(*, n: int, steps: int, dt_s: float, cohort: int = 0) -> State:
    rng = streams(7, cohort)["physiology"]
    state = initial(n, HEALTHY, rng)
    for _ in range(steps):
        state = step(state, dt_s=dt_s, rng=rng)
    return state


def levels(n: int, at_s: float) -> Array:
    who, state = at(at_s, ill(None, n, 0.0, 0.0), 0.0, tells_activity=False)
    return trends.levels(state, who.body).astype(float)


def test_the_same_seed_gives_the_same_patients() -> None:
    first, again = (bodies(n=16, steps=5, dt_s=1.0) for _ in range(2))
    np.testing.assert_array_equal(first.deviations, again.deviations)
    np.testing.assert_array_equal(first.set_points, again.set_points)


def test_cohorts_do_not_share_a_stream() -> None:
    one = bodies(n=16, steps=5, dt_s=1.0, cohort=0).deviations
    two = bodies(n=16, steps=5, dt_s=1.0, cohort=1).deviations
    assert not np.isclose(one, two, rtol=1e-6).any()


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 60.0])
def test_spread_does_not_depend_on_the_time_step(dt_s: float) -> None:
    state = bodies(n=4096, steps=20, dt_s=dt_s)
    np.testing.assert_allclose(state.deviations.std(axis=1), 1.0, rtol=0.05)


def test_noise_is_normal() -> None:
    """Each of four rows, odd in number: spread, shape, and how often it is far out."""
    noise = initial(50_001, HEALTHY, streams(7, 0)["physiology"]).deviations
    assert noise.shape == (FLUTTERING, 50_001)
    np.testing.assert_allclose(noise.mean(axis=1), 0.0, atol=0.02)
    np.testing.assert_allclose((noise**2).mean(axis=1), 1.0, rtol=0.03)
    np.testing.assert_allclose((noise**4).mean(axis=1), 3.0, rtol=0.06)
    assert (np.abs(noise) > 3.0).mean() == pytest.approx(0.0027, rel=0.1)
    assert np.abs(np.corrcoef(noise) - np.eye(FLUTTERING)).max() < 0.02


@pytest.mark.parametrize("steps", [1, 10])
def test_a_deviation_is_forgotten_at_its_own_pace(steps: int) -> None:
    """Ten steps of a tenth are one step: correlation exp(-t / relaxation)."""
    rng = streams(7, 0)["physiology"]
    before = initial(8192, HEALTHY, rng)
    after = before
    for _ in range(steps):
        after = step(after, dt_s=20.0 / steps, rng=rng)
    for quantity, old, new in zip(
        QUANTITIES[:FLUTTERING], before.deviations, after.deviations, strict=True
    ):
        expected = np.exp(-20.0 / quantity.flutter_s)
        assert np.corrcoef(old, new)[0, 1] == pytest.approx(expected, abs=0.04)


def test_what_flutters_comes_first() -> None:
    assert all(q.flutter > 0.0 for q in QUANTITIES[:FLUTTERING])
    assert not any(q.flutter > 0.0 for q in QUANTITIES[FLUTTERING:])


@pytest.mark.parametrize("name", HEALTHY_RANGES)
@pytest.mark.parametrize("at_h", [3, 15])
def test_everybody_is_healthy_by_day_and_night(name: str, at_h: int) -> None:
    values = levels(4096, at_h * 3600.0)[row(name)]
    low, high = HEALTHY_RANGES[name]
    assert low < values.min()
    assert values.max() < high


@pytest.mark.parametrize("name", ["heart_rate_bpm", "systolic_mmhg", "temperature_c"])
def test_all_is_lower_at_night(name: str) -> None:
    quantity = QUANTITIES[NAMES.index(name)]
    night, day = (levels(4096, h * 3600.0)[row(name)].mean() for h in (4, 16))
    assert day - night == pytest.approx(2.0 * quantity.day, rel=0.15)


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 60.0])
def test_what_is_averaged_is_spread_as_far_but_the_pulse(dt_s: float) -> None:
    state = bodies(n=4096, steps=round(120 / dt_s), dt_s=dt_s)
    np.testing.assert_allclose(state.averaged.std(axis=1), 1.0, rtol=0.05)
    if dt_s <= 1.0:
        assert state.pulse.var() == pytest.approx(_kept_of_pulse(), rel=0.08)


def _kept_of_pulse() -> float:
    """Return the variance of an average of the heart, whose own average has 1."""
    heart, again_s = QUANTITIES[row("heart_rate_bpm")], PULSE_AVERAGES_S
    one, two = heart.flutter_s, heart.averages_s
    return (one**2 / (one + again_s) - two**2 / (two + again_s)) / (one - two)


def test_the_pulse_follows_the_heart() -> None:
    state, heart = bodies(n=4096, steps=60, dt_s=1.0), row("heart_rate_bpm")
    assert np.corrcoef(state.averaged[heart], state.pulse)[0, 1] > 0.7


def test_a_population_may_flutter_less() -> None:
    ward, sedated = (
        initial(64, who, streams(7, 0)["physiology"])
        for who in (INPATIENTS, INTENSIVE_CARE)
    )
    less = INTENSIVE_CARE.flutter["heart_rate_bpm"]
    heart = row("heart_rate_bpm")
    np.testing.assert_allclose(
        sedated.spreads[heart], less * ward.spreads[heart], rtol=1e-5
    )


def test_patients_differ_and_stay_themselves() -> None:
    state = bodies(n=64, steps=100, dt_s=60.0)
    first = bodies(n=64, steps=0, dt_s=60.0)
    np.testing.assert_array_equal(state.set_points, first.set_points)
    np.testing.assert_array_equal(state.spreads, first.spreads)
    assert (state.set_points[:-1].std(axis=1) > 0).all()


def test_step_does_not_touch_the_state_it_is_given() -> None:
    rng = streams(7, 0)["physiology"]
    before = initial(4, HEALTHY, rng)
    kept = before.deviations.copy(), before.averaged.copy()
    step(before, dt_s=1.0, rng=rng)
    np.testing.assert_array_equal(before.deviations, kept[0])
    np.testing.assert_array_equal(before.averaged, kept[1])
