"""Seconds of EEG as messages of the contract."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson

from eeg.packets import MOST_COUNT, Counts, encoded, first_sample, quantised
from eeg.packets import whole_seconds as whole
from eeg.recording import Recording
from producers.outgoing import Message

MOST_BYTES: Final = 1_000_000
"""What the publisher and the broker take of one message."""

_HEAD_BYTES: Final = 400
_SAME_UV: Final = 1e-3
"""Share of a count by which a zero may be off, as EDF writes its ranges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Who sends, and what stands in each of its messages."""

    patient_id: str
    device_id: str
    rate_hz: float
    reference: str | None
    channels: tuple[str, ...]
    uv_per_count: float

    @property
    def message_bytes(self) -> int:
        """Return about how large a message is: a count is two bytes, base64 a third."""
        counts = len(self.channels) * math.ceil(self.rate_hz)
        return _HEAD_BYTES + sum(map(len, self.channels)) + 8 * counts // 3

    def message(self, ts_ms: int, seq: int, counts: Counts) -> Message:
        """Return the message of the second that began at ``ts_ms``."""
        value = {
            "ts_ms": ts_ms,
            "patient_id": self.patient_id,
            "device_id": self.device_id,
            "seq": seq,
            "rate_hz": self.rate_hz,
            "reference": self.reference,
            "channels": self.channels,
            "uv_per_count": self.uv_per_count,
            "samples": encoded(counts).decode("ascii"),
        }
        return self.patient_id.encode(), orjson.dumps(value)


def device(recording: Recording, patient_id: str) -> Device:
    """Return the device that sends ``recording`` as if it measured now."""
    return Device(
        patient_id=patient_id,
        device_id=f"{patient_id}-eeg",
        rate_hz=recording.rate_hz,
        reference=recording.reference,
        channels=recording.channels,
        uv_per_count=scale(recording),
    )


def seconds(recording: Recording) -> Iterator[Counts]:
    """Yield each whole second in counts of ``scale``; what is left over is not sent.

    All are the amplifier's own counts where all channels have its scale.
    """
    uv_per_count, own = scale(recording), _is_even(recording)
    for second in range(whole(recording.n_samples, recording.rate_hz)):
        first = first_sample(second, recording.rate_hz)
        end = first_sample(second + 1, recording.rate_hz)
        if own:
            yield recording.counts[:, first:end]
        else:
            yield quantised(recording.part_uv(first, end), uv_per_count)


def scale(recording: Recording) -> float:
    """Return what a count is worth: as recorded, or the finest that holds the range."""
    if _is_even(recording):
        return float(recording.uv_per_count[0])
    widest_uv = np.abs(recording.uv_per_count) * (MOST_COUNT + 1)
    return float((widest_uv + np.abs(recording.offset_uv)).max()) / MOST_COUNT


def _is_even(recording: Recording) -> bool:
    """Return whether counts can travel as they are: no offset, one scale, above 0."""
    gain = recording.uv_per_count
    centred = np.abs(recording.offset_uv) < _SAME_UV * gain
    return bool((gain == gain[0]).all() and centred.all())
