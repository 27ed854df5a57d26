"""What a message says beside its numbers: therapy, state of mind, activity.

Therapy and state of mind are entered at the bedside. There are few combinations,
so that a message carries the number of one: the place in ``CHARTS``.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

ON_OXYGEN_EVERY: Final = 8
"""One patient in so many breathes supplemental oxygen from the start on; our choice."""

ACVPU: Final = ("A", "C", "V", "P", "U")
"""Alert, confused, answers to voice, to pain, to nothing: Royal College of
Physicians (2017). National Early Warning Score (NEWS) 2. London: RCP."""

ACTIVITIES: Final = (None, "rest", "moving", "exercise")
"""What a device can tell of it; None where it tells nothing."""

Codes = NDArray[np.int64]


class Charted(NamedTuple):
    """A patient's therapy, state of mind and activity."""

    on_oxygen: bool
    consciousness: str
    activity: str | None


CHARTS: Final = tuple(
    Charted(on_oxygen, consciousness, activity)
    for activity in ACTIVITIES
    for consciousness in ACVPU
    for on_oxygen in (False, True)
)
"""Every combination, in the order of its number."""


def number(oxygen: Codes, consciousness: Codes, doing: Codes) -> Codes:
    """Return the place in ``CHARTS`` of places in ``ACVPU`` and ``ACTIVITIES``."""
    return np.asarray((doing * len(ACVPU) + consciousness) * 2 + oxygen)


def on_oxygen(device: NDArray[np.int64]) -> Codes:
    """Return 1 for each device whose patient breathes oxygen from the start on."""
    return np.asarray(device % ON_OXYGEN_EVERY == 0, dtype=np.int64)
