"""What is measured when, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Monitoring:
    """How a ward watches its patients.

    Signals in ``every_s`` are measured that often (and once a minute while somebody
    is at the bed), all others with every reading. Devices with ``tells_activity``
    say what the patient is doing, and how far they trust their signal.
    """

    doc: str
    source: str
    every_s: Mapping[str, float] = field(default_factory=dict)
    tells_activity: bool = False


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
