"""What is read off a waveform, against answers worked out on paper."""

import numpy as np
import pytest

from eeg import waveform
from eeg.conditioning import N_SAMPLES, RATE_HZ
from tests.eeg.waves import Array, ramp, sine, zigzag

SINE_HZ = 8.0
SINE = sine(SINE_HZ)
SLOPE = waveform.slope(SINE)
MOBILITY = 2 * RATE_HZ * np.sin(np.pi * SINE_HZ / RATE_HZ)
"""Neighbours differ by a sine of 2 sin(pi f / rate) the size."""


def only(values: Array) -> float:
    assert values.shape == (1,)
    return float(values[0])


def spikes(share: float, height: float) -> Array:
    """Return a row that is ``height`` now and then, and else so that its mean is 0."""
    row = np.full(N_SAMPLES, -height * share / (1 - share), np.float32)
    row[:: round(1 / share)] = height
    return row[None, :]


def test_slope_is_per_second() -> None:
    assert waveform.slope(np.array([[0, 1, 3]], np.float32)).tolist() == [[128, 256]]


def test_a_sine_travels_four_heights_a_period() -> None:
    assert only(waveform.line_length(SLOPE)) == pytest.approx(
        4 * SINE_HZ * 2**0.5, 2e-3
    )


def test_mobility_and_complexity_of_a_sine() -> None:
    assert only(waveform.mobility(SLOPE)) == pytest.approx(MOBILITY, rel=2e-3)
    assert only(waveform.complexity(SLOPE)) == pytest.approx(1, rel=5e-3)


def test_two_rhythms_are_more_complex_than_one() -> None:
    """Each of half the power: the mobilities' squares mix, and so do their fourths."""
    both = (sine(4.0) + sine(16.0)) / 2**0.5
    low, high = (2 * RATE_HZ * np.sin(np.pi * hz / RATE_HZ) for hz in (4.0, 16.0))
    expected = np.sqrt((low**4 + high**4) / 2) / ((low**2 + high**2) / 2)
    assert only(waveform.complexity(waveform.slope(both))) == pytest.approx(
        expected, rel=1e-2
    )


def test_evenness_is_one_for_a_zigzag_and_less_for_a_sine() -> None:
    assert only(waveform.evenness(waveform.slope(zigzag()))) == pytest.approx(1)
    expected = 4 * SINE_HZ * 2**0.5 / MOBILITY
    assert only(waveform.evenness(SLOPE)) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(("wave", "expected"), [(SINE, 1.5), (zigzag(), 1.0)])
def test_kurtosis(wave: Array, expected: float) -> None:
    assert only(waveform.kurtosis(wave)) == pytest.approx(expected, rel=1e-4)
    assert only(waveform.kurtosis(3 * wave)) == pytest.approx(expected, rel=1e-4)


def test_skewness_has_no_sign() -> None:
    """3 in one of four, else -1: third moment 6, variance 3."""
    row = spikes(1 / 4, 3.0)
    assert only(waveform.skewness(row)) == pytest.approx(6 / 3**1.5, rel=1e-4)
    assert only(waveform.skewness(-row)) == pytest.approx(6 / 3**1.5, rel=1e-4)
    assert only(waveform.skewness(SINE)) == pytest.approx(0, abs=1e-4)


def test_a_sine_crosses_zero_and_turns_twice_a_period() -> None:
    assert only(waveform.crossings(sine(6.1))) == pytest.approx(2 * 6.1, abs=0.3)
    assert only(waveform.crossings(SLOPE)) == pytest.approx(2 * SINE_HZ, abs=0.3)


def test_lopsidedness() -> None:
    """A tenth of the samples at 3, the rest at -1/3: ends 3 and -1/3."""
    row = spikes(1 / 8, 3.0)
    expected = 3 - 3 * (1 / 8) / (7 / 8)
    for each in (row, -row):
        found = waveform.lopsidedness(waveform.ordered(each))
        assert only(found) == pytest.approx(expected, rel=1e-5)
    assert only(waveform.lopsidedness(waveform.ordered(ramp()))) == pytest.approx(
        0, abs=1e-5
    )


def test_tail_ratio_of_what_is_evenly_spread() -> None:
    """Nine tenths of the range over half of it."""
    found = waveform.tail_ratio(waveform.ordered(ramp()))
    assert only(found) == pytest.approx(0.9 / 0.5, rel=5e-3)


def test_peak_is_the_usual_one_and_not_the_largest() -> None:
    row = sine(8.0, 10.0)
    row[0, 100] = 500
    assert only(waveform.peak(row)) == pytest.approx(10)


def test_power_variation() -> None:
    """Half of the time silent, else of power 2: a standard deviation of 1."""
    row = zigzag() * np.float32(2**0.5)
    row[:, : N_SAMPLES // 2] = 0
    assert only(waveform.power_variation(row)) == pytest.approx(1)
    assert only(waveform.power_variation(zigzag())) == pytest.approx(0)


def test_energy_variation() -> None:
    """The energy of a sine is constant; that of one spike is in one sample."""
    assert only(waveform.energy_variation(SINE)) == pytest.approx(1, rel=1e-3)
    spike = np.zeros_like(SINE)
    spike[0, 200] = 5
    found = only(waveform.energy_variation(spike))
    assert found == pytest.approx((N_SAMPLES - 2) ** 0.5, rel=1e-3)


def test_autocorrelation_of_a_rhythm() -> None:
    """At 6 Hz a period has 21.3 samples: negative first at 6, highest at 21."""
    found = waveform.autocorrelation(sine(6.0))
    assert found.shape == (1, waveform.LONGEST_LAG)
    assert found[0, 0] == pytest.approx(1, rel=1e-3)
    assert only(waveform.first_zero_s(found)) == pytest.approx(6 / RATE_HZ)
    assert only(waveform.rhythmicity(found)) == pytest.approx(1, abs=0.02)
    assert only(waveform.anticorrelation(found)) == pytest.approx(-1, abs=0.02)


def test_noise_has_no_rhythm(rng: np.random.Generator) -> None:
    found = waveform.autocorrelation(rng.standard_normal((1, 512)).astype(np.float32))
    assert only(waveform.rhythmicity(found)) < 0.3


def test_what_is_never_negative_has_no_first_zero() -> None:
    found = waveform.first_zero_s(np.ones((1, waveform.LONGEST_LAG), np.float32))
    assert only(found) == pytest.approx(waveform.LONGEST_LAG / RATE_HZ)


def test_permutation_entropy(rng: np.random.Generator) -> None:
    noise = rng.standard_normal((1, 512)).astype(np.float32)
    assert only(waveform.permutation_entropy(ramp())) == pytest.approx(0, abs=1e-4)
    assert only(waveform.permutation_entropy(noise)) == pytest.approx(1, abs=0.02)


def test_permutation_entropy_of_two_orders() -> None:
    """Up, up, down, down over four strides: four orders, each as often."""
    row = np.repeat(np.resize([0.0, 1.0, 2.0, 1.0], 256), 2)[None, :].astype(np.float32)
    row += np.linspace(0, 1e-3, 512, dtype=np.float32)
    found = only(waveform.permutation_entropy(row))
    assert found == pytest.approx(np.log(4) / np.log(6), abs=0.02)
