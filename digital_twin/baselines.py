"""Where a patient is when nothing happens: day and night, hours, being up.

All of it is slow, so it is drawn at marks a minute apart, and what lies between two
marks lies on a straight line.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from digital_twin.charted import ACTIVITIES
from digital_twin.cohort import Array
from digital_twin.minutes import MINUTE_S
from digital_twin.onsets import Index
from digital_twin.populations import DAY_H, Population, scales
from digital_twin.quantities import NAMES, column
from digital_twin.vital_signs import MOST_UNUSUAL, Level

DAY_S: Final = 86_400.0
HOUR_S: Final = 3600.0
ON_FEET_S: Final = 300.0
"""How long a patient is up at a time, on average; our choice."""

REST: Final = ACTIVITIES.index("rest")
MOVING: Final = ACTIVITIES.index("moving")

BEING_UP: Final[Mapping[str, float]] = {
    "heart_rate_bpm": 12.0,
    "respiratory_rate_per_min": 2.0,
}
"""What slow walking adds. Ainsworth, B. E. et al. (2011). Compendium of physical
activities. Med Sci Sports Exerc 43(8): 1575-1581: 2 MET, which is one more than at
rest. About 10 heartbeats a minute for each, and 2 breaths, are our choice."""

_WANDER, _WANDER_S = column("wander"), column("wander_s")
_DAY, _PEAK_H = column("day"), column("peak_h")
_BEING_UP: Final = np.array([[BEING_UP.get(name, 0.0)] for name in NAMES])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everybody's way from the mark at ``mark_s`` to the next.

    ``before`` and ``behind``, what is added to the set points there, and
    ``wander``, its part that wanders, have the shape (quantities, patients).
    """

    mark_s: float
    before: Level
    behind: Level
    wander: Level
    activity: Index


def initial(
    n: int,
    population: Population,
    begins_h: float,
    mark_s: float,
    rng: np.random.Generator,
) -> State:
    """Return ``n`` patients at rest, on their way from the mark at ``mark_s``."""
    drawn = rng.standard_normal((len(NAMES), n))
    wander = (_spread(population) * drawn).astype(np.float32)
    at_rest = np.clip(wander, *_bounds(population)).astype(np.float32)
    state = State(
        mark_s=mark_s - MINUTE_S,
        before=at_rest,
        behind=at_rest,
        wander=wander,
        activity=np.full(n, REST),
    )
    nobody = np.zeros(n, dtype=np.bool_)
    return step(state, mark_s, population, begins_h, ill=nobody, rng=rng)


def step(  # noqa: PLR0913 - time, place and people
    state: State,
    mark_s: float,
    population: Population,
    begins_h: float,
    *,
    ill: NDArray[np.bool_],
    rng: np.random.Generator,
) -> State:
    """Return the way from the mark at ``mark_s`` to the next.

    Who is ill does not get up.
    """
    passed_s = mark_s - state.mark_s
    wander = _wandered(state.wander, passed_s, population, rng)
    moving = _moving(population, begins_h, mark_s) * ~ill
    activity = _activity(state.activity, passed_s, moving, rng)
    behind = np.clip(wander, *_bounds(population)) + _BEING_UP * (activity == MOVING)
    return State(
        mark_s=mark_s,
        before=state.behind,
        behind=behind.astype(np.float32),
        wander=wander,
        activity=activity,
    )


def usual(state: State, set_points: Level, begins_h: float) -> tuple[Level, Level]:
    """Return the levels at the mark, without any episode, and what they go per second.

    Both have the shape (quantities, patients).
    """
    ends_s = np.array([state.mark_s, state.mark_s + MINUTE_S])
    hours = begins_h + ends_s / HOUR_S - _PEAK_H
    before, behind = (_DAY * np.cos(hours * (2.0 * np.pi / 24.0))).T[:, :, None]
    starts = set_points + (state.before + before)
    slopes = (state.behind - state.before + (behind - before)) / MINUTE_S
    return starts.astype(np.float32), slopes.astype(np.float32)


def _wandered(
    wander: Level, passed_s: float, population: Population, rng: np.random.Generator
) -> Level:
    keep = np.exp(-passed_s / _WANDER_S)
    noise = _spread(population) * np.sqrt(1.0 - keep**2)
    moved = keep * wander + noise * rng.standard_normal(wander.shape)
    return np.asarray(moved, dtype=np.float32)


@functools.cache
def _spread(population: Population) -> Array:
    """Return how far each quantity wanders, shape (quantities, 1)."""
    return np.asarray(_WANDER * scales(population.wander))


def _bounds(population: Population) -> tuple[Array, Array]:
    most = MOST_UNUSUAL * _spread(population)
    return -most, most


def _moving(population: Population, begins_h: float, at_s: float) -> float:
    """Return the share of patients who are up at that time."""
    hour = (begins_h + at_s / HOUR_S) % 24.0
    return population.moving if DAY_H[0] <= hour < DAY_H[1] else 0.0


def _activity(
    activity: Index, passed_s: float, moving: Array, rng: np.random.Generator
) -> Index:
    """Return who is up now: as many as ``moving`` says, in the long run."""
    again = rng.random(activity.size) > np.exp(-passed_s / ON_FEET_S)
    up = rng.random(activity.size) < moving
    return np.where(again, np.where(up, MOVING, REST), activity)
