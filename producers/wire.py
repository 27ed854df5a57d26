"""Simulated readings and episodes as messages, fast.

Encoding a message afresh costs 2 us. Here each part of a message is encoded
once and kept (there are only so many heart rates), and a message is a join of
parts, a quarter of the time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import orjson

from digital_twin.sensors import SIGNALS
from digital_twin.ward import Episode, Sent
from producers.outgoing import Message

MISSING: Final = -1
_NOTHING: Final = b""


class _Fragments(dict[int, bytes]):
    """A number of steps -> its member in a JSON object, encoded when first met."""

    def __init__(self, name: str, per_unit: int) -> None:
        super().__init__({MISSING: _NOTHING})
        self._name = name
        self._per_unit = per_unit

    def __missing__(self, steps: int) -> bytes:
        value = steps if self._per_unit == 1 else steps / self._per_unit
        self[steps] = b"," + orjson.dumps({self._name: value})[1:-1]
        return self[steps]


_PER_UNIT: Final = np.array([[round(1.0 / s.resolution)] for s in SIGNALS])
_FRAGMENTS: Final = tuple(
    _Fragments(s.name, int(n)) for s, n in zip(SIGNALS, _PER_UNIT[:, 0], strict=True)
)


def patient_id(device: int) -> str:
    """Return the pseudonym of the patient whom a device watches."""
    return f"patient-{device:05d}"


def device_id(device: int) -> str:
    """Return the pseudonym of a device."""
    return f"device-{device:05d}"


@dataclass(frozen=True, slots=True)
class Encoder:
    """Encodes the messages of one fleet; time 0 of the twin is ``start_ms``."""

    keys: tuple[bytes, ...]
    heads: tuple[bytes, ...]
    start_ms: int

    @classmethod
    def of(cls, n_devices: int, start_ms: int) -> Self:
        """Return the encoder of ``n_devices`` devices."""
        everyone = range(n_devices)
        keys = tuple(patient_id(i).encode() for i in everyone)
        return cls(keys, tuple(map(_head, everyone)), start_ms)

    def vitals(self, sent: Sent) -> list[Message]:
        """Return one message a reading; what is not reported is not in it."""
        device = sent.device.tolist()
        values = map(b"".join, zip(*self._parts(sent, device), strict=True))
        return list(zip(map(self.keys.__getitem__, device), values, strict=True))

    def _parts(self, sent: Sent, device: list[int]) -> Iterator[Iterator[bytes]]:
        yield map(self.heads.__getitem__, device)
        for fragments, row in zip(_FRAGMENTS, _steps(sent), strict=True):
            yield map(fragments.__getitem__, row)
        ts_ms = np.rint(sent.at_s * 1000.0).astype(np.int64) + self.start_ms
        tail = zip(sent.seq.tolist(), ts_ms.tolist(), strict=True)
        yield map(b',"seq":%d,"ts_ms":%d}'.__mod__, tail)

    def truth(self, episode: Episode) -> Message:
        """Return the message that says what was played."""
        value = {
            "patient_id": patient_id(episode.device),
            "device_id": device_id(episode.device),
            "episode": episode.kind,
            "onset_ms": self._ms(episode.onset_s),
            "end_ms": self._ms(episode.end_s),
        }
        return self.keys[episode.device], orjson.dumps(value)

    def _ms(self, at_s: float) -> int:
        return self.start_ms + round(at_s * 1000.0)


def _head(device: int) -> bytes:
    value = {"patient_id": patient_id(device), "device_id": device_id(device)}
    return orjson.dumps(value)[:-1]


def _steps(sent: Sent) -> list[list[int]]:
    steps = np.rint(sent.values * _PER_UNIT)
    known = np.where(np.isnan(steps), MISSING, steps).astype(np.int64)
    rows: list[list[int]] = known.tolist()
    return rows
