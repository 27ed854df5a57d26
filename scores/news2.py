"""NEWS2: how far seven observations are from normal, as one number.

Why      Patients on a ward get worse in several vital signs at once and hours
         before anybody is called; one number that every nurse adds up the same
         way, with an answer agreed beforehand, gets them seen in time.
Computes The points of seven parts, their sum from 0 to 20, and the risk: 5 is
         medium, 7 is high, 3 in one part is at least low-medium. SCALE_2 is
         for patients for whom a clinician has set a target of 88-92 % SpO2:
         there too much oxygen has points as well, but never on air.
         A missing oxygen flag leaves its own part open, and on scale 2 that
         of SpO2 from 93 % on.
Ignores  Whom it is for: adults from 16 on, not in pregnancy, with care after
         injury of the spinal cord. Which scale a patient is on. The pulse of
         the oximeter: the chart's pulse is the heart rate. How much oxygen.
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Charts 1, 2 and 4. For its urgent and emergency
         assessment, wards commonly allow 60 and 30 min.
"""

from scores.chart import Band, Banded, Coded, Part, Risk, Score, Switched
from scores.inputs import (
    CONSCIOUSNESS,
    HEART_RATE,
    ON_OXYGEN,
    RESPIRATORY_RATE,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
)
from scores.result import RED

RESPIRATION = Banded(
    name="respiration",
    reads=RESPIRATORY_RATE,
    bands=(
        Band(None, 8, 3),
        Band(9, 11, 1),
        Band(12, 20, 0),
        Band(21, 24, 2),
        Band(25, None, 3),
    ),
)
SATURATION_SCALE_1 = Banded(
    name="oxygen_saturation",
    reads=SPO2,
    bands=(Band(None, 91, 3), Band(92, 93, 2), Band(94, 95, 1), Band(96, None, 0)),
)
BELOW_TARGET = (Band(None, 83, 3), Band(84, 85, 2), Band(86, 87, 1))
SATURATION_SCALE_2 = Switched(
    name="oxygen_saturation",
    reads=SPO2,
    switch=ON_OXYGEN,
    cases=(
        (False, (*BELOW_TARGET, Band(88, None, 0))),
        (
            True,
            (
                *BELOW_TARGET,
                Band(88, 92, 0),
                Band(93, 94, 1),
                Band(95, 96, 2),
                Band(97, None, 3),
            ),
        ),
    ),
)
AIR_OR_OXYGEN = Coded(
    name="air_or_oxygen", reads=ON_OXYGEN, codes=((False, 0), (True, 2))
)
BLOOD_PRESSURE = Banded(
    name="systolic_blood_pressure",
    reads=SYSTOLIC,
    bands=(
        Band(None, 90, 3),
        Band(91, 100, 2),
        Band(101, 110, 1),
        Band(111, 219, 0),
        Band(220, None, 3),
    ),
)
PULSE = Banded(
    name="pulse",
    reads=HEART_RATE,
    bands=(
        Band(None, 40, 3),
        Band(41, 50, 1),
        Band(51, 90, 0),
        Band(91, 110, 1),
        Band(111, 130, 2),
        Band(131, None, 3),
    ),
)
ALERTNESS = Coded(
    name="consciousness",
    reads=CONSCIOUSNESS,
    codes=(("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)),
)
TENTHS_OF_A_DEGREE = (
    Band(None, 350, 3),
    Band(351, 360, 1),
    Band(361, 380, 0),
    Band(381, 390, 1),
    Band(391, None, 2),
)
WARMTH = Banded(name="temperature", reads=TEMPERATURE, bands=TENTHS_OF_A_DEGREE)

MEDIUM_FROM = 5
HIGH_FROM = 7

RISKS = (
    Risk(name="low", response="ward-based response", from_total=0),
    Risk(name="low-medium", response="urgent ward-based response", from_part=RED),
    Risk(
        name="medium", response="urgent response", within_min=60, from_total=MEDIUM_FROM
    ),
    Risk(
        name="high", response="emergency response", within_min=30, from_total=HIGH_FROM
    ),
)


def _with(saturation: Part) -> tuple[Part, ...]:
    others = (AIR_OR_OXYGEN, BLOOD_PRESSURE, PULSE, ALERTNESS, WARMTH)
    return (RESPIRATION, saturation, *others)


SCALE_1 = Score(
    name="news2", title="NEWS2", parts=_with(SATURATION_SCALE_1), risks=RISKS
)
SCALE_2 = Score(
    name="news2_scale_2",
    title="NEWS2, SpO2 scale 2",
    parts=_with(SATURATION_SCALE_2),
    risks=RISKS,
)
