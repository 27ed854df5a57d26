"""Who the patients are, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """How people differ from healthy adults at rest.

    ``set_points`` has mean and spread between people where they are others;
    ``wander`` scales how far they wander over hours. ``moving`` is the share of
    the daytime, from ``DAY_H``, in which they are on their feet.
    """

    doc: str
    source: str
    set_points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    wander: float = 1.0
    moving: float = 0.0


DAY_H: Final = (7.0, 22.0)
"""From when to when patients are up, if they are."""

HEALTHY: Final = Population(
    doc="healthy adults at rest",
    source="The quantities' own. Half of the wander of patients is our choice.",
    wander=0.5,
)

INPATIENTS: Final = Population(
    doc="patients of a ward, none of whom is getting worse",
    source="Means and spreads: the medians of patients in Reyna, M. A. et al. (2020). "
    "Early prediction of sepsis from clinical data. Crit Care Med 48(2): 210-217, "
    "narrowed, because those were in intensive care. On their feet for 43 min a day: "
    "Brown, C. J. et al. (2009). The underrecognized epidemic of low mobility during "
    "hospitalization of older adults. JAGS 57(9): 1660-1665.",
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
