"""What a patient's state consists of, as data.

What the reference does not say is our choice, made so that what comes of it lies where
recorded patients do (``workbench.realism``): how long a deviation lasts, how far an
hour is from the next, and for how long a monitor averages (makers let it be chosen).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity in healthy adults at rest, in the unit of its name.

    ``between`` is the spread of set points between patients (cut at twice that,
    so that everybody is healthy). Around the set point a quantity goes with the
    day (half of the distance from trough to peak, and the hour of the peak),
    wanders over hours and flutters over seconds; the latter two are
    Ornstein-Uhlenbeck processes of a spread and a relaxation time. ``averages_s``
    is the time constant with which a monitor averages it.
    """

    name: str
    mean: float
    between: float
    day: float = 0.0
    peak_h: float = 0.0
    wander: float = 0.0
    wander_s: float = 7200.0
    flutter: float = 0.0
    flutter_s: float = 1.0
    averages_s: float = 0.0
    source: str


QUANTITIES: Final = (
    Quantity(
        name="heart_rate_bpm",
        mean=72.0,
        between=7.0,
        day=4.0,
        peak_h=15.0,
        wander=5.0,
        flutter=1.3,
        flutter_s=5.0,
        averages_s=3.0,
        source="About 72 at rest: Hall, J. E., Hall, M. E. (2020). Guyton and Hall "
        "Textbook of Medical Physiology, 14th ed. Elsevier. Between people 7.7, about "
        "a mean of 65.5 in those who wear a tracker: Quer, G. et al. (2020). Inter- "
        "and intraindividual variability in daily resting heart rate. PLoS ONE 15(2): "
        "e0227709; 7 is our choice. Day and night: Vandewalle, G. et al. (2007). "
        "Robust circadian rhythm in heart rate and its variability. J Sleep Res 16(2): "
        "148-155. Seconds: the rhythms of breathing and of pressure, 3 to "
        "25 s long: Task Force of the ESC and NASPE (1996). Circulation 93(5): "
        "1043-1065; how far, in whole beats a minute, is our choice.",
    ),
    Quantity(
        name="spo2_pct",
        mean=97.3,
        between=0.6,
        wander=0.8,
        wander_s=3600.0,
        flutter=0.32,
        flutter_s=10.0,
        averages_s=6.0,
        source="96-98 in healthy adults: O'Driscoll, B. R. et al. (2017). BTS "
        "guideline for oxygen use in adults. Thorax 72, suppl. 1: ii1-ii90. How far "
        "it moves in hours and seconds is our choice, inside recorded patients.",
    ),
    Quantity(
        name="respiratory_rate_per_min",
        mean=16.0,
        between=1.5,
        day=0.5,
        peak_h=15.0,
        wander=1.2,
        wander_s=3600.0,
        flutter=0.85,
        flutter_s=12.0,
        averages_s=8.0,
        source="12-20 at rest: Royal College of Physicians (2017). National Early "
        "Warning Score (NEWS) 2. London: RCP. A little slower at night, and how far it "
        "moves in hours and seconds, is our choice, inside recorded patients.",
    ),
    Quantity(
        name="systolic_mmhg",
        mean=118.0,
        between=8.0,
        day=6.0,
        peak_h=15.0,
        wander=6.5,
        flutter=3.0,
        flutter_s=30.0,
        averages_s=8.0,
        source="Below 120 normal, 120-139 raised: Whelton, P. K. et al. (2018). "
        "ACC/AHA guideline. Hypertension 71(6): e13-e115. A tenth lower at night: "
        "O'Brien, E. et al. (2013). ESH position paper on ambulatory blood pressure "
        "monitoring. J Hypertens 31(9): 1731-1768. It moves within half hours and "
        "from one to the next: Mancia, G. et al. (1983). Blood pressure and heart rate "
        "variabilities in normotensive and hypertensive human beings. Circ Res 53(1): "
        "96-104. How far and between people is our choice.",
    ),
    Quantity(
        name="pulse_pressure_mmhg",
        mean=42.0,
        between=4.0,
        wander=3.5,
        source="About 40 in young adults: Hall and Hall (2020), as above. Between "
        "people and hours it is our choice, a tenth each.",
    ),
    Quantity(
        name="temperature_c",
        mean=36.8,
        between=0.2,
        day=0.25,
        peak_h=17.0,
        wander=0.26,
        wander_s=21_600.0,
        source="Mean 36.8, 0.5 between trough and peak at 16 to 18 h: Mackowiak, P. A. "
        "et al. (1992). A critical appraisal of 98.6 F. JAMA 268(12): 1578-1580. Its "
        "spread of 0.4 is split between people and hours, which is our choice.",
    ),
    Quantity(
        name="pulse_deficit_bpm",
        mean=0.0,
        between=0.0,
        source="None in sinus rhythm: Hall and Hall (2020), as above.",
    ),
)
"""The order is the order of the rows; those that flutter come first."""

NAMES: Final = tuple(quantity.name for quantity in QUANTITIES)
FLUTTERING: Final = sum(quantity.flutter > 0.0 for quantity in QUANTITIES)


def row(name: str) -> int:
    """Return the row of a quantity."""
    return NAMES.index(name)


def column(field: str) -> Array:
    """Return one field of every quantity, shape (quantities, 1)."""
    return np.array([[getattr(quantity, field)] for quantity in QUANTITIES])
