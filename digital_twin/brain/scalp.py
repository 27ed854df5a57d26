"""Where the electrodes of the 10-20 system are, on a head that is a ball.

References
----------
Jasper, H. H. (1958). The ten-twenty electrode system of the International
Federation. Electroencephalography and Clinical Neurophysiology, 10, 371-375.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array

Signal = NDArray[np.float32]

_ANGLES_DEG: Final = {
    "Fp1": (-92, -72),
    "Fp2": (92, 72),
    "F7": (-92, -36),
    "F3": (-60, -51),
    "Fz": (46, 90),
    "F4": (60, 51),
    "F8": (92, 36),
    "T7": (-92, 0),
    "C3": (-46, 0),
    "Cz": (0, 0),
    "C4": (46, 0),
    "T8": (92, 0),
    "P7": (-92, 36),
    "P3": (-60, 51),
    "Pz": (46, -90),
    "P4": (60, -51),
    "P8": (92, -36),
    "O1": (-92, 72),
    "O2": (92, -72),
}
"""Electrode -> angle from the top of the head, and round it from the right ear.

Jasper's tenths and fifths of the way over the head; that the outermost are 92 degrees
from the top of a ball is our choice.
"""

ELECTRODES: Final = tuple(_ANGLES_DEG)
REFERENCE: Final = "linked ears"

_COUPLING_RAD: Final = 1.0
"""How far a source is seen: skull and scalp blur it over the neighbours.

Electrodes within 10 to 12 cm look alike, which is a little more than this on a head of
9 cm: Srinivasan, R., Nunez, P. L., Silberstein, R. B. (1998). Spatial filtering and
neocortical dynamics: estimates of EEG coherence. IEEE Trans Biomed Eng 45(7): 814-826.
"""


def _positions() -> Array:
    """Return where the electrodes are, shape (electrodes, 3), 1 from the centre."""
    down, round_ = np.radians(list(_ANGLES_DEG.values())).T
    x, y = np.sin(down) * np.cos(round_), np.sin(down) * np.sin(round_)
    return np.array([x, y, np.cos(down)]).T


def _distances_rad() -> Array:
    cosines = _positions() @ _positions().T
    return np.asarray(np.arccos(np.clip(cosines, -1.0, 1.0)))


DISTANCES_RAD: Final = _distances_rad()
"""Along the scalp, shape (electrodes, electrodes); pi is once over the head."""

MIXING: Final[Signal] = np.linalg.cholesky(
    np.exp(-DISTANCES_RAD / _COUPLING_RAD)
).astype(np.float32)
"""Independent noise, mixed by this, is as alike as neighbours are; power is kept."""


def around(names: Iterable[str], reach_rad: float) -> Array:
    """Return a weight for each electrode: 1 at those named, less with distance."""
    chosen = DISTANCES_RAD[[ELECTRODES.index(name) for name in names]]
    return np.asarray(np.exp(-((chosen.min(axis=0) / reach_rad) ** 2)))
