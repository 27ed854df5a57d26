"""What is measured when, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Shares = tuple[float, float]
"""Of the best and of the worst; patients lie evenly between them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Monitoring:
    """How a ward watches its patients.

    Signals in ``every_s`` are measured that often (and once a minute while somebody
    is at the bed), all others with every reading. Devices with ``tells_activity``
    say what the patient is doing, and how far they trust their signal. Nothing is
    known before ``begins_s``. Of what is measured, a share is in no message, because
    nobody writes it down: ``unwritten`` has it of each group of signals that go
    together.
    """

    doc: str
    source: str
    every_s: Mapping[str, float] = field(default_factory=dict)
    tells_activity: bool = False
    begins_s: float = 0.0
    unwritten: Mapping[tuple[str, ...], Shares] = field(default_factory=dict)


AT_BEDSIDE_EVERY_S: Final = 60.0
"""A cuff takes half a minute to a minute; our choice."""

CONTINUOUS: Final = Monitoring(
    doc="everything with every reading, pressure from an artery",
    source="Our choice: each message has all there is, which is what benchmarks need.",
)
SPOT_CHECKS: Final = Monitoring(
    doc="pressure every half hour, temperature every four hours",
    source="At least every 4 to 6 h at a NEWS of 1 to 4, every hour from 5 on: Royal "
    "College of Physicians (2017). NEWS 2. London: RCP. Every half hour is our choice "
    "for a ward with monitors.",
    every_s={
        "systolic_mmhg": 1800.0,
        "diastolic_mmhg": 1800.0,
        "temperature_c": 14_400.0,
    },
    tells_activity=True,
)

_PRESSURES: Final = ("systolic_mmhg", "diastolic_mmhg")
_HOURLY: Final = (
    "heart_rate_bpm",
    "pulse_rate_bpm",
    "spo2_pct",
    "respiratory_rate_per_min",
    *_PRESSURES,
    "temperature_c",
)

CHARTED: Final = Monitoring(
    doc="what a nurse writes into the chart of intensive care, hour by hour",
    source="Reyna, M. A. et al. (2020). Early prediction of sepsis from clinical data. "
    "Crit Care Med 48(2): 210-217: charts with a row an hour, of which 10 % have no "
    "heart rate, 13 % no saturation, 15 % no breathing and pressure and 66 % no "
    "temperature. That 94 % of charts begin with an empty hour was counted in 300 of "
    "them. How patients lie about these shares is our choice.",
    every_s=dict.fromkeys(_HOURLY, 3600.0),
    begins_s=3600.0,
    unwritten={
        _HOURLY: (0.01, 0.08),
        ("heart_rate_bpm", "pulse_rate_bpm"): (0.0, 0.04),
        ("spo2_pct",): (0.01, 0.08),
        ("respiratory_rate_per_min",): (0.03, 0.18),
        _PRESSURES: (0.01, 0.09),
        ("temperature_c",): (0.45, 0.8),
    },
)
