"""A few seconds of EEG: what is scored at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

WINDOW_S: Final = 4
"""Long enough for a few waves of a slow seizure, short enough to be told soon."""

STEP_S: Final = 1
"""A window ends with each message, one a second."""

LEAST_RATE_HZ: Final = 100.0
"""Slower recordings do not carry the model's whole band."""

MOST_RATE_HZ: Final = 20_000.0
"""No EEG amplifier is faster; a rate beyond is a mistake of the sender's."""


@dataclass(frozen=True, slots=True)
class Window:
    """One patient's channels over the same few seconds.

    Attributes
    ----------
    rate_hz
        Samples of a channel in a second.
    channels
        The channels' names, in the order of the rows of ``samples_uv``.
    samples_uv
        Shape (n_channels, n_samples), in microvolt; NaN where nothing was measured.
    """

    rate_hz: float
    channels: tuple[str, ...]
    samples_uv: NDArray[np.float32]
