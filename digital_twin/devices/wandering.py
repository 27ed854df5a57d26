"""Numbers that wander round nothing, and are pulled back (Ornstein-Uhlenbeck)."""

import math

import numpy as np

from digital_twin.cohort import Array


def wander(
    now: Array, *, spread: float, relaxation_s: float, dt_s: float, noise: Array
) -> Array:
    """Return ``now`` a time ``dt_s`` later, in the exact discrete form.

    Gillespie, D. T. (1996). Physical Review E, 54(2), 2084-2091.
    """
    kept = math.exp(-dt_s / relaxation_s)
    return np.asarray(now * kept + spread * math.sqrt(1.0 - kept * kept) * noise)
