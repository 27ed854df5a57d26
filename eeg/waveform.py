"""What is read off the waveform itself.

Everything takes a waveform ``z`` of mean 0 and variance 1, shape (n_rows, n_samples),
or its ``slope`` per second, shape (n_rows, n_samples - 1), and returns shape
(n_rows,): so nothing depends on the amplifier's gain, nor on which electrode was
the positive one.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from eeg.conditioning import RATE_HZ, Array

TINY: Final = np.float32(1e-6)
_RATE: Final = np.float32(RATE_HZ)
BLOCKS: Final = 16
"""Parts of a window, a quarter of a second each, for what varies within it."""

LONGEST_LAG: Final = round(1.5 * RATE_HZ)
"""Discharges repeat once in 1.5 s, or more often."""

TAIL: Final = 0.05
SHOULDER: Final = 0.25
STRIDE: Final = 2
"""Samples between the three that make a pattern of permutation entropy: 16 ms."""


def mean_square(x: Array) -> Array:
    """Return the mean of the squares of each row, without making them."""
    return np.asarray(np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1]))


def slope(z: Array) -> Array:
    """Return the change from sample to sample, per second."""
    return np.asarray((z[:, 1:] - z[:, :-1]) * _RATE)


def line_length(slope: Array) -> Array:
    """Return the length of the line, vertically, per second.

    References
    ----------
    Esteller, R. et al. (2001). Line length: an efficient feature for seizure onset
    detection. Proceedings of the 23rd Annual EMBS Conference, 1707-1710.
    """
    return np.asarray(np.abs(slope).mean(axis=1))


def mobility(slope: Array) -> Array:
    """Return Hjorth's mobility, per second: 2 pi times a mean frequency.

    References
    ----------
    Hjorth, B. (1970). EEG analysis based on time domain properties.
    Electroencephalography and Clinical Neurophysiology, 29(3), 306-310.
    """
    return np.sqrt(mean_square(slope))


def complexity(slope: Array) -> Array:
    """Return Hjorth's complexity (same source): 1 for a sine, more for a mixture."""
    bend = (slope[:, 1:] - slope[:, :-1]) * _RATE
    return np.asarray(np.sqrt(mean_square(bend)) / (mean_square(slope) + TINY))


def evenness(slope: Array) -> Array:
    """Return the mean over the root mean square: 1 for a zigzag, less for spikes."""
    return line_length(slope) / (mobility(slope) + TINY)


def kurtosis(x: Array) -> Array:
    """Return the fourth moment over the squared second: 3 for Gaussian noise."""
    square = x * x
    return mean_square(square) / (mean_square(x) ** 2 + TINY)


def skewness(x: Array) -> Array:
    """Return the size of the third moment over the second's power of 3/2."""
    third = np.einsum("ij,ij,ij->i", x, x, x) / np.float32(x.shape[1])
    return np.asarray(np.abs(third) / (mean_square(x) ** 1.5 + TINY))


def crossings(x: Array) -> Array:
    """Return how often in a second the sign changes.

    Of a waveform these are its zero crossings, of a slope its turning points.
    """
    negative = np.signbit(x)
    changes = np.count_nonzero(negative[:, 1:] != negative[:, :-1], axis=1)
    return np.asarray((changes * _RATE / np.float32(x.shape[1])).astype(np.float32))


def ordered(z: Array) -> Array:
    """Return each row's samples in order of size, for quantiles."""
    return np.sort(z, axis=1)


def lopsidedness(ordered: Array) -> Array:
    """Return how far the outer twentieths lie apart from being mirror images."""
    tail = round(TAIL * ordered.shape[1])
    return np.abs(ordered[:, tail] + ordered[:, -tail - 1])


def tail_ratio(ordered: Array) -> Array:
    """Return the width between the outer twentieths over that between quarters."""
    tail, shoulder = (round(s * ordered.shape[1]) for s in (TAIL, SHOULDER))
    wide = ordered[:, -tail - 1] - ordered[:, tail]
    return np.asarray(wide / (ordered[:, -shoulder - 1] - ordered[:, shoulder] + TINY))


