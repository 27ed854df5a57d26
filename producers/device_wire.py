"""Statuses of simulated devices as messages of the contract, fast."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Self

import numpy as np
import orjson

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Index, Mask
from digital_twin.devices.course import Statuses
from digital_twin.devices.settings import Settings
from digital_twin.devices.traits import FIRMWARE
from producers.outgoing import Message

Column = Array | Index | Mask

AS_MADE: Final[dict[str, object]] = asdict(Settings())
"""Settings of a device that nobody has set."""

_BOTH: Final = (
    b',"seq":%d,"ts_ms":%d,"boot_id":"%x-%d","uptime_s":%d,"firmware":"%s"'
    b',"battery_pct":%d,"on_mains":%s,"contact_pct":%d,"probe_offs":%d'
    b',"calibrated_ms":%d,"readings":%d,"repeated_readings":%d'
)
_MEANS: Final = b',"mean_heart_rate_bpm":%.1f,"mean_spo2_pct":%.1f}'
_JSON: Final = (b"false", b"true")
_FIRMWARE: Final = tuple(version.encode() for version in FIRMWARE)


@dataclass(frozen=True, slots=True)
class StatusEncoder:
    """Encodes the statuses of one cohort; time 0 of the twin is ``start_ms``."""

    keys: tuple[bytes, ...]
    heads: tuple[bytes, ...]
    start_ms: int

    @classmethod
    def of(cls, devices: Sequence[str], patients: Sequence[str], start_ms: int) -> Self:
        """Return the encoder of ``devices``, each with the patient it measures."""
        pairs = zip(devices, patients, strict=True)
        heads = tuple(_head(device, patient) for device, patient in pairs)
        return cls(tuple(device.encode() for device in devices), heads, start_ms)

    def messages(self, said: Statuses) -> list[Message]:
        """Return one message a status; what a device cannot know yet is not in it."""
        device = said.device.tolist()
        values = map(
            bytes.__add__, map(self.heads.__getitem__, device), self._rest(said)
        )
        return list(zip(map(self.keys.__getitem__, device), values, strict=True))

    def _rest(self, said: Statuses) -> Iterator[bytes]:
        means = zip(
            said.mean_heart_rate_bpm.tolist(), said.mean_spo2_pct.tolist(), strict=True
        )
        rows = zip(*(column.tolist() for column in self._whole(said)), strict=True)
        for row, both in zip(rows, means, strict=True):
            (*first, firmware, battery, on_mains), more = row[:8], row[8:]
            known = (*first, _FIRMWARE[firmware], battery, _JSON[on_mains], *more)
            yield _BOTH % known + (b"}" if both[0] != both[0] else _MEANS % both)

    def _whole(self, said: Statuses) -> Iterator[Column]:
        yield said.seq
        yield self.ms(said.at_s + said.clock_error_s)
        yield np.full(said.boot.size, self.start_ms // 1000)
        yield said.boot
        yield said.uptime_s.astype(np.int64)
        yield said.firmware
        yield said.battery_pct.astype(np.int64)
        yield said.on_mains
        yield said.contact_pct.astype(np.int64)
        yield said.probe_offs
        yield self.ms(said.calibrated_s)
        yield said.readings
        yield said.repeated_readings

    def ms(self, at_s: Array) -> Index:
        """Return times of the twin as milliseconds since 1970."""
        return np.asarray(np.rint(at_s * 1000.0).astype(np.int64) + self.start_ms)


def _head(device: str, patient: str) -> bytes:
    ids: dict[str, object] = {"device_id": device, "patient_id": patient}
    return orjson.dumps(ids | AS_MADE)[:-1]
