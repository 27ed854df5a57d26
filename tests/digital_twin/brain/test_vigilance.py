"""Patients wake and sleep, open and close their eyes."""

import numpy as np
import pytest

from digital_twin.brain import vigilance
from digital_twin.cohort import streams

AN_HOUR = 3_600


def hour(n: int = 200) -> list[vigilance.State]:
    rng = streams(7, 0)["vigilance"]
    states = [vigilance.initial(n, rng)]
    for _ in range(AN_HOUR):
        states.append(vigilance.step(states[-1], rng))
    return states


STATES = hour()


def test_sleep_comes_and_goes_slowly() -> None:
    drift = np.array([state.drift for state in STATES])
    assert np.abs(np.diff(drift, axis=0)).max() < 0.08
    assert drift.std(axis=1) == pytest.approx(0.35, abs=0.1)
    changed = (drift[0] < vigilance.ASLEEP) != (drift[-1] < vigilance.ASLEEP)
    assert 0.2 < changed.mean() < 0.6


def test_depth_is_between_nothing_and_all() -> None:
    depth = np.array([state.depth for state in STATES])
    assert (depth.min(), depth.max()) == (0.0, 1.0)


def test_who_sleeps_has_closed_eyes() -> None:
    for state in STATES:
        assert not (state.eyes_open & (state.drift >= vigilance.ASLEEP)).any()


def test_who_is_awake_has_open_eyes_a_third_of_the_time() -> None:
    opened = np.array([state.eyes_open for state in STATES])
    awake = np.array([state.drift < vigilance.ASLEEP for state in STATES])
    assert opened[awake].mean() == pytest.approx(1 / 3, abs=0.05)