def peak(x: Array) -> Array:
    """Return the median over the quarter seconds of the largest absolute value."""
    blocks = np.abs(x).reshape(len(x), BLOCKS, x.shape[1] // BLOCKS)
    # Sample by sample, all blocks at once: five times as fast as block by block.
    largest = np.ascontiguousarray(blocks.transpose(2, 0, 1)).max(axis=0)
    return np.asarray(np.median(largest, axis=1))


def power_variation(z: Array) -> Array:
    """Return how much the power differs between quarter seconds: 0 for a zigzag."""
    blocks = z.reshape(len(z) * BLOCKS, z.shape[1] // BLOCKS)
    return np.asarray(mean_square(blocks).reshape(len(z), BLOCKS).std(axis=1))


def energy_variation(z: Array) -> Array:
    """Return root mean square over mean size of the Teager-Kaiser energy.

    It is 1 for a sine, whose energy is constant, and large for spikes on a quiet
    background.

    References
    ----------
    Kaiser, J. F. (1990). On a simple algorithm to calculate the 'energy' of a
    signal. ICASSP-90, 381-384.
    """
    energy = z[:, 1:-1] ** 2 - z[:, :-2] * z[:, 2:]
    return np.asarray(
        np.sqrt(mean_square(energy)) / (np.abs(energy).mean(axis=1) + TINY)
    )


def autocorrelation(z: Array) -> Array:
    """Return the autocorrelation up to a lag of 1.5 s, shape (n_rows, n_lags).

    Each lag is divided by the number of pairs it has, so that a rhythm that goes on
    has the height 1 at its period.
    """
    n_samples = z.shape[1]
    # So much padding keeps all these lags from meeting the other end.
    padded = fft.next_fast_len(n_samples + LONGEST_LAG, real=True)
    lines = fft.rfft(z, n=padded, axis=1)
    power = lines.real**2 + lines.imag**2
    products = fft.irfft(power, n=padded, axis=1)[:, :LONGEST_LAG]
    pairs = np.arange(n_samples, n_samples - LONGEST_LAG, -1, dtype=np.float32)
    return np.asarray(products / pairs)


def first_zero_s(autocorrelation: Array) -> Array:
    """Return the lag at which the autocorrelation first is negative, in seconds.

    Where it never is, the longest lag.
    """
    negative = autocorrelation < 0
    first = np.where(negative.any(axis=1), negative.argmax(axis=1), LONGEST_LAG)
    return (first / _RATE).astype(np.float32)


def rhythmicity(autocorrelation: Array) -> Array:
    """Return the highest autocorrelation behind its first zero; 1 for a rhythm."""
    lags_s = np.arange(autocorrelation.shape[1], dtype=np.float32) / _RATE
    behind = lags_s > first_zero_s(autocorrelation)[:, None]
    return np.asarray(np.where(behind, autocorrelation, np.float32(-1)).max(axis=1))


def anticorrelation(autocorrelation: Array) -> Array:
    """Return the lowest autocorrelation; -1 for a sine."""
    return np.asarray(autocorrelation.min(axis=1))


def permutation_entropy(z: Array) -> Array:
    """Return the entropy of the orders of three samples: 1 if all are as likely.

    References
    ----------
    Bandt, C., & Pompe, B. (2002). Permutation entropy: a natural complexity measure
    for time series. Physical Review Letters, 88(17), 174102.
    """
    first, second, third = (
        z[:, i : z.shape[1] - 2 * STRIDE + i] for i in (0, STRIDE, 2 * STRIDE)
    )
    rises = [first < second, second < third, first < third]
    bits = [rise.view(np.uint8) << bit for bit, rise in enumerate(rises)]
    counts = _counts(bits[0] | bits[1] | bits[2])[:, _ORDERS]
    shares = counts / np.float32(first.shape[1])
    entropy = -(shares * np.log(shares + TINY)).sum(axis=1)
    return np.asarray(entropy / np.log(np.float32(len(_ORDERS))), np.float32)


def _counts(order: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """Return how often each row has each triple of rises, shape (n_rows, 8)."""
    n_rows = len(order)
    places = order + np.arange(0, n_rows * _TRIPLES, _TRIPLES)[:, None]
    counts = np.bincount(places.ravel(), minlength=n_rows * _TRIPLES)
    return counts.reshape(n_rows, _TRIPLES)


_TRIPLES: Final = 8
_ORDERS: Final = [0b000, 0b001, 0b010, 0b101, 0b110, 0b111]
"""Of the eight triples of rises, those that three samples can have."""
