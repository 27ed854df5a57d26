"""What a network may do to messages, and what it may not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.network import NETWORKS, Network, journeys

N = 20_000


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", NETWORKS)
def test_no_network_makes_a_reading_later_than_a_second_and_a_half(name: str) -> None:
    delay_s = journeys(N, NETWORKS[name], rng()).delay_s
    assert delay_s.min() >= 0
    assert delay_s.max() <= 1.5


def test_a_perfect_network_delivers_all_at_once_in_order() -> None:
    message, delay_s = journeys(N, NETWORKS["perfect"], rng())
    np.testing.assert_array_equal(message, np.arange(N))
    assert not delay_s.any()


def test_a_good_network_loses_and_doubles_nothing() -> None:
    message, delay_s = journeys(N, NETWORKS["good"], rng())
    np.testing.assert_array_equal(message, np.arange(N))
    assert np.median(delay_s) < 0.02


def test_a_poor_network_loses_doubles_and_disorders() -> None:
    poor = NETWORKS["poor"]
    message, delay_s = journeys(N, poor, rng())
    times = np.bincount(message, minlength=N)
    assert times.max() == 2
    assert message.size / N == pytest.approx(1 - poor.lost + poor.doubled, abs=0.005)
    assert (delay_s > 1.0).mean() == pytest.approx(0.05 * 0.3, rel=0.4)


@given(lost=st.floats(0, 1), seed=st.integers(0, 99))
def test_losing_some_does_not_change_how_the_rest_travels(
    lost: float, seed: int
) -> None:
    calm = Network(doc="", source="", delay_s=0.1, held_up=0.1, max_delay_s=1.0)
    message, delay_s = journeys(64, replace(calm, lost=lost), rng(seed))
    np.testing.assert_array_equal(
        delay_s, journeys(64, calm, rng(seed)).delay_s[message]
    )
