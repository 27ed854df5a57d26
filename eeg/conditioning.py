"""Any amplifier's window brought to one rate and one band.

A window is short, so its whole spectrum is at hand: the trend is taken out, the
band is cut by a smooth gain on the Fourier coefficients, and the transform back
has as many points as the model's rate asks for. Nothing above the band is left,
so nothing can alias, whatever the two rates are.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from eeg.window import WINDOW_S

Array = NDArray[np.float32]

RATE_HZ: Final = 128
"""The model's rate: what it reads must exist in recordings of 128 Hz."""

N_SAMPLES: Final = RATE_HZ * WINDOW_S

LOW_HZ: Final = 1.0
HIGH_HZ: Final = 40.0
"""The band that clinical recordings have in common: filters and mains lie outside."""

LOW_EDGE_HZ: Final = 0.5
HIGH_EDGE_HZ: Final = 4.0
"""Widths over which the gain goes from nothing to all, in the middle half."""


def conditioned(samples_uv: Array, rate_hz: float) -> Array:
    """Return windows without trend, in the model's band, at the model's rate.

    Parameters
    ----------
    samples_uv
        Shape (n_rows, n_samples), microvolt: one row per channel.
    rate_hz
        Of all rows; at least ``2 * HIGH_HZ`` and a little.

    Returns
    -------
    Array
        Shape (n_rows, ``N_SAMPLES``), microvolt.
    """
    n_samples = samples_uv.shape[1]
    coefficients = fft.rfft(without_trend(samples_uv), axis=1)
    kept = min(coefficients.shape[1], N_SAMPLES // 2)
    gain = _band_gain(np.arange(kept) * rate_hz / n_samples)
    band = np.zeros((len(samples_uv), N_SAMPLES // 2 + 1), np.complex64)
    band[:, :kept] = coefficients[:, :kept] * gain
    scale = np.float32(N_SAMPLES / n_samples)
    return np.asarray(fft.irfft(band, N_SAMPLES, axis=1) * scale, np.float32)


def bridged(samples_uv: Array) -> Array:
    """Return each row with straight lines where NaN was, 0 where all of it was."""
    gaps = ~np.isfinite(samples_uv)
    broken = np.flatnonzero(gaps.any(axis=1))
    if not broken.size:
        return samples_uv
    rows, places = samples_uv.copy(), np.arange(samples_uv.shape[1])
    for row in broken:
        known = ~gaps[row]
        measured = samples_uv[row, known] if known.any() else np.zeros(1)
        at = places[known] if known.any() else places[:1]
        rows[row] = np.interp(places, at, measured)
    return rows


def without_trend(samples: Array) -> Array:
    """Return each row minus the straight line that fits it best."""
    ramp = np.linspace(-1, 1, samples.shape[1], dtype=np.float32)
    level = samples - samples.mean(axis=1, keepdims=True)
    slope = level @ ramp / (ramp @ ramp)
    return np.asarray(level - slope[:, None] * ramp)


def _band_gain(hz: NDArray[np.float64]) -> Array:
    rise = np.clip((hz - LOW_HZ) / LOW_EDGE_HZ + 0.5, 0, 1)
    fall = np.clip((HIGH_HZ - hz) / HIGH_EDGE_HZ + 0.5, 0, 1)
    return np.asarray((np.sin(np.pi / 2 * rise * fall) ** 2).astype(np.float32))
