"""The spectrum of conditioned windows, and what is read off it.

A *density* is the power spectral density after Welch, shape (n_rows, ``N_BINS``), at
``FREQUENCIES_HZ``, in the square of the waveform's unit per hertz. Each function of
it returns shape (n_rows,), and does not change when the waveform is multiplied,
except ``band_power``.

References
----------
Welch, P. D. (1967). The use of fast Fourier transform for the estimation of power
spectra. IEEE Transactions on Audio and Electroacoustics, 15(2), 70-73.
"""

from typing import Final

import numpy as np
from scipy import fft

from eeg.conditioning import HIGH_HZ, LOW_HZ, N_SAMPLES, RATE_HZ, Array

SEGMENT: Final = N_SAMPLES // 2
"""Samples of a segment: half a window, and each overlaps the next by half."""

BIN_HZ: Final = RATE_HZ / SEGMENT
_BAND: Final = slice(round(LOW_HZ / BIN_HZ), round(HIGH_HZ / BIN_HZ))
FREQUENCIES_HZ: Final[Array] = (np.arange(SEGMENT) * BIN_HZ).astype(np.float32)[_BAND]
N_BINS: Final = len(FREQUENCIES_HZ)
TINY: Final = np.float32(1e-12)
"""Keeps a division by nothing and the logarithm of nothing finite."""

_TAPER: Final = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SEGMENT) / SEGMENT)).astype(
    np.float32
)
_DENSITY: Final = np.float32(2 / (RATE_HZ * (_TAPER**2).sum()))
_LN_HZ: Final = np.log(FREQUENCIES_HZ)


def density(waveform: Array) -> Array:
    """Return the power spectral density in the model's band, by Welch's method."""
    half = SEGMENT // 2
    starts = range(0, N_SAMPLES - SEGMENT + 1, half)
    segments = np.stack([waveform[:, i : i + SEGMENT] for i in starts], axis=1)
    level = segments.mean(axis=2, keepdims=True)
    lines = fft.rfft((segments - level) * _TAPER, axis=2)[:, :, _BAND]
    return np.asarray((lines.real**2 + lines.imag**2).mean(axis=1) * _DENSITY)


def band_power(density: Array, low_hz: float, high_hz: float) -> Array:
    """Return the power from ``low_hz`` up to before ``high_hz``, e.g. in uV^2."""
    first, end = (round((hz - LOW_HZ) / BIN_HZ) for hz in (low_hz, high_hz))
    return np.asarray(density[:, first:end].sum(axis=1) * np.float32(BIN_HZ))


def shares(density: Array) -> Array:
    """Return each bin's share of the power, shape (n_rows, ``N_BINS``)."""
    return np.asarray(density / (density.sum(axis=1, keepdims=True) + TINY))


def band_share(shares: Array, low_hz: float, high_hz: float) -> Array:
    """Return the share of the power in a band, 0 to 1."""
    return band_power(shares, low_hz, high_hz) / np.float32(BIN_HZ)


def edge_hz(shares: Array, below: float) -> Array:
    """Return the frequency below which the share ``below`` of the power lies.

    A bin's power counts as spread evenly over the bin, so that the edge moves
    smoothly. With 0.5 it is the median frequency, with 0.95 the spectral edge.

    References
    ----------
    Rampil, I. J. (1998). A primer for EEG signal processing in anesthesia.
    Anesthesiology, 89(4), 980-1002.
    """
    reached = shares.cumsum(axis=1)
    bins = (reached < below).sum(axis=1).clip(max=N_BINS - 1)[:, None]
    beyond = np.take_along_axis(reached, bins, axis=1)[:, 0] - np.float32(below)
    inside = beyond / (np.take_along_axis(shares, bins, axis=1)[:, 0] + TINY)
    back = np.clip(inside, 0, 1) - np.float32(0.5)
    return np.asarray(FREQUENCIES_HZ[bins[:, 0]] - back * np.float32(BIN_HZ))


def entropy(shares: Array) -> Array:
    """Return the spectral entropy: 0 for a single line, 1 for white noise.

    References
    ----------
    Inouye, T. et al. (1991). Quantification of EEG irregularity by use of the
    entropy of the power spectrum. Electroencephalography and Clinical
    Neurophysiology, 79(3), 204-210.
    """
    bits = -(shares * np.log(shares + TINY)).sum(axis=1)
    return np.asarray(bits / np.log(np.float32(N_BINS)))


def mean_frequency_hz(shares: Array) -> Array:
    """Return the geometric mean of the frequencies, weighted by their power."""
    return np.asarray(np.exp(shares @ _LN_HZ))
