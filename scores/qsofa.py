"""qSOFA: three signs at the bedside that an infection may be sepsis.

Why      With an infection, two of fast breathing, low pressure and altered
         mentation go with a stay in intensive care, or death. No laboratory is
         needed.
Computes A point each for 22 breaths a minute or more, a systolic pressure of
         100 mmHg or less, and any state but alert (C, V, P or U). Positive
         from 2.
Ignores  Whether there is an infection, and what is usual for the patient. A
         negative answer does not rule sepsis out, and the Surviving Sepsis
         Campaign (2021) advises against qSOFA as the only screen.
Source   Singer, M. et al. (2016). The Third International Consensus Definitions
         for Sepsis and Septic Shock (Sepsis-3). JAMA 315(8), 801-810.
"""

from scores.chart import Band, Banded, Coded, Risk, Score
from scores.inputs import CONSCIOUSNESS, RESPIRATORY_RATE, SYSTOLIC

BREATHS_PER_MIN = 22
SYSTOLIC_MMHG = 100
POSITIVE_FROM = 2

SCORE = Score(
    name="qsofa",
    title="qSOFA",
    parts=(
        Banded(
            name="respiration",
            reads=RESPIRATORY_RATE,
            bands=(
                Band(None, BREATHS_PER_MIN - 1, 0),
                Band(BREATHS_PER_MIN, None, 1),
            ),
        ),
        Banded(
            name="systolic_blood_pressure",
            reads=SYSTOLIC,
            bands=(Band(None, SYSTOLIC_MMHG, 1), Band(SYSTOLIC_MMHG + 1, None, 0)),
        ),
        Coded(
            name="mentation",
            reads=CONSCIOUSNESS,
            codes=(("A", 0), ("C", 1), ("V", 1), ("P", 1), ("U", 1)),
        ),
    ),
    risks=(
        Risk(name="negative", response="does not rule sepsis out", from_total=0),
        Risk(name="positive", response="look for sepsis", from_total=POSITIVE_FROM),
    ),
)
