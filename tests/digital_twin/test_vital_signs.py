"""Bodies at rest: healthy, each a little different, and not a matter of the step."""

import numpy as np
import pytest

from digital_twin.cohort import Array, streams
from digital_twin.vital_signs import QUANTITIES, State, initial, step

HEALTHY = {
    "heart_rate_bpm": (45, 100),
    "spo2_pct": (94, 100),
    "respiratory_rate_per_min": (9, 22),
    "systolic_mmhg": (85, 150),
    "pulse_pressure_mmhg": (20, 65),
    "temperature_c": (36.1, 37.6),
}


def bodies(*, n: int, steps: int, dt_s: float, cohort: int = 0) -> State:
    rng = streams(7, cohort)["physiology"]
    state = initial(n, rng)
    for _ in range(steps):
        state = step(state, dt_s=dt_s, rng=rng)
    return state


def row(name: str) -> int:
    return [quantity.name for quantity in QUANTITIES].index(name)


def levels(state: State) -> Array:
    return state.set_points + state.deviations


def test_the_same_seed_gives_the_same_patients() -> None:
    first = levels(bodies(n=16, steps=5, dt_s=1.0))
    np.testing.assert_array_equal(first, levels(bodies(n=16, steps=5, dt_s=1.0)))


def test_cohorts_do_not_share_a_stream() -> None:
    one = levels(bodies(n=16, steps=5, dt_s=1.0, cohort=0))
    two = levels(bodies(n=16, steps=5, dt_s=1.0, cohort=1))
    assert not np.isclose(one, two).any()


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 60.0])
def test_spread_does_not_depend_on_the_time_step(dt_s: float) -> None:
    state = bodies(n=4096, steps=20, dt_s=dt_s)
    within = [quantity.within for quantity in QUANTITIES]
    np.testing.assert_allclose(state.deviations.std(axis=1), within, rtol=0.05)


@pytest.mark.parametrize("steps", [1, 10])
def test_a_deviation_is_forgotten_at_its_own_pace(steps: int) -> None:
    """Ten steps of a tenth are one step: correlation exp(-t / relaxation)."""
    rng = streams(7, 0)["physiology"]
    before = initial(8192, rng)
    after = before
    for _ in range(steps):
        after = step(after, dt_s=60.0 / steps, rng=rng)
    for quantity, old, new in zip(
        QUANTITIES, before.deviations, after.deviations, strict=True
    ):
        expected = np.exp(-60.0 / quantity.relaxation_s)
        assert np.corrcoef(old, new)[0, 1] == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize("name", HEALTHY)
def test_everybody_is_healthy(name: str) -> None:
    values = levels(bodies(n=4096, steps=3, dt_s=600.0))[row(name)]
    low, high = HEALTHY[name]
    assert low < values.min()
    assert values.max() < high


def test_patients_differ_and_stay_themselves() -> None:
    state = bodies(n=64, steps=100, dt_s=60.0)
    np.testing.assert_array_equal(
        state.set_points, bodies(n=64, steps=0, dt_s=60.0).set_points
    )
    assert (state.set_points.std(axis=1) > 0).all()


def test_step_does_not_touch_the_state_it_is_given() -> None:
    rng = streams(7, 0)["physiology"]
    before = initial(4, rng)
    kept = before.deviations.copy()
    step(before, dt_s=1.0, rng=rng)
    np.testing.assert_array_equal(before.deviations, kept)


def test_every_quantity_names_its_source() -> None:
    assert all(quantity.source for quantity in QUANTITIES)
