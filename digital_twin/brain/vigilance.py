"""Awake or asleep, eyes open or closed: what the rhythms depend on.

Depth of sleep drifts as vital signs do (``digital_twin.vital_signs``), but over
half an hour; eyes open and close by chance, and are closed in sleep.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array

ASLEEP: Final = 0.35
"""Depth from which a patient is asleep; 1 is the deepest sleep; our choice."""

_MEAN, _SPREAD = 0.2, 0.35
_RELAXATION_S: Final = 1_800.0
"""How deep, and for how long; our choice: in bed by day, dozing now and then."""

_OPEN_S, _CLOSED_S = 20.0, 40.0
"""How long eyes stay so, on average, in somebody who lies awake.

Our choice, so that the alpha rhythm is seen to come and go with them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How each patient is; the arrays have the shape (patients,)."""

    drift: Array
    eyes_open: NDArray[np.bool_]

    @property
    def depth(self) -> Array:
        """Return the depth of sleep, from 0 to 1."""
        return np.clip(self.drift, 0.0, 1.0)


def initial(n: int, rng: np.random.Generator) -> State:
    """Draw ``n`` patients from the long-run distribution."""
    drift = _MEAN + _SPREAD * rng.standard_normal(n)
    chance = _OPEN_S / (_OPEN_S + _CLOSED_S)
    return State(drift=drift, eyes_open=(rng.random(n) < chance) & (drift < ASLEEP))


def step(state: State, rng: np.random.Generator) -> State:
    """Return the patients a second later; ``state`` is left alone."""
    keep = math.exp(-1.0 / _RELAXATION_S)
    noise = _SPREAD * math.sqrt(1.0 - keep**2) * rng.standard_normal(state.drift.size)
    drift = _MEAN + (state.drift - _MEAN) * keep + noise
    lasts_s = np.where(state.eyes_open, _OPEN_S, _CLOSED_S)
    moved = rng.random(drift.size) < 1.0 / lasts_s
    return State(drift=drift, eyes_open=(state.eyes_open ^ moved) & (drift < ASLEEP))
