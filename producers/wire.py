"""Simulated readings and episodes as messages, fast: column by column."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import orjson

from digital_twin.charted import CHARTS, Charted
from digital_twin.onsets import Index
from digital_twin.sensors import SIGNALS
from digital_twin.ward import Episode, Sent
from producers.damage import damaged
from producers.members import (
    MISSING,
    Column,
    Members,
    Numbers,
    digits,
    joined,
    table,
)
from producers.outgoing import Message, truth_message

_PER_UNIT: Final = np.array([[round(1.0 / s.resolution)] for s in SIGNALS])
_SIGNALS: Final = tuple(
    Column(s.name, int(n)) for s, n in zip(SIGNALS, _PER_UNIT[:, 0], strict=True)
)
_CHUNK: Final = 2_000
"""Messages whose rows of bytes fit into a processor's cache together."""


def _of_chart(chart: Charted) -> bytes:
    told = {name: value for name, value in chart._asdict().items() if value is not None}
    return b"," + orjson.dumps(told)[1:-1]


_CHARTS: Final = table(map(_of_chart, CHARTS))


def patient_id(device: int) -> str:
    """Return the pseudonym of the patient whom a device watches."""
    return f"patient-{device:05d}"


def device_id(device: int) -> str:
    """Return the pseudonym of a device."""
    return f"device-{device:05d}"


@dataclass(frozen=True, slots=True)
class Encoder:
    """Encodes the messages of one fleet; time 0 of the twin is ``start_ms``."""

    keys: Members
    heads: Members
    start_ms: int

    @classmethod
    def of(cls, n_devices: int, start_ms: int) -> Self:
        """Return the encoder of ``n_devices`` devices."""
        everyone = range(n_devices)
        keys = table(patient_id(i).encode() for i in everyone)
        return cls(keys, table(map(_head, everyone)), start_ms)

    def vitals(self, sent: Sent) -> list[Message]:
        """Return one message a reading, damaged where it is; less what is missing."""
        n = sent.device.size
        chunks = (slice(first, first + _CHUNK) for first in range(0, n, _CHUNK))
        return [
            message for chunk in chunks for message in self._messages(part(sent, chunk))
        ]

    def _messages(self, sent: Sent) -> Iterator[Message]:
        keys: list[bytes] = self.keys[sent.device].tolist()
        values = joined(len(keys), self._parts(sent))
        return zip(keys, damaged(values, sent.damage), strict=True)

    def _parts(self, sent: Sent) -> Iterator[Members | bytes]:
        yield self.heads[sent.device]
        for column, steps in zip(_SIGNALS, _steps(sent), strict=True):
            yield column.of(steps)
        yield _CHARTS[sent.chart]
        yield b',"seq":'
        yield digits(sent.seq)
        yield b',"ts_ms":'
        yield digits(np.rint(sent.at_s * 1000.0).astype(np.int64) + self.start_ms)
        yield b"}"

    def truth(self, episode: Episode) -> Message:
        """Return the message that says what was played."""
        return truth_message(
            patient_id(episode.device),
            device_id(episode.device),
            episode.kind,
            self._ms(episode.onset_s),
            end_ms=self._ms(episode.end_s),
        )

    def _ms(self, at_s: float) -> int:
        return self.start_ms + round(at_s * 1000.0)


def part(sent: Sent, which: slice | Index) -> Sent:
    """Return ``which`` of the readings."""
    return Sent._make(column[..., which] for column in sent)


def _head(device: int) -> bytes:
    ids = {"patient_id": patient_id(device), "device_id": device_id(device)}
    return orjson.dumps(ids)[:-1]


def _steps(sent: Sent) -> Numbers:
    steps = np.rint(sent.values * _PER_UNIT)
    unknown = np.isnan(steps)
    return np.where(unknown, MISSING, np.where(unknown, 0.0, steps).astype(np.int64))
