"""Recordings of EEG made up for tests."""

import numpy as np
import orjson
from numpy.typing import NDArray

from eeg.packets import decoded
from eeg.recording import Recording, Seizure
from producers.outgoing import Message


def recording(  # noqa: PLR0913 - a test names what it varies
    name: str = "p",
    *,
    n_samples: int = 500,
    rate_hz: float = 100.0,
    gains: tuple[float, ...] = (0.5, 0.5),
    offsets: tuple[float, ...] = (),
    begins_s: float = 0.0,
    seizures: tuple[Seizure, ...] = (),
    seed: int = 0,
) -> Recording:
    shape = (len(gains), n_samples)
    return Recording(
        name=name,
        rate_hz=rate_hz,
        channels=tuple(f"C{i}" for i in range(len(gains))),
        counts=np.random.default_rng(seed).integers(-32768, 32767, shape, np.int16),
        uv_per_count=np.array(gains),
        offset_uv=np.array(offsets) if offsets else np.zeros(len(gains)),
        reference="average",
        begins_s=begins_s,
        seizures=seizures,
    )


def samples_uv(message: Message) -> NDArray[np.float32]:
    value = orjson.loads(message[1])
    setting = (value[name] for name in ("channels", "rate_hz", "uv_per_count"))
    return decoded([value["samples"]], *setting)
