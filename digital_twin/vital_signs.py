"""Vital signs of a whole cohort at rest: one row a quantity, one column a patient.

Each patient has set points of their own. A quantity drifts around its set
point and is pulled back to it, which is an Ornstein-Uhlenbeck process in its
exact discrete form:

    deviation' = deviation * a + spread * sqrt(1 - a**2) * noise,
    a          = exp(-dt / relaxation)

so the spread does not depend on how finely time is cut.

References
----------
Gillespie, D. T. (1996). Exact numerical simulation of the Ornstein-Uhlenbeck
process and its integral. Physical Review E, 54(2), 2084-2091.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity in healthy adults at rest, in the unit of its name.

    ``between`` is the spread of set points between patients (cut at twice that,
    so that everybody is healthy), ``within`` the spread of one patient around
    the set point, ``relaxation_s`` how long a deviation lasts. Means and ranges
    are from ``source``; the relaxation times are our choice, minutes for what
    breathing and posture move, an hour for temperature.
    """

    name: str
    mean: float
    between: float
    within: float
    relaxation_s: float
    source: str


QUANTITIES: Final = (
    Quantity(
        name="heart_rate_bpm",
        mean=72.0,
        between=7.0,
        within=3.5,
        relaxation_s=45.0,
        source="60-100 at rest: Hall, J. E., Hall, M. E. (2020). Guyton and Hall "
        "Textbook of Medical Physiology, 14th ed. Elsevier.",
    ),
    Quantity(
        name="spo2_pct",
        mean=97.3,
        between=0.6,
        within=0.5,
        relaxation_s=90.0,
        source="96-98 in healthy adults: O'Driscoll, B. R. et al. (2017). BTS "
        "guideline for oxygen use in adults. Thorax 72, suppl. 1: ii1-ii90.",
    ),
    Quantity(
        name="respiratory_rate_per_min",
        mean=16.0,
        between=1.5,
        within=1.0,
        relaxation_s=30.0,
        source="12-20 at rest: Royal College of Physicians (2017). National Early "
        "Warning Score (NEWS) 2. London: RCP.",
    ),
    Quantity(
        name="systolic_mmhg",
        mean=118.0,
        between=8.0,
        within=4.0,
        relaxation_s=120.0,
        source="Below 120 normal, 120-139 raised: Whelton, P. K. et al. (2018). "
        "ACC/AHA guideline. Hypertension 71(6): e13-e115.",
    ),
    Quantity(
        name="pulse_pressure_mmhg",
        mean=42.0,
        between=4.0,
        within=2.0,
        relaxation_s=120.0,
        source="About 40 in young adults: Hall and Hall (2020), as above.",
    ),
    Quantity(
        name="temperature_c",
        mean=36.8,
        between=0.2,
        within=0.05,
        relaxation_s=3600.0,
        source="Mean 36.8: Mackowiak, P. A. et al. (1992). A critical appraisal of "
        "98.6 F. JAMA 268(12): 1578-1580.",
    ),
)
"""What a patient's state consists of; the order is the order of the rows."""


def _column(name: str) -> Array:
    return np.array([[getattr(quantity, name)] for quantity in QUANTITIES])


_MEAN, _BETWEEN, _WITHIN = _column("mean"), _column("between"), _column("within")
_RELAXATION_S = _column("relaxation_s")
_MOST_UNUSUAL: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where every patient of the cohort is now.

    Both arrays have the shape (quantities, patients).
    """

    set_points: Array
    deviations: Array


def initial(n: int, rng: np.random.Generator) -> State:
    """Draw ``n`` patients from the long-run distribution."""
    shape = (len(QUANTITIES), n)
    unusual = np.clip(rng.standard_normal(shape), -_MOST_UNUSUAL, _MOST_UNUSUAL)
    return State(
        set_points=_MEAN + _BETWEEN * unusual,
        deviations=_WITHIN * rng.standard_normal(shape),
    )


def step(state: State, *, dt_s: float, rng: np.random.Generator) -> State:
    """Return the cohort ``dt_s`` seconds later; ``state`` is left alone."""
    keep = np.exp(-dt_s / _RELAXATION_S)
    noise = _WITHIN * np.sqrt(1.0 - keep**2)
    moved = state.deviations * keep
    moved += noise * rng.standard_normal(state.deviations.shape)
    return State(set_points=state.set_points, deviations=moved)
