"""What is read off a spectrum, against answers worked out on paper."""

import numpy as np
import pytest

from eeg import spectrum
from eeg.spectrum import BIN_HZ, FREQUENCIES_HZ, N_BINS
from tests.eeg.waves import Array, sine

TEN = spectrum.density(sine(10.0, 10.0))


def lines(**shares: float) -> Array:
    """Return shares of the power at ``at_4=0.5`` and so on."""
    found = np.zeros((1, N_BINS), np.float32)
    for name, share in shares.items():
        hz = float(name.removeprefix("at_"))
        found[0, np.argmin(np.abs(FREQUENCIES_HZ - hz))] = share
    return found


def test_the_band_is_covered_in_half_hertz() -> None:
    assert FREQUENCIES_HZ[0] == 1
    assert FREQUENCIES_HZ[-1] == 39.5
    assert np.diff(FREQUENCIES_HZ) == pytest.approx(0.5)


def test_the_power_of_a_sine_is_half_the_square_of_its_size() -> None:
    assert spectrum.band_power(TEN, 8, 13) == pytest.approx(50, rel=1e-3)
    assert spectrum.band_power(TEN, 13, 20) == pytest.approx(0, abs=1e-3)


def test_a_band_share_is_of_the_whole() -> None:
    shares = spectrum.shares(spectrum.density(sine(10.0, 10.0) + sine(20.0, 20.0)))
    assert spectrum.band_share(shares, 8, 13) == pytest.approx(0.2, rel=1e-3)
    assert spectrum.band_share(shares, 13, 30) == pytest.approx(0.8, rel=1e-3)


def test_edges_lie_within_a_bin() -> None:
    """The taper gives a sine's neighbours a sixth each: 95 % are at 10.6 Hz."""
    shares = spectrum.shares(TEN)
    assert spectrum.edge_hz(shares, 0.5) == pytest.approx(10.0, abs=1e-2)
    expected = 10.25 + BIN_HZ * (0.95 - 5 / 6) / (1 / 6)
    assert spectrum.edge_hz(shares, 0.95) == pytest.approx(expected, abs=1e-2)


def test_an_edge_moves_smoothly() -> None:
    edges = [
        float(spectrum.edge_hz(lines(at_5=1 - share, at_6=share), 0.5)[0])
        for share in (0.49, 0.51)
    ]
    assert edges == pytest.approx([5.25, 5.75], abs=0.05)


def test_entropy_is_zero_for_a_line_and_one_for_all() -> None:
    every = np.full((1, N_BINS), 1 / N_BINS, np.float32)
    assert spectrum.entropy(lines(at_7=1.0)) == pytest.approx(0, abs=1e-5)
    assert spectrum.entropy(every) == pytest.approx(1)
    two = spectrum.entropy(lines(at_7=0.5, at_9=0.5))
    assert two == pytest.approx(np.log(2) / np.log(N_BINS), rel=1e-4)


def test_the_mean_frequency_is_geometric() -> None:
    found = spectrum.mean_frequency_hz(lines(at_4=0.5, at_16=0.5))
    assert found == pytest.approx(8, rel=1e-5)
