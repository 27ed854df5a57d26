"""What can happen to a patient or to a device, as data.

How long ramps last, and what the source does not say of levels, is our choice: levels
are such that somebody has to come.

What takes its time is in ``digital_twin.illnesses``; what a seizure does to the EEG
is in ``digital_twin.brain.seizures``.
"""

from math import nan
from typing import Final

from digital_twin.illnesses import ILLNESSES
from digital_twin.stages import Kind, Stage

__all__ = ["KINDS", "SUDDEN", "Kind", "Stage"]

_STEADY: Final = {
    "heart_rate_bpm": 0.3,
    "spo2_pct": 0.3,
    "respiratory_rate_per_min": 0.3,
    "systolic_mmhg": 0.3,
}
"""What is left of the flutter while the sinus node does not lead; our choice."""

TACHYCARDIA: Final = Kind(
    name="tachycardia",
    source="Paroxysmal supraventricular tachycardia: abrupt, regular, 150-220 /min. "
    "Page, R. L. et al. (2016). ACC/AHA/HRS guideline. Circulation 133: e506-e574.",
    duration_s=(75.0, 120.0),
    course=(
        Stage(
            ramp_s=3.0,
            targets={"heart_rate_bpm": (150.0, 185.0), "systolic_mmhg": (110.0, 95.0)},
            variability=_STEADY,
        ),
    ),
    recovers_s=3.0,
)
BRADYCARDIA: Final = Kind(
    name="bradycardia",
    source="Complete heart block with a ventricular escape rhythm, 20-40 /min. "
    "Kusumoto, F. M. et al. (2019). ACC/AHA/HRS guideline. Circulation 140: e382-e482.",
    duration_s=(75.0, 120.0),
    course=(
        Stage(
            ramp_s=3.0,
            targets={"heart_rate_bpm": (35.0, 28.0), "systolic_mmhg": (105.0, 85.0)},
            variability=_STEADY,
        ),
    ),
    recovers_s=3.0,
)
DESATURATION: Final = Kind(
    name="desaturation",
    source="A saturation that falls by about one per cent a second and the breathing "
    "and heart that answer it. Farmery, A. D., Roe, P. G. (1996). A model to describe "
    "the rate of oxyhaemoglobin desaturation during apnoea. BJA 76(2): 284-291.",
    duration_s=(80.0, 130.0),
    course=(
        Stage(
            ramp_s=12.0,
            targets={
                "spo2_pct": (86.0, 78.0),
                "respiratory_rate_per_min": (20.0, 28.0),
                "heart_rate_bpm": (85.0, 110.0),
            },
        ),
    ),
    recovers_s=12.0,
)
SILENT_DEVICE: Final = Kind(
    name="silent_device",
    source="Empty battery or lost radio: nothing is sent. For how long is our choice: "
    "somebody sees it within two minutes.",
    duration_s=(70.0, 110.0),
    silent=True,
)
PROBE_OFF: Final = Kind(
    name="probe_off",
    source="The oximeter's probe lies beside the finger: saturation 0, no pulse. That "
    "it says 0, and for how long, is our choice: makers differ.",
    duration_s=(20.0, 60.0),
    reports={"spo2_pct": 0.0, "pulse_rate_bpm": nan},
)
PULSE_LOST: Final = Kind(
    name="pulse_lost",
    source="The oximeter finds no pulse: a cuff fills on that arm, or the patient "
    "moves, which makes oximeters wrong or silent. Barker, S. J. (2002). "
    "Motion-resistant pulse oximetry: a comparison of new and old models. Anesth "
    "Analg 95(4): 967-972. For 6 and 13 s in two of ten recordings of Pimentel, M. A. "
    "F. et al. (2017). IEEE Trans Biomed Eng 64(8): 1914-1923.",
    duration_s=(5.0, 13.0),
    reports={"spo2_pct": nan, "pulse_rate_bpm": nan},
)
LEAD_OFF: Final = Kind(
    name="lead_off",
    source="An electrode has come off: heart rate 0 beside a living pulse. That it "
    "says 0, and for how long, is our choice: makers differ.",
    duration_s=(20.0, 60.0),
    reports={"heart_rate_bpm": 0.0},
)
BROKEN_LEAD: Final = Kind(
    name="broken_lead",
    source="A broken wire picks up interference, counted as a heart rate. 612 is our "
    "choice: what no heart does, and what a check of plausibility must catch.",
    duration_s=(10.0, 40.0),
    reports={"heart_rate_bpm": 612.0},
)

SEIZURE: Final = Kind(
    name="seizure",
    source="The heart races in most seizures, and saturation falls in many. Eggleston, "
    "K. S., Olin, B. D., Fisher, R. S. (2014). Ictal tachycardia: the head-heart "
    "connection. Seizure 23(7): 496-505. Bateman, L. M. et al. (2008). Ictal hypoxemia "
    "in localization-related epilepsy. Brain 131(12): 3239-3245. Focal ones with "
    "impaired awareness are seen for 64 s, those that become tonic-clonic for 90 s: "
    "Dobesberger, J. et al. (2015). Duration of focal complex, secondarily generalized "
    "tonic-clonic, and primarily generalized tonic-clonic seizures. Epilepsy Behav 49: "
    "111-117. How fast and how low is our choice.",
    duration_s=(60.0, 100.0),
    course=(
        Stage(
            ramp_s=10.0,
            targets={"heart_rate_bpm": (140.0, 165.0), "spo2_pct": (95.0, 91.0)},
            variability={"heart_rate_bpm": 0.5, "spo2_pct": 0.5},
        ),
    ),
    recovers_s=10.0,
)

SUDDEN: Final = (
    TACHYCARDIA,
    BRADYCARDIA,
    DESATURATION,
    SILENT_DEVICE,
    PROBE_OFF,
    LEAD_OFF,
    BROKEN_LEAD,
    SEIZURE,
)
"""What is there and over within two minutes."""

KINDS: Final = (*SUDDEN, *ILLNESSES, PULSE_LOST)
"""Every kind there is; a new one goes to the end."""
