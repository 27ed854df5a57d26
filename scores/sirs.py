"""SIRS, 3 of its 4 criteria: does the body answer as to an inflammation.

Why      Fever or cold, a fast heart and fast breathing together are how a body
         answers infection, injury and burns. Sensitive and not specific.
Computes A point each for a temperature above 38.0 or below 36.0 Cel, a heart
         rate above 90 /min, and more than 20 breaths a minute. Positive from 2.
Ignores  The fourth criterion, the white cell count, and the blood gas that may
         stand for the breaths: a stream of vital signs has neither. So a
         positive answer stands, and a negative one is about vital signs only.
Source   Bone, R. C. et al. (1992). Definitions for sepsis and organ failure and
         guidelines for the use of innovative therapies in sepsis. Chest
         101(6), 1644-1655.
"""

from scores.chart import Band, Banded, Risk, Score
from scores.inputs import HEART_RATE, RESPIRATORY_RATE, TEMPERATURE

COLD_BELOW_TENTHS_C = 360
WARM_ABOVE_TENTHS_C = 380
FAST_ABOVE_BPM = 90
FAST_ABOVE_BREATHS_PER_MIN = 20
POSITIVE_FROM = 2

SCORE = Score(
    name="sirs",
    title="SIRS, 3 of 4 criteria (white cell count not seen)",
    parts=(
        Banded(
            name="temperature",
            reads=TEMPERATURE,
            bands=(
                Band(None, COLD_BELOW_TENTHS_C - 1, 1),
                Band(COLD_BELOW_TENTHS_C, WARM_ABOVE_TENTHS_C, 0),
                Band(WARM_ABOVE_TENTHS_C + 1, None, 1),
            ),
        ),
        Banded(
            name="heart_rate",
            reads=HEART_RATE,
            bands=(Band(None, FAST_ABOVE_BPM, 0), Band(FAST_ABOVE_BPM + 1, None, 1)),
        ),
        Banded(
            name="respiration",
            reads=RESPIRATORY_RATE,
            bands=(
                Band(None, FAST_ABOVE_BREATHS_PER_MIN, 0),
                Band(FAST_ABOVE_BREATHS_PER_MIN + 1, None, 1),
            ),
        ),
    ),
    risks=(
        Risk(name="negative", response="white cell count not seen", from_total=0),
        Risk(name="positive", response="look for a cause", from_total=POSITIVE_FROM),
    ),
)
