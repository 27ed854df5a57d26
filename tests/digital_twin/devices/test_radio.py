"""Messages that are kept, held up and doubled, and none that is lost."""

from dataclasses import replace

import numpy as np
import pytest

from digital_twin.devices import ailing
from digital_twin.devices.ailing import State
from digital_twin.devices.faults import (
    BAD_MEMORY,
    FAULTS,
    POOR_RADIO,
    RADIO_AWAY,
    Fault,
)
from digital_twin.devices.radio import travel

DEVICE = np.zeros(100, dtype=np.int64)
AT_S = np.arange(100.0)


def one(fault: Fault | None) -> State:
    """Return one device, with a fault from 20 s to 50 s."""
    sound = ailing.initial(1)
    if fault is None:
        return sound
    return replace(
        sound,
        kind=np.array([FAULTS.index(fault)]),
        onset_s=np.array([20.0]),
        fails_s=np.array([20.0]),
        ends_s=np.array([50.0]),
        gravity=np.ones(1),
    )


def test_a_sound_radio_sends_at_once() -> None:
    sent = travel(one(None), DEVICE, AT_S, np.random.default_rng(1))
    np.testing.assert_array_equal(sent.message, np.arange(100))
    np.testing.assert_array_equal(sent.arrives_s, AT_S)


def test_what_was_kept_comes_in_order_when_the_radio_is_back() -> None:
    sent = travel(one(RADIO_AWAY), DEVICE, AT_S, np.random.default_rng(1))
    assert sorted(sent.message) == list(range(100))
    kept = sent.arrives_s[20:50]
    assert kept.min() >= 50
    assert kept.max() < 52
    assert (np.diff(kept) > 0).all()
    np.testing.assert_array_equal(sent.arrives_s[:20], AT_S[:20])
    np.testing.assert_array_equal(sent.arrives_s[50:], AT_S[50:])


def test_only_a_bad_memory_damages_and_only_while_it_lasts() -> None:
    def damaged(fault: Fault | None) -> set[float]:
        sent = travel(one(fault), DEVICE, AT_S, np.random.default_rng(1))
        assert sent.damage.size == sent.message.size
        return set(AT_S[sent.message[sent.damage > 0]])

    assert damaged(None) == damaged(POOR_RADIO) == set()
    assert damaged(BAD_MEMORY)
    assert damaged(BAD_MEMORY) <= set(range(20, 50))


def test_the_share_that_is_damaged_is_that_of_the_fault_and_damages_are_any() -> None:
    n = 20_000
    device, at_s = np.zeros(n, dtype=np.int64), np.full(n, 30.0)
    damage = travel(one(BAD_MEMORY), device, at_s, np.random.default_rng(1)).damage
    gravest = BAD_MEMORY.effects["corrupt_share"][1]
    assert (damage > 0).mean() == pytest.approx(gravest, rel=0.05)
    quarters = np.histogram(damage[damage > 0], bins=4, range=(1, 2**16))[0]
    np.testing.assert_allclose(quarters, n * gravest / 4, rtol=0.1)


def test_a_poor_radio_doubles_and_disorders_and_loses_nothing() -> None:
    sent = travel(one(POOR_RADIO), DEVICE, AT_S, np.random.default_rng(1))
    assert set(sent.message) == set(range(100))
    assert 105 < sent.message.size < 125
    order = sent.message[np.argsort(sent.arrives_s, kind="stable")]
    assert (np.diff(order) < 0).any()
