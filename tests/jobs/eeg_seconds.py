"""Seconds of EEG as they come over the wire, and a model that is no model."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from eeg.packets import encoded
from eeg.scoring import Scored
from eeg.window import Window
from tests.streams import Message, message

RATE_HZ: Final = 128.0
CHANNELS: Final = ("Fp1", "Cz", "O2")


def second(t: float, patient_id: str = "p", **changes: object) -> Message:
    """Return a second whose samples all are ``t`` counts, in each channel."""
    rate_hz = float(str(changes.get("rate_hz", RATE_HZ)))
    channels = changes.get("channels", CHANNELS)
    assert isinstance(channels, Sequence)
    counts = np.full((len(channels), round(rate_hz)), round(t), np.int16)
    usual = {
        "rate_hz": rate_hz,
        "channels": list(channels),
        "uv_per_count": 0.5,
        "samples": encoded(counts).decode(),
    }
    return message(t, patient_id, **usual | changes)


class StandIn:
    """Says of a window only what stands in it: that can be looked at.

    The probability is the number of samples in thousands; the amplitudes are the
    values of the first second, of the last one, and a missing one.
    """

    model = "stand-in 1"
    threshold = 0.5

    def score(self, windows: Sequence[Window]) -> list[Scored]:
        """Return what stands in each window."""
        return [_said(window) for window in windows]


def _said(window: Window) -> Scored:
    n_samples = window.samples_uv.shape[1]
    ends = window.samples_uv[0, [0, -1]].tolist()
    return Scored(
        probability=np.array([n_samples / 1000] * 2 + [math.nan]),
        quality=("good", "good", "flat"),
        log_line_length=np.array([1.0, 1.0, math.nan]),
        amplitude_uv=np.array([*ends, math.nan]),
    )
