"""What happens to patients over minutes and hours, as data.

Levels are those that the source calls typical; how long stages and ramps last, what of
a range is mild or grave, and how far a heart's variability falls is our choice where
the source does not say. What follows from a level (fever makes the heart faster) is in
``coupling``, not here.
"""

from typing import Final

from digital_twin.stages import Kind, Stage

SEPSIS: Final = Kind(
    name="sepsis",
    source="Fever, fast heart and breathing; then pressure and mind (qSOFA: 100 mmHg, "
    "22 /min, altered mentation). Singer, M. et al. (2016). Sepsis-3. JAMA 315(8): "
    "801-810. Hours from onset to shock: Evans, L. et al. (2021). Surviving Sepsis "
    "Campaign. Intensive Care Med 47(11): 1181-1247. Less variability: Ahmad, S. et "
    "al. (2009). Continuous multi-parameter heart rate variability analysis heralds "
    "onset of sepsis in adults. PLoS ONE 4(8): e6642.",
    duration_s=(21_600.0, 32_400.0),
    course=(
        Stage(
            ramp_s=5400.0,
            targets={"temperature_c": (38.5, 39.4)},
            shifts={
                "heart_rate_bpm": (4.0, 10.0),
                "respiratory_rate_per_min": (2.0, 4.0),
                "spo2_pct": (-1.0, -2.0),
            },
            variability={"heart_rate_bpm": 0.6},
        ),
        Stage(
            begins=0.4,
            ramp_s=5400.0,
            targets={
                "temperature_c": (38.7, 39.8),
                "systolic_mmhg": (98.0, 82.0),
                "pulse_pressure_mmhg": (40.0, 34.0),
            },
            shifts={
                "heart_rate_bpm": (6.0, 12.0),
                "respiratory_rate_per_min": (4.0, 8.0),
                "spo2_pct": (-2.0, -5.0),
            },
            variability={"heart_rate_bpm": 0.4},
            consciousness=(1.0, 1.0),
            on_oxygen=True,
        ),
    ),
    recovers_s=5400.0,
)
HAEMORRHAGE: Final = Kind(
    name="haemorrhage",
    source="Classes II and III of blood loss: pulse pressure falls first, then "
    "pressure and mind. American College of Surgeons (2018). ATLS, 10th ed., ch. 3. "
    "Shock index above 1: Mutschler, M. et al. (2013). Crit Care 17(4): R172. Less "
    "variability: Hinojosa-Laborde, C. et al. (2011). Heart rate variability during "
    "simulated hemorrhage with lower body negative pressure in high and low tolerant "
    "subjects. Front Physiol 2: 85.",
    duration_s=(2400.0, 3600.0),
    course=(
        Stage(
            ramp_s=480.0,
            shifts={
                "systolic_mmhg": (-8.0, -15.0),
                "pulse_pressure_mmhg": (-8.0, -14.0),
                "heart_rate_bpm": (4.0, 10.0),
            },
        ),
        Stage(
            begins=0.4,
            ramp_s=600.0,
            targets={
                "systolic_mmhg": (84.0, 70.0),
                "pulse_pressure_mmhg": (28.0, 20.0),
            },
            shifts={
                "heart_rate_bpm": (8.0, 20.0),
                "respiratory_rate_per_min": (6.0, 14.0),
                "temperature_c": (-0.3, -0.8),
            },
            variability={"heart_rate_bpm": 0.5},
            consciousness=(1.0, 1.0),
        ),
    ),
    recovers_s=480.0,
)
OPIOID: Final = Kind(
    name="opioid_depression",
    source="Breathing slows, the mind dulls, and saturation follows; naloxone ends it "
    "within minutes. Dahan, A., Aarts, L., Smith, T. W. (2010). Incidence, reversal, "
    "and prevention of opioid-induced respiratory depression. Anesthesiology 112(1): "
    "226-238. Half of the flutter on a third of the rate is more uneven than before, "
    "as it should be; how much is our choice.",
    duration_s=(1500.0, 2400.0),
    course=(
        Stage(
            ramp_s=420.0,
            targets={"respiratory_rate_per_min": (6.0, 4.0)},
            shifts={"heart_rate_bpm": (-4.0, -8.0)},
            variability={"respiratory_rate_per_min": 0.5},
            consciousness=(2.0, 3.0),
        ),
        Stage(begins=0.4, ramp_s=300.0, targets={"spo2_pct": (87.0, 78.0)}),
    ),
    recovers_s=120.0,
)
HYPERTENSIVE_CRISIS: Final = Kind(
    name="hypertensive_crisis",
    source="Above 180/120 mmHg, brought down within the hour. Whelton, P. K. et al. "
    "(2018). ACC/AHA guideline, section 11.2. Hypertension 71(6): e13-e115.",
    duration_s=(2400.0, 5400.0),
    course=(
        Stage(
            ramp_s=600.0,
            targets={
                "systolic_mmhg": (188.0, 215.0),
                "pulse_pressure_mmhg": (64.0, 80.0),
            },
        ),
    ),
    recovers_s=900.0,
)
STROKE: Final = Kind(
    name="stroke",
    source="Pressure first, then mind; a slow heart and odd breathing where the brain "
    "is pressed. Greenberg, S. M. et al. (2022). AHA/ASA guideline on intracerebral "
    "haemorrhage. Stroke 53(7): e282-e361. Dinallo, S., Waseem, M. (2023). Cushing "
    "reflex. StatPearls.",
    duration_s=(3600.0, 7200.0),
    course=(
        Stage(
            ramp_s=600.0,
            targets={
                "systolic_mmhg": (188.0, 215.0),
                "pulse_pressure_mmhg": (75.0, 95.0),
            },
        ),
        Stage(
            begins=0.35,
            ramp_s=120.0,
            targets={"systolic_mmhg": (195.0, 225.0)},
            shifts={
                "heart_rate_bpm": (0.0, -18.0),
                "respiratory_rate_per_min": (2.0, -6.0),
            },
            consciousness=(1.0, 3.0),
        ),
    ),
    recovers_s=900.0,
)
ATRIAL_FIBRILLATION: Final = Kind(
    name="atrial_fibrillation",
    source="110-150 /min, irregular, and not every beat reaches the finger. Hindricks, "
    "G. et al. (2021). ESC guideline on atrial fibrillation. Eur Heart J 42(5): "
    "373-498. How many beats are missing at the finger, and how uneven the rate is, is "
    "our choice.",
    duration_s=(900.0, 3600.0),
    course=(
        Stage(
            ramp_s=5.0,
            targets={
                "heart_rate_bpm": (112.0, 150.0),
                "pulse_deficit_bpm": (10.0, 22.0),
            },
            shifts={"systolic_mmhg": (-5.0, -15.0)},
            variability={"heart_rate_bpm": 5.0, "systolic_mmhg": 2.0},
        ),
    ),
    recovers_s=5.0,
)
APNOEA: Final = Kind(
    name="apnoea",
    source="No breath for longer than 10 s. Berry, R. B. et al. (2012). Rules for "
    "scoring respiratory events in sleep. J Clin Sleep Med 8(5): 597-619. How "
    "saturation follows: Farmery and Roe (1996), as in ``desaturation``.",
    duration_s=(60.0, 120.0),
    course=(
        Stage(
            ramp_s=3.0,
            targets={"respiratory_rate_per_min": (0.0, 0.0)},
            variability={"respiratory_rate_per_min": 0.0},
        ),
        Stage(begins=0.35, ramp_s=15.0, targets={"spo2_pct": (89.0, 78.0)}),
    ),
    recovers_s=12.0,
)
AIRWAY_OBSTRUCTION: Final = Kind(
    name="airway_obstruction",
    source="Saturation falls to where the heart itself fails: it races first and slows "
    "then. Marshall, J. M. (1994). Peripheral chemoreceptors and cardiovascular "
    "regulation. Physiol Rev 74(3): 543-594. The rate of fall: Farmery and Roe (1996).",
    duration_s=(360.0, 480.0),
    course=(
        Stage(
            ramp_s=150.0,
            targets={"spo2_pct": (52.0, 46.0)},
            shifts={"respiratory_rate_per_min": (4.0, 8.0)},
        ),
        Stage(begins=0.5, ramp_s=10.0, consciousness=(3.0, 4.0)),
    ),
    recovers_s=90.0,
)
EMERGENCE: Final = Kind(
    name="recovery",
    source="Cold, drowsy, on oxygen, then well. Aldrete, J. A. (1995). The "
    "post-anesthesia recovery score revisited. J Clin Anesth 7(1): 89-91. Sessler, "
    "D. I. (1997). Mild perioperative hypothermia. NEJM 336(24): 1730-1737.",
    duration_s=(7200.0, 10_800.0),
    course=(
        Stage(
            ramp_s=60.0,
            targets={
                "temperature_c": (35.9, 35.4),
                "respiratory_rate_per_min": (12.0, 10.0),
            },
            shifts={"heart_rate_bpm": (6.0, 16.0), "systolic_mmhg": (6.0, 16.0)},
            consciousness=(2.0, 2.0),
            on_oxygen=True,
        ),
        Stage(
            begins=0.25,
            ramp_s=900.0,
            targets={
                "temperature_c": (36.3, 36.0),
                "respiratory_rate_per_min": (14.0, 12.0),
            },
            shifts={"heart_rate_bpm": (3.0, 10.0), "systolic_mmhg": (3.0, 10.0)},
            consciousness=(1.0, 1.0),
        ),
        Stage(begins=0.5, consciousness=(0.0, 0.0), on_oxygen=False),
    ),
    recovers_s=2400.0,
)
CARE: Final = Kind(
    name="care",
    source="Washed, turned and measured: no illness. How far that moves a patient is "
    "our choice.",
    duration_s=(240.0, 480.0),
    course=(
        Stage(
            ramp_s=20.0,
            shifts={
                "heart_rate_bpm": (6.0, 14.0),
                "respiratory_rate_per_min": (1.0, 3.0),
                "systolic_mmhg": (4.0, 12.0),
            },
            activity="moving",
        ),
    ),
    recovers_s=60.0,
    measured=True,
)

ILLNESSES: Final = (
    SEPSIS,
    HAEMORRHAGE,
    OPIOID,
    HYPERTENSIVE_CRISIS,
    STROKE,
    ATRIAL_FIBRILLATION,
    APNOEA,
    AIRWAY_OBSTRUCTION,
    EMERGENCE,
    CARE,
)
"""All of them, and being cared for."""
