"""What an episode does to the body: levels rise or fall, and come back."""

from typing import Final

import numpy as np

from digital_twin import episodes, vital_signs
from digital_twin.cohort import Array
from digital_twin.episodes import NOTHING, Index
from digital_twin.kinds import KINDS
from digital_twin.vital_signs import QUANTITIES

_UNTOUCHED: Final = (np.nan, np.nan)
_TARGETS: Final = np.array(
    [[kind.targets.get(q.name, _UNTOUCHED) for q in QUANTITIES] for kind in KINDS]
)
_RAMP_S: Final = np.array([kind.ramp_s for kind in KINDS])
_VARIABILITY: Final = np.array([kind.variability for kind in KINDS])
_ABRUPT_S: Final = 1e-3


def levels(body: vital_signs.State, illness: episodes.State, at_s: Array) -> Array:
    """Return what every quantity is in truth, shape (quantities, patients).

    Parameters
    ----------
    body
        The patients as they are without any episode.
    illness
        The episodes they are in.
    at_s : ndarray, shape (patients,)
        The time of each patient's reading.
    """
    well = body.set_points + body.deviations
    ill = np.flatnonzero(illness.kind != NOTHING)
    well[:, ill] = _ill(body, illness, at_s, ill)
    return well


def weight(illness: episodes.State, at_s: Array, ill: Index) -> Array:
    """Return how far each course has come, from 0 over 1 and back to 0."""
    ramp_s = np.maximum(_RAMP_S[illness.kind[ill]], _ABRUPT_S)
    rise = (at_s[ill] - illness.onset_s[ill]) / ramp_s
    fall = (illness.end_s[ill] - at_s[ill]) / ramp_s
    return np.asarray(np.clip(np.minimum(rise, fall), 0.0, 1.0))


def _ill(
    body: vital_signs.State, illness: episodes.State, at_s: Array, ill: Index
) -> Array:
    kind = illness.kind[ill]
    share = weight(illness, at_s, ill)
    mild, grave = _TARGETS[kind].T
    target = mild + illness.gravity[ill] * (grave - mild)
    usual = body.set_points[:, ill]
    shift = np.where(np.isnan(target), 0.0, share * (target - usual))
    steady = 1.0 - share * (1.0 - _VARIABILITY[kind])
    return np.asarray(usual + shift + steady * body.deviations[:, ill])
