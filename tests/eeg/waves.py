"""Waves whose answers are known on paper."""

import numpy as np
from numpy.typing import NDArray

from eeg.conditioning import N_SAMPLES, RATE_HZ
from eeg.window import WINDOW_S

Array = NDArray[np.float32]


def times_s(rate_hz: float = RATE_HZ) -> NDArray[np.float64]:
    return np.arange(round(WINDOW_S * rate_hz)) / rate_hz


def sine(hz: float, size: float = 2**0.5, rate_hz: float = RATE_HZ) -> Array:
    """Return one row, shape (1, n_samples); by default of variance 1."""
    wave = size * np.sin(2 * np.pi * hz * times_s(rate_hz))
    return np.asarray(wave[None, :], np.float32)


def zigzag() -> Array:
    return np.resize([1, -1], (1, N_SAMPLES)).astype(np.float32)


def ramp() -> Array:
    return np.linspace(-1, 1, N_SAMPLES, dtype=np.float32)[None, :]


def brainlike(rng: np.random.Generator, n_rows: int, rate_hz: float = 256.0) -> Array:
    """Return noise with the spectrum of EEG, some 30 uV, with an alpha rhythm."""
    n_samples = round(WINDOW_S * rate_hz)
    lines = np.fft.rfft(rng.standard_normal((n_rows, n_samples)))
    hz = np.fft.rfftfreq(n_samples, 1 / rate_hz)
    noise = np.fft.irfft(lines / np.maximum(hz, 0.5), n_samples)
    noise *= 30 / noise.std(axis=1, keepdims=True)
    return (noise + sine(10.0, 15.0, rate_hz)).astype(np.float32)
