"""When the seizures of a recording are."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from digital_twin.brain.seizures import Seizure

PLAN: Final = 1_000_000
"""A cohort that never is: its streams say when a recording's seizures are."""
QUIET_S: Final = 900.0
"""A recording begins without seizures, so that what is usual can be learned.

For how long is our choice.
"""

APART_S: Final = 300.0
"""Time from one seizure to the next, at least; our choice: what one leaves is over."""

LASTS_S: Final = (40.0, 110.0)
"""On the scalp they last 42, 62 or 96 s, the longer the more of the brain takes part.

Dobesberger, J. et al. (2015). Duration of focal complex, secondarily generalized
tonic-clonic, and primarily generalized tonic-clonic seizures. Epilepsy Behav 49:
111-117. That all between are equally likely is our choice.
"""


def schedule(
    length_s: float, n_seizures: int, rng: np.random.Generator
) -> list[Seizure]:
    """Return when a patient's seizures are.

    Raises
    ------
    ValueError
        If there is no room for so many.
    """
    room_s = (length_s - QUIET_S) / max(n_seizures, 1) - APART_S - LASTS_S[1]
    if n_seizures and room_s < 0.0:
        msg = f"{n_seizures} seizures do not fit into {length_s:g} s"
        raise ValueError(msg)
    part_s = room_s + APART_S + LASTS_S[1]
    onset_s = QUIET_S + part_s * np.arange(n_seizures) + room_s * rng.random(n_seizures)
    end_s = onset_s + rng.uniform(*LASTS_S, n_seizures)
    pairs = zip(onset_s.tolist(), end_s.tolist(), strict=True)
    return [Seizure(0, onset, end) for onset, end in pairs]


def by_second(planned: Sequence[Seizure], length_s: int) -> Iterator[list[Seizure]]:
    """Yield, for each second, the seizures that begin in it."""
    for second in range(length_s):
        yield [each for each in planned if second <= each.onset_s < second + 1]
