"""Broken channels are named; whole ones are not, at any gain."""

from collections.abc import Callable

import numpy as np
import pytest

from eeg.quality import (
    CLIPPED,
    DISCONNECTED,
    FLAT,
    GOOD,
    MAINS,
    MISSING,
    RAILED,
    qualities,
)
from tests.eeg.waves import Array, brainlike, sine

RATE_HZ = 256.0


def quality(row: Array) -> str:
    [found] = qualities(row, RATE_HZ)
    return found


@pytest.fixture
def eeg(rng: np.random.Generator) -> Array:
    """Return a second row of EEG as an amplifier counts it, 0.1 uV a count."""
    return np.asarray(np.round(brainlike(rng, 1) * 10) / 10, np.float32)


@pytest.mark.parametrize("gain", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("offset_uv", [-3000.0, 0.0, 500.0])
def test_eeg_is_good_at_any_gain_and_offset(
    eeg: Array, gain: float, offset_uv: float
) -> None:
    assert quality((eeg * gain + offset_uv).astype(np.float32)) == GOOD


def test_a_rhythm_in_whole_counts_is_not_taken_for_clipped() -> None:
    for size in (30.0, 80.0, 300.0, 3000.0):
        assert quality(np.round(sine(4.13, size, RATE_HZ))) == GOOD


@pytest.mark.parametrize(("share", "expected"), [(0.09, GOOD), (0.12, MISSING)])
def test_missing(eeg: Array, share: float, expected: str) -> None:
    eeg[:, : round(share * eeg.shape[1])] = np.nan
    assert quality(eeg) == expected


def test_what_is_infinite_is_missing(eeg: Array) -> None:
    eeg[:, :300] = np.inf
    assert quality(eeg) == MISSING


@pytest.mark.parametrize(("still_s", "expected"), [(0.9, GOOD), (1.6, FLAT)])
def test_still_for_a_while_is_flat(eeg: Array, still_s: float, expected: str) -> None:
    eeg[:, 100 : 100 + round(still_s * RATE_HZ)] = eeg[:, 100:101]
    assert quality(eeg) == expected


def test_constant_is_flat_wherever_it_is(eeg: Array) -> None:
    assert quality(np.full_like(eeg, 0)) == FLAT
    assert quality(np.full_like(eeg, 3276.7)) == FLAT


@pytest.mark.parametrize(("peak_to_peak_uv", "expected"), [(0.45, FLAT), (0.6, GOOD)])
def test_less_than_an_amplifiers_own_noise_is_flat(
    eeg: Array, peak_to_peak_uv: float, expected: str
) -> None:
    assert quality(eeg * np.float32(peak_to_peak_uv) / np.ptp(eeg)) == expected


def test_the_last_bit_is_flat(eeg: Array) -> None:
    assert quality(np.sign(eeg) * np.float32(5)) == FLAT


@pytest.mark.parametrize("gain", [0.2, 1.0, 5.0])
def test_half_at_the_rails_is_railed(eeg: Array, gain: float) -> None:
    level = np.quantile(eeg, 0.6)
    assert quality(np.minimum(eeg, level) * np.float32(gain)) == RAILED


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_tops_cut_off_are_clipped(eeg: Array, sign: float) -> None:
    level = np.quantile(eeg, 0.93)
    assert quality(np.minimum(eeg, level) * np.float32(sign)) == CLIPPED


@pytest.mark.parametrize("hz", [50.0, 60.0])
@pytest.mark.parametrize(
    ("times", "expected"), [(1.0, GOOD), (3.0, GOOD), (7.0, MAINS)]
)
def test_mains_drown_eeg(eeg: Array, hz: float, times: float, expected: str) -> None:
    """A sine has half the power of its square: 3 times is 4.5, 7 times is 24.5."""
    hum = sine(hz, times * float(eeg.std()), RATE_HZ)
    assert quality(eeg + hum) == expected


def test_an_open_input_is_disconnected(rng: np.random.Generator, eeg: Array) -> None:
    noise = rng.standard_normal((1, eeg.shape[1])).astype(np.float32)
    assert quality(noise * 20) == DISCONNECTED
    assert quality(eeg * np.float32(40_000) / np.ptp(eeg)) == DISCONNECTED
    assert quality(eeg * np.float32(20_000) / np.ptp(eeg)) == GOOD


@pytest.mark.parametrize("spoil", [np.zeros_like, lambda row: row * np.nan])
def test_a_broken_channel_spoils_no_other(
    rng: np.random.Generator, spoil: Callable[[Array], Array]
) -> None:
    rows = brainlike(rng, 3)
    rows[1] = spoil(rows[1])
    first, second, third = qualities(rows, RATE_HZ)
    assert (first, third) == (GOOD, GOOD)
    assert second in {FLAT, MISSING}
