"""What tests ask of simulated EEG."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from digital_twin.brain.scalp import ELECTRODES, Signal
from digital_twin.eeg import RATE_HZ, Second

Array = NDArray[np.float64]


def together(played: Iterable[Second]) -> Signal:
    """Return all seconds in one, shape (patients, electrodes, samples)."""
    return np.concatenate([second.samples_uv for second in played], axis=-1)


def at(samples_uv: Signal, *names: str) -> Signal:
    """Return the electrodes of these names."""
    return samples_uv[:, [ELECTRODES.index(name) for name in names]]


def density(samples_uv: Signal, n: int, padded: int) -> tuple[Array, Array]:
    """Return frequencies, and the power at each, averaged over parts of ``n``."""
    parts = samples_uv[..., : samples_uv.shape[-1] // n * n]
    parts = parts.reshape(*samples_uv.shape[:-1], -1, n)
    window = np.hanning(n)
    power = np.abs(np.fft.rfft(parts * window, padded)) ** 2 * 2.0 / (window**2).sum()
    return np.fft.rfftfreq(padded, 1 / RATE_HZ), np.asarray(
        power.mean(axis=-2) / padded
    )


def band_uv2(samples_uv: Signal, low_hz: float, high_hz: float) -> Array:
    """Return the power between two frequencies, over the last axis."""
    hz, power = density(samples_uv, 2 * RATE_HZ, 2 * RATE_HZ)
    inside = (low_hz <= hz) & (hz <= high_hz)
    return np.asarray(power[..., inside].sum(axis=-1))


def dominant_hz(samples_uv: Signal) -> float:
    """Return the frequency of most power above 1.5 Hz."""
    hz, power = density(samples_uv, samples_uv.size, 4096)
    above = hz > 1.5
    return float(hz[above][power[above].argmax()])
