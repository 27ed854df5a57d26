"""One recording: what a file, or a part of it without a gap, says."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class RecordingError(Exception):
    """One line: which file cannot be read, why, and what was expected."""


class Seizure(NamedTuple):
    """A seizure that the file's annotations name, in seconds from its start."""

    onset_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What was recorded of one patient, without a gap.

    Attributes
    ----------
    name
        The file's name, or that of the recording in it.
    rate_hz
        Samples of a channel in a second.
    channels
        Names of the channels; those of electrodes as in ``eeg.electrodes``.
    reference
        What was recorded against, where known.
    counts
        Shape (n_channels, n_samples), as the amplifier counted.
    uv_per_count, offset_uv
        Shape (n_channels,): microvolt = count * uv_per_count + offset_uv.
    begins_s
        Seconds from the start of the file; not 0 behind a gap.
    start
        When the file's first sample was taken, without time zone, where known.
    seizures
        In seconds from the start of the file; those of the whole file.
    group
        The set that it belongs to, where a file holds several.
    """

    name: str
    rate_hz: float
    channels: tuple[str, ...]
    counts: NDArray[np.int16]
    uv_per_count: NDArray[np.float64]
    offset_uv: NDArray[np.float64]
    reference: str | None = None
    begins_s: float = 0.0
    start: datetime | None = None
    seizures: tuple[Seizure, ...] = ()
    group: str = ""

    @property
    def n_samples(self) -> int:
        """Return how many samples each channel has."""
        return int(self.counts.shape[1])

    @property
    def length_s(self) -> float:
        """Return how long it lasts."""
        return self.n_samples / self.rate_hz

    @property
    def samples_uv(self) -> NDArray[np.float32]:
        """Return all samples in microvolt, shape (n_channels, n_samples)."""
        return self.part_uv(0, self.n_samples)

    def part_uv(self, first: int, end: int) -> NDArray[np.float32]:
        """Return the samples from ``first`` up to before ``end``, in microvolt."""
        gain, offset = self.uv_per_count[:, None], self.offset_uv[:, None]
        samples_uv = self.counts[:, first:end] * gain.astype(np.float32)
        return np.asarray(samples_uv + offset.astype(np.float32))
