"""Who the patients are, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from digital_twin.cohort import Array
from digital_twin.quantities import NAMES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """How people differ from healthy adults at rest.

    ``set_points`` has mean and spread between people where they are others;
    ``wander`` and ``flutter`` multiply how far they wander over hours and flutter over
    seconds. ``moving`` is the share of the daytime, from ``DAY_H``, in which they are
    on their feet.
    """

    doc: str
    source: str
    set_points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    wander: Mapping[str, float] = field(default_factory=dict)
    flutter: Mapping[str, float] = field(default_factory=dict)
    moving: float = 0.0


def scales(of: Mapping[str, float]) -> Array:
    """Return a factor for every quantity, shape (quantities, 1); 1 if not named."""
    return np.array([[of.get(name, 1.0)] for name in NAMES])


DAY_H: Final = (7.0, 22.0)
"""From when to when patients are up, if they are; our choice."""

HEALTHY: Final = Population(
    doc="healthy adults at rest",
    source="The quantities' own. Half of the wander of patients is our choice: at rest "
    "nobody gives them a drug, turns them or takes blood.",
    wander=dict.fromkeys(NAMES, 0.5),
)

INTENSIVE_CARE: Final = Population(
    doc="adults in intensive care, most of them sedated, none getting worse",
    source="Set points: the medians of patients in Pimentel, M. A. F. et al. (2017). "
    "IEEE Trans Biomed Eng 64(8): 1914-1923, who are ten, narrowed to what they and "
    "those in Reyna, M. A. et al. (2020). Crit Care Med 48(2): 210-217 have in common. "
    "Hours move them more than a ward's patients (drugs, turning, suction), seconds "
    "move the heart less, as the graver an illness, the less variability: Bento, L., "
    "Fonseca-Pinto, R., Povoa, P. (2017). Autonomic nervous system monitoring in "
    "intensive care as a prognostic tool. Rev Bras Ter Intensiva 29(4): 481-489. How "
    "much is our choice.",
    set_points={
        "heart_rate_bpm": (87.5, 4.0),
        "spo2_pct": (96.6, 1.2),
        "respiratory_rate_per_min": (17.0, 1.5),
        "systolic_mmhg": (124.0, 11.0),
        "pulse_pressure_mmhg": (58.0, 5.0),
        "temperature_c": (37.0, 0.4),
    },
    wander={
        "heart_rate_bpm": 1.1,
        "respiratory_rate_per_min": 1.5,
        "systolic_mmhg": 1.4,
        "temperature_c": 1.2,
    },
    flutter={
        "heart_rate_bpm": 0.7,
        "respiratory_rate_per_min": 0.9,
    },
)

INPATIENTS: Final = Population(
    doc="patients of a ward, none of whom is getting worse",
    source="Means and spreads: the medians of patients in Reyna, M. A. et al. (2020). "
    "Early prediction of sepsis from clinical data. Crit Care Med 48(2): 210-217, "
    "narrowed, because those were in intensive care: by how much is our choice. On "
    "their feet for 43 min a day: Brown, C. J. et al. (2009). The "
    "underrecognized epidemic of low mobility during hospitalization of older adults. "
    "JAGS 57(9): 1660-1665.",
    set_points={
        "heart_rate_bpm": (82.0, 9.0),
        "spo2_pct": (96.8, 1.0),
        "respiratory_rate_per_min": (18.0, 1.5),
        "systolic_mmhg": (126.0, 9.0),
        "pulse_pressure_mmhg": (58.0, 6.0),
        "temperature_c": (37.0, 0.2),
    },
    moving=43.0 / (15.0 * 60.0),
)
