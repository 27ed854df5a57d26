"""One patient and two devices: the same body, each device with errors of its own."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from digital_twin.sensors import SIGNALS
from digital_twin.shadow.state import Settings
from digital_twin.ward import Setting, play

Values = Mapping[str, float]

LONGEST_S: Final = 60
"""How many seconds a sensor remembers: more than a device may average over."""

NOISE: Final[Mapping[str, float]] = {
    "heart_rate_bpm": 0.5,
    "pulse_rate_bpm": 0.8,
    "spo2_pct": 0.3,
    "respiratory_rate_per_min": 0.5,
    "systolic_mmhg": 1.0,
    "diastolic_mmhg": 1.0,
    "temperature_c": 0.02,
}
"""What each device adds of its own to what it measures, in the unit of the name.

Our choice for a resting patient under good contact: well inside what ISO 80601-2-61
(oximeters, 4 % root mean square) and IEC 60601-2-27 (heart rate, 10 %) let a device be
wrong by.
"""
_FULL_PCT: Final = 100.0
_MEASURED: Final = tuple(signal for signal in SIGNALS if signal.name in NOISE)


def patient(seed: int) -> Iterator[dict[str, float]]:
    """Yield what is true of one patient at rest, second after second, without end."""
    every = Setting(
        seed=seed,
        period_s=1.0,
        scenario=SCENARIOS["calm"],
        network=NETWORKS["perfect"],
    )
    for period in play(0, 1, every):
        values = zip(SIGNALS, period.sent.values[:, 0].tolist(), strict=True)
        yield {each.name: value for each, value in values if each.name in NOISE}


@dataclass(slots=True)
class Sensor:
    """What a device makes of a patient: noise, an error of its saturation, a memory.

    ``error_pct`` is what its saturation is wrong by, before its own offset.
    """

    rng: np.random.Generator
    error_pct: float = 0.0
    _past: deque[Values] = field(default_factory=lambda: deque(maxlen=LONGEST_S))

    def reading(self, true: Values, settings: Settings) -> dict[str, float]:
        """Return what it reads in this second: whole numbers, temperature in tenths."""
        self._past.append(self._raw(true))
        last = list(self._past)[-max(1, round(float(settings["averaging_s"]))) :]
        mean = {name: sum(each[name] for each in last) / len(last) for name in true}
        offset_pct = float(settings["spo2_offset_pct"])
        mean["spo2_pct"] = min(_FULL_PCT, mean["spo2_pct"] + offset_pct)
        return {s.name: _stepped(mean[s.name], s.resolution) for s in _MEASURED}

    def _raw(self, true: Values) -> Values:
        noise = self.rng.standard_normal(len(NOISE))
        raw = {
            name: true[name] + spread * float(each)
            for (name, spread), each in zip(NOISE.items(), noise, strict=True)
        }
        return {**raw, "spo2_pct": raw["spo2_pct"] + self.error_pct}


def _stepped(value: float, resolution: float) -> float:
    per_unit = round(1.0 / resolution)
    return round(value * per_unit) / per_unit
