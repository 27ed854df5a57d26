"""Vital signs from second to second: one row a quantity, one column a patient.

A quantity flutters around where the patient is, and is pulled back to it, which is
an Ornstein-Uhlenbeck process in its exact discrete form, here of spread 1:

    deviation' = deviation * a + sqrt(1 - a**2) * noise,    a = exp(-dt / relaxation)

so the spread does not depend on how finely time is cut. This is the one part that
is computed of everybody in every period, so it is short, in single precision, and
its noise is looked up: 16 random bits choose one of as many equally likely steps of
the normal distribution. None is further out than 4.3 spreads, and their spread is 1 to
five digits.

References
----------
Gillespie, D. T. (1996). Exact numerical simulation of the Ornstein-Uhlenbeck
process and its integral. Physical Review E, 54(2), 2084-2091.
"""

import functools
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.populations import Population, scales
from digital_twin.quantities import FLUTTERING, QUANTITIES, column, row

Level = NDArray[np.float32]

MOST_UNUSUAL: Final = 2.0
"""So many spreads from the mean at most, so that everybody is well; our choice."""

PULSE_AVERAGES_S: Final = 4.0
"""How much longer an oximeter averages beats than an electrocardiograph does.

Makers let 2 to 16 s be chosen, and 8 s are common; our choice, so that the pulse keeps
of a second's change what recorded ones do.
"""

PERSONAL: Final = 0.35
"""How much flutter differs between people: logarithmically normal, this wide.

Of the heart 0.28 in a day: Task Force of the ESC and NASPE (1996). Heart rate
variability: standards of measurement. Circulation 93(5): 1043-1065 (SDNN 141 ms, spread
39 ms). In eight minutes it is more (0.6 in ten recordings); in between is our choice.
"""

_STEPS: Final = 1 << 16
_IN_A_WORD: Final = 4
"""So many times 16 bits are in what the generator makes at a time."""

_HEART: Final = row("heart_rate_bpm")
_FLUTTER: Final = column("flutter")[:FLUTTERING]
_FLUTTER_S: Final = column("flutter_s")[:FLUTTERING]
_AVERAGES_S: Final = column("averages_s")[:FLUTTERING]


class State(NamedTuple):
    """Who the patients are, and how they flutter now.

    ``set_points`` has the shape (quantities, patients); ``spreads`` and
    ``deviations`` (in spreads) have the shape (fluttering, patients), and so has
    ``averaged``, what an averaging monitor makes of them. ``pulse``, shape
    (patients,), is what an oximeter makes of the heart.
    """

    set_points: Level
    spreads: Level
    deviations: Level
    averaged: Level
    pulse: Level


def initial(n: int, population: Population, rng: np.random.Generator) -> State:
    """Draw ``n`` patients from the long-run distribution."""
    mean, between = _set_points(population)
    set_points = mean + between * _usual(rng.standard_normal((len(QUANTITIES), n)))
    shape = (FLUTTERING, n)
    flutter = _FLUTTER * scales(population.flutter)[:FLUTTERING]
    spreads = flutter * np.exp(PERSONAL * _usual(rng.standard_normal(shape)))
    deviations = _drawn(shape, rng)
    return State(
        set_points=set_points.astype(np.float32),
        spreads=spreads.astype(np.float32),
        deviations=deviations,
        averaged=deviations,
        pulse=np.float32(_followed()) * deviations[_HEART],
    )


def step(state: State, *, dt_s: float, rng: np.random.Generator) -> State:
    """Return the cohort ``dt_s`` seconds later; ``state`` is left alone."""
    keep, noise, gain, share, pulse_share = _constants(dt_s, state.deviations.shape[1])
    moved = _drawn(state.deviations.shape, rng)
    moved *= noise
    moved += keep * state.deviations
    averaged = gain * moved
    averaged -= state.averaged
    averaged *= share
    averaged += state.averaged
    pulse = averaged[_HEART] - state.pulse
    pulse *= pulse_share
    pulse += state.pulse
    return State(
        set_points=state.set_points,
        spreads=state.spreads,
        deviations=moved,
        averaged=averaged,
        pulse=pulse,
    )


def _followed() -> float:
    """Return how much of the heart a pulse is most likely to show, from 0 to 1.

    It averages what is an average of an Ornstein-Uhlenbeck process.
    """
    one, two = float(_FLUTTER_S[_HEART, 0]), float(_AVERAGES_S[_HEART, 0])
    again = PULSE_AVERAGES_S
    return (one**2 / (one + again) - two**2 / (two + again)) / (one - two)


def _drawn(shape: tuple[int, int], rng: np.random.Generator) -> Level:
    rows, n = shape
    raw = rng.bit_generator.random_raw(-(-rows * n // _IN_A_WORD))
    return _normal().take(raw.view(np.uint16)[: rows * n]).reshape(shape)


@functools.cache
def _normal() -> Level:
    """Return the middles of equally likely steps, from the lowest to the highest."""
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    return np.array([*map(NormalDist().inv_cdf, middles.tolist())], dtype=np.float32)


@functools.cache
def _constants(dt_s: float, n: int) -> tuple[Level, ...]:
    """Return what is kept, the noise, gain and share of the average, and the pulse's.

    An average with the share s of what is kept as a has, of a spread of 1, the
    variance s / (2 - s) * (1 + a (1 - s)) / (1 - a (1 - s)). The gain makes it 1
    again. The pulse has none: it flutters less than the heart.
    """
    keep = np.exp(-dt_s / _FLUTTER_S)
    share = -np.expm1(-dt_s / _AVERAGES_S)
    left = keep * (1.0 - share)
    gain = np.sqrt((2.0 - share) / share * (1.0 - left) / (1.0 + left))
    constants = keep, np.sqrt(1.0 - keep**2), gain, share
    pulse_share = np.full(n, -np.expm1(-dt_s / PULSE_AVERAGES_S), dtype=np.float32)
    rows = (np.repeat(each.astype(np.float32), n, axis=1) for each in constants)
    return (*rows, pulse_share)


def _usual(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(drawn, -MOST_UNUSUAL, MOST_UNUSUAL)


def _set_points(population: Population) -> tuple[NDArray[np.float64], ...]:
    own = [population.set_points.get(q.name, (q.mean, q.between)) for q in QUANTITIES]
    mean, between = np.array(own).T[:, :, None]
    return mean, between
