"""The numbers that the model reads of a window, in their order.

Each is free of gain: what is multiplied as a whole keeps its features. Whatever can
grow without bound is taken as its natural logarithm, so that a factor anywhere
counts the same. What depends on gain stands below, for other uses.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from eeg import spectrum, waveform
from eeg.conditioning import HIGH_HZ, LOW_HZ, Array

BANDS_HZ: Final = {
    "delta": (LOW_HZ, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 13.0),
    "low_beta": (13.0, 20.0),
    "high_beta": (20.0, 30.0),
    "gamma": (30.0, HIGH_HZ),
}
"""The rhythms that EEG is spoken of in, as far as the model's band reaches."""

LEAST_UV: Final = np.float32(1e-6)
"""A waveform smaller than this is none; it keeps a division finite."""

LEAST_SHARE: Final = 1e-5
ROWS_AT_ONCE: Final = 64
"""So many rows and what is made of them fit a core's own cache: three times as fast."""


class View:
    """A few conditioned rows, and what several features are made of."""

    def __init__(self, rows_uv: Array) -> None:
        """Take the mean and the standard deviation out of ``rows_uv``."""
        level = rows_uv - rows_uv.mean(axis=1, keepdims=True)
        spread = np.maximum(np.sqrt(waveform.mean_square(level)), LEAST_UV)
        self.z: Array = level / spread[:, None]

    @cached_property
    def slope(self) -> Array:
        """Change per second."""
        return waveform.slope(self.z)

    @cached_property
    def ordered(self) -> Array:
        """Samples in order of size."""
        return waveform.ordered(self.z)

    @cached_property
    def autocorrelation(self) -> Array:
        """Likeness to oneself, by lag."""
        return waveform.autocorrelation(self.z)

    @cached_property
    def shares(self) -> Array:
        """Each frequency's share of the power."""
        return spectrum.shares(spectrum.density(self.z))


class Feature(NamedTuple):
    """One number of a window; ``unit`` is its unit, or that of which it is the ln."""

    name: str
    unit: str
    value: Callable[[View], Array]


def _ln(value: Array, least: float = 1e-3) -> Array:
    return np.asarray(np.log(np.maximum(value, np.float32(least))))


def _share(name: str) -> Feature:
    low_hz, high_hz = BANDS_HZ[name]
    return Feature(
        f"{name}_share",
        "ln 1",
        lambda v: _ln(spectrum.band_share(v.shares, low_hz, high_hz), LEAST_SHARE),
    )


FEATURES: Final = (
    *map(_share, BANDS_HZ),
    Feature(
        "median_frequency", "ln Hz", lambda v: _ln(spectrum.edge_hz(v.shares, 0.5))
    ),
    Feature("spectral_edge", "ln Hz", lambda v: _ln(spectrum.edge_hz(v.shares, 0.95))),
    Feature(
        "mean_frequency", "ln Hz", lambda v: _ln(spectrum.mean_frequency_hz(v.shares))
    ),
    Feature("spectral_entropy", "1", lambda v: spectrum.entropy(v.shares)),
    Feature("line_length", "ln 1/s", lambda v: _ln(waveform.line_length(v.slope))),
    Feature("mobility", "ln 1/s", lambda v: _ln(waveform.mobility(v.slope))),
    Feature("complexity", "ln 1", lambda v: _ln(waveform.complexity(v.slope))),
    Feature("evenness", "1", lambda v: waveform.evenness(v.slope)),
    Feature("kurtosis", "ln 1", lambda v: _ln(waveform.kurtosis(v.z))),
    Feature("slope_kurtosis", "ln 1", lambda v: _ln(waveform.kurtosis(v.slope))),
    Feature("skewness", "1", lambda v: waveform.skewness(v.z)),
    Feature("slope_skewness", "1", lambda v: waveform.skewness(v.slope)),
    Feature("lopsidedness", "1", lambda v: waveform.lopsidedness(v.ordered)),
    Feature("tail_ratio", "ln 1", lambda v: _ln(waveform.tail_ratio(v.ordered))),
    Feature("peak", "ln 1", lambda v: _ln(waveform.peak(v.z))),
    Feature("zero_crossings", "1/s", lambda v: waveform.crossings(v.z)),
    Feature("turning_points", "1/s", lambda v: waveform.crossings(v.slope)),
    Feature("power_variation", "1", lambda v: waveform.power_variation(v.z)),
    Feature("energy_variation", "ln 1", lambda v: _ln(waveform.energy_variation(v.z))),
    Feature("first_zero", "s", lambda v: waveform.first_zero_s(v.autocorrelation)),
    Feature("rhythmicity", "1", lambda v: waveform.rhythmicity(v.autocorrelation)),
    Feature(
        "anticorrelation", "1", lambda v: waveform.anticorrelation(v.autocorrelation)
    ),
    Feature("permutation_entropy", "1", lambda v: waveform.permutation_entropy(v.z)),
)

NAMES: Final = tuple(feature.name for feature in FEATURES)


def features(conditioned_uv: Array) -> Array:
    """Return the features of conditioned windows.

    Parameters
    ----------
    conditioned_uv
        Shape (n_rows, ``N_SAMPLES``), as ``eeg.conditioning`` returns them.

    Returns
    -------
    Array
        Shape (n_rows, n_features), in the order of ``NAMES``; always finite.
    """
    found = np.empty((len(conditioned_uv), len(FEATURES)), np.float32)
    for first in range(0, len(found), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        view = View(conditioned_uv[rows])
        for column, feature in enumerate(FEATURES):
            found[rows, column] = feature.value(view)
    return found


def log_line_length(conditioned_uv: Array) -> Array:
    """Return how loud each row is: ln of its line length in uV/s, shape (n_rows,)."""
    line_uv_s = waveform.line_length(waveform.slope(conditioned_uv))
    return np.asarray(np.log(np.maximum(line_uv_s, LEAST_UV)))


def amplitude_uv(conditioned_uv: Array) -> Array:
    """Return the typical peak of each row in microvolt, shape (n_rows,)."""
    return waveform.peak(conditioned_uv)
