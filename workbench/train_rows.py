"""Recordings to rows: one per window, with the recording that it comes from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eeg.conditioning import conditioned
from eeg.features import LEAST_UV, features
from eeg.quality import GOOD, qualities
from eeg.recording import Recording
from eeg.window import WINDOW_S
from workbench.train_changes import Change, Trace

SEIZURE_SET: Final = "E"
HARD_SET: Final = "D"
"""The sets of Bonn: seizures, and the same patients' seizure focus between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Windows as numbers. All arrays have one entry, or row, per window.

    Attributes
    ----------
    features
        Shape (n_rows, n_features).
    amplitude
        ln of the standard deviation in uV: what the plain baseline is made of.
    recording
        Number of the recording's content: the same samples under two names are one.
    seizure, hard
        Whether the window is of a seizure; whether it is of either of the two sets
        that are hardest to tell apart.
    plain
        Whether the window is as it was recorded.
    """

    features: NDArray[np.float32]
    amplitude: NDArray[np.float32]
    recording: NDArray[np.int64]
    seizure: NDArray[np.bool_]
    hard: NDArray[np.bool_]
    plain: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many windows there are."""
        return len(self.recording)

    def where(self, chosen: NDArray[np.bool_]) -> "Rows":
        """Return some of the rows."""
        return Rows(
            self.features[chosen],
            self.amplitude[chosen],
            self.recording[chosen],
            self.seizure[chosen],
            self.hard[chosen],
            self.plain[chosen],
        )


def joined(parts: Sequence[Rows]) -> Rows:
    """Return all rows of all parts."""
    return Rows(
        np.concatenate([each.features for each in parts]),
        np.concatenate([each.amplitude for each in parts]),
        np.concatenate([each.recording for each in parts]),
        np.concatenate([each.seizure for each in parts]),
        np.concatenate([each.hard for each in parts]),
        np.concatenate([each.plain for each in parts]),
    )


def identity(recording: Recording) -> int:
    """Return a number that says what was recorded, whatever it is called."""
    digest = hashlib.sha256(recording.counts.tobytes()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


def rows(
    recording: Recording,
    *,
    step_s: float,
    change: Change | None = None,
    rng: np.random.Generator | None = None,
) -> Rows:
    """Return the windows of one recording, every ``step_s``, without broken ones."""
    trace = Trace(recording.samples_uv[0].astype(np.float64), recording.rate_hz)
    if change is not None:
        trace = change(trace, rng or np.random.default_rng(0))
    windows = _windows(trace, step_s)
    quality = qualities(windows, trace.rate_hz)
    good = np.array([each == GOOD for each in quality])
    ready = conditioned(windows[good], trace.rate_hz)
    n_rows = len(ready)
    return Rows(
        features(ready),
        np.log(np.maximum(ready.std(axis=1), LEAST_UV)),
        np.full(n_rows, identity(recording)),
        np.full(n_rows, recording.group == SEIZURE_SET),
        np.full(n_rows, recording.group in {SEIZURE_SET, HARD_SET}),
        np.full(n_rows, change is None),
    )


def _windows(trace: Trace, step_s: float) -> NDArray[np.float32]:
    """Return the windows that fit in whole, shape (n_windows, n_samples)."""
    length = round(WINDOW_S * trace.rate_hz)
    n_steps = int((len(trace.samples_uv) - length) / (step_s * trace.rate_hz))
    firsts = [round(step * step_s * trace.rate_hz) for step in range(n_steps + 1)]
    cut = [trace.samples_uv[first : first + length] for first in firsts]
    return np.array(cut, np.float32)
