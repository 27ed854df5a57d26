"""What can happen to a patient or to a device, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Final

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of episode.

    ``targets`` is the body's part: the level each quantity moves to, mild to
    grave, over ``ramp_s`` and back again. ``variability`` scales the patient's
    own ups and downs meanwhile. ``reports`` is the device's part: what it says
    instead of what it measures, NaN for nothing at all; a ``silent`` device
    sends no message.
    """

    name: str
    source: str
    duration_s: Range
    ramp_s: float = 0.0
    targets: Mapping[str, Range] = field(default_factory=dict)
    variability: float = 1.0
    reports: Mapping[str, float] = field(default_factory=dict)
    silent: bool = False


TACHYCARDIA: Final = Kind(
    name="tachycardia",
    source="Paroxysmal supraventricular tachycardia: abrupt, regular, 150-220 /min. "
    "Page, R. L. et al. (2016). ACC/AHA/HRS guideline. Circulation 133: e506-e574.",
    duration_s=(75.0, 120.0),
    ramp_s=3.0,
    targets={"heart_rate_bpm": (150.0, 185.0), "systolic_mmhg": (110.0, 95.0)},
    variability=0.3,
)
BRADYCARDIA: Final = Kind(
    name="bradycardia",
    source="Complete heart block with a ventricular escape rhythm, 20-40 /min. "
    "Kusumoto, F. M. et al. (2019). ACC/AHA/HRS guideline. Circulation 140: e382-e482.",
    duration_s=(75.0, 120.0),
    ramp_s=3.0,
    targets={"heart_rate_bpm": (35.0, 28.0), "systolic_mmhg": (105.0, 85.0)},
    variability=0.3,
)
DESATURATION: Final = Kind(
    name="desaturation",
    source="A saturation that falls by about one per cent a second and the breathing "
    "and heart that answer it. Farmery, A. D., Roe, P. G. (1996). A model to describe "
    "the rate of oxyhaemoglobin desaturation during apnoea. BJA 76(2): 284-291.",
    duration_s=(80.0, 130.0),
    ramp_s=12.0,
    targets={
        "spo2_pct": (86.0, 78.0),
        "respiratory_rate_per_min": (20.0, 28.0),
        "heart_rate_bpm": (85.0, 110.0),
    },
)
SILENT_DEVICE: Final = Kind(
    name="silent_device",
    source="Empty battery or lost radio: nothing is sent.",
    duration_s=(70.0, 110.0),
    silent=True,
)
PROBE_OFF: Final = Kind(
    name="probe_off",
    source="The oximeter's probe lies beside the finger: saturation 0, no pulse.",
    duration_s=(20.0, 60.0),
    reports={"spo2_pct": 0.0, "pulse_rate_bpm": nan},
)
LEAD_OFF: Final = Kind(
    name="lead_off",
    source="An electrode has come off: heart rate 0 beside a living pulse.",
    duration_s=(20.0, 60.0),
    reports={"heart_rate_bpm": 0.0},
)
BROKEN_LEAD: Final = Kind(
    name="broken_lead",
    source="A broken wire picks up interference, counted as a heart rate of 612.",
    duration_s=(10.0, 40.0),
    reports={"heart_rate_bpm": 612.0},
)

KINDS: Final = (
    TACHYCARDIA,
    BRADYCARDIA,
    DESATURATION,
    SILENT_DEVICE,
    PROBE_OFF,
    LEAD_OFF,
    BROKEN_LEAD,
)
"""Every kind there is."""
