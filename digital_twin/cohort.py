"""Split a fleet into cohorts that never influence one another."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

COHORT_SIZE: Final = 512
STREAMS: Final = (
    "physiology",
    "episodes",
    "sensors",
    "network",
    "rhythms",
    "vigilance",
    "seizures",
    "artefacts",
    "artefact_noise",
    "device_faults",
    "devices",
    "device_messages",
)
"""One for each concern; a new one goes to the end, so that the others stay."""

Array = NDArray[np.float64]
Streams = dict[str, np.random.Generator]

_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0


def streams(seed: int, cohort: int) -> Streams:
    """Return one generator per concern for one cohort.

    Adding a cohort, or drawing more sensor noise, changes nothing anywhere
    else: every stream has a place of its own in the seed's key space.
    """
    return {
        name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(cohort, i)))
        for i, name in enumerate(STREAMS)
    }


def cohorts(n_devices: int) -> Iterator[tuple[int, int]]:
    """Yield ``(cohort, size)`` until ``n_devices`` are placed."""
    for cohort, first in enumerate(range(0, n_devices, COHORT_SIZE)):
        yield cohort, min(COHORT_SIZE, n_devices - first)


def devices(cohort: int, size: int) -> NDArray[np.int64]:
    """Return the numbers that the cohort's devices have in the whole fleet."""
    return np.arange(size) + cohort * COHORT_SIZE


def phases(device: NDArray[np.int64]) -> Array:
    """Return where in each period a device takes its reading, from 0 to 1.

    Multiples of the golden ratio lie evenly for any number of devices, and a
    device's phase does not depend on how many others there are.
    """
    return np.mod(device * _GOLDEN, 1.0)
