"""Cohorts and streams have places of their own."""

import numpy as np
import pytest

from digital_twin.cohort import COHORT_SIZE, cohorts, devices, phases, streams


def test_the_same_seed_and_cohort_draw_the_same() -> None:
    one, two = streams(7, 3), streams(7, 3)
    for name, rng in one.items():
        np.testing.assert_array_equal(rng.random(8), two[name].random(8))


def test_no_two_streams_are_alike() -> None:
    drawn = [rng.random() for cohort in range(3) for rng in streams(7, cohort).values()]
    assert len(set(drawn)) == len(drawn)


def test_using_one_stream_leaves_the_others_alone() -> None:
    quiet, noisy = streams(7, 0), streams(7, 0)
    noisy["sensors"].standard_normal(1000)
    for name in ("physiology", "episodes", "network"):
        np.testing.assert_array_equal(quiet[name].random(8), noisy[name].random(8))


@pytest.mark.parametrize("n", [1, COHORT_SIZE, COHORT_SIZE + 1, 5000])
def test_every_device_has_one_place(n: int) -> None:
    everyone = np.concatenate([devices(cohort, size) for cohort, size in cohorts(n)])
    np.testing.assert_array_equal(everyone, np.arange(n))


@pytest.mark.parametrize("n", [100, 1000, 20_000])
def test_readings_are_spread_evenly_over_the_period(n: int) -> None:
    in_tenths, _ = np.histogram(phases(np.arange(n)), bins=10, range=(0.0, 1.0))
    np.testing.assert_allclose(in_tenths, n / 10, atol=3)
