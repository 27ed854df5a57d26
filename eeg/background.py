"""A patient's own background: how loud the EEG has been, of late but not just now.

A mean, because a stream can keep a mean over a sliding time with two sums. It is
learned from the past only: the background of the second ``t`` is that of the known
seconds in [t - 660 s, t - 60 s).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

BACKGROUND_S: Final = 600
"""Ten minutes: longer than a seizure, shorter than a change from waking to sleep."""

LEFT_OUT_S: Final = 60
"""The latest past is left out, so that a seizure does not become its own background."""

LEAST_KNOWN_S: Final = 120
"""With fewer known seconds there is no background yet, and the model decides alone."""

STANDS_OUT_LN: Final = 0.3
"""ln(1.35): how much louder than its background a seizure is at the least."""


def stands_out_ln(at_s: Array, log_line_length: Array) -> Array:
    """Return by how much each second is louder than the patient's own background.

    Parameters
    ----------
    at_s
        Shape (n,), in order of time.
    log_line_length
        Shape (n,), ln(uV/s); NaN where not known.

    Returns
    -------
    Array
        Shape (n,), natural logarithm of a ratio; NaN where the second is not known,
        or where there is not yet enough background.
    """
    first = np.searchsorted(at_s, at_s - BACKGROUND_S - LEFT_OUT_S)
    end = np.searchsorted(at_s, at_s - LEFT_OUT_S)
    n_known = _sums(~np.isnan(log_line_length), first, end)
    total = _sums(np.nan_to_num(log_line_length), first, end)
    mean = total / np.where(n_known >= LEAST_KNOWN_S, n_known, np.nan)
    return np.asarray(log_line_length - mean)


def _sums(values: NDArray[np.generic], first: Places, end: Places) -> Array:
    """Return the sum of ``values[first:end]`` of each pair."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(running[end] - running[first])
