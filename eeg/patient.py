"""From channels to one value of a patient.

A seizure seldom shows in one channel of many, and a loose electrode seldom in more:
so the highest quarter of the usable channels speaks for the patient, by its mean.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eeg.scoring import Scored

SPEAKING_SHARE: Final = 0.25
"""Share of the usable channels that speaks: 5 of 19, and the one of a headset."""

LEAST_GOOD_SHARE: Final = 1 / 3
"""With fewer usable channels than this, too much of the head is unseen."""


def patient_probability(scored: Scored) -> float:
    """Return the patient's probability of a seizure; NaN is "not known", never "no"."""
    return _spoken(scored.probability)


def patient_log_line_length(scored: Scored) -> float:
    """Return how loud the patient's EEG is, as ln(uV/s); NaN where not known."""
    return _spoken(scored.log_line_length)


def _spoken(values: NDArray[np.float64]) -> float:
    """Return the mean of the highest quarter of the values that are known."""
    good = np.sort(values[~np.isnan(values)])
    if good.size < least_good_channels(values.size):
        return math.nan
    return float(good[-math.ceil(SPEAKING_SHARE * good.size) :].mean())


def least_good_channels(n_channels: int) -> int:
    """Return how many of ``n_channels`` must be usable for a score."""
    return max(1, math.ceil(LEAST_GOOD_SHARE * n_channels))
