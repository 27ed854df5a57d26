"""Seizures: where they begin, how they spread, slow down, grow, and what they leave.

A seizure begins at one electrode as a faint rhythm of about 8 Hz, reaches others
the later the farther they are, slows to about 3 Hz while it grows, ends
everywhere at once, and leaves the background slow for minutes.

References
----------
Pacia, S. V., Ebersole, J. S. (1997). Intracranial EEG substrates of scalp ictal
patterns from temporal lobe foci. Epilepsia, 38(6), 642-654: 5 to 9 Hz on the scalp,
or 2 to 4 Hz, which commonly follow what is faster.
Foldvary, N. et al. (2001). The localizing value of ictal EEG in focal epilepsy.
Neurology, 57(11), 2022-2028: rhythmic theta at the onset.
Schiff, S. J. et al. (2000). Brain chirps: spectrographic signatures of epileptic
seizures. Clinical Neurophysiology, 111(6), 953-958: the frequency falls.
Schindler, K. et al. (2007). Assessing seizure dynamics by analysing the
correlation structure of multichannel intracranial EEG. Brain, 130(1), 65-77:
electrodes grow more alike before the end.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.brain.scalp import DISTANCES_RAD, ELECTRODES, Signal
from digital_twin.cohort import Array
from digital_twin.onsets import Index

_Column = NDArray[np.number[Any]]

SLOWING_S: Final = 60.0
"""After so long, what a seizure left is down to a third.

Mostly slow waves, which are seen for 79 s, or for 406 s where they are not all that it
left: Kaibara, M., Blume, W. T. (1988). The postictal electroencephalogram.
Electroencephalogr Clin Neurophysiol 70(2): 99-104. In between is our choice: they are
seen for two or three minutes.
"""

_DRAWN: Final = (
    (7.0, 9.0),  # begins_hz
    (2.6, 3.4),  # ends_hz
    (70.0, 160.0),  # peak_uv
    (1.3, 3.2),  # reach_rad
    (0.15, 0.40),  # rad_per_s
    (8.0, 16.0),  # grows_s
)
"""From the least to the most of what differs from seizure to seizure.

Frequencies are among those of Pacia and Ebersole (1997); the others are our choice, by
eye.
"""

_SLOWS_WITHIN: Final = 2.5
"""A seizure's length is so many times that within which it slows to a third; our
choice."""

_UNEVEN_RAD, _UNEVEN_HZ = 0.5, 0.37
"""How far its phase is from an even one, and how often; our choice."""

_FAINT: Final = 0.25
"""Share of the peak with which it begins at an electrode; our choice."""

_FAR: Final = 0.4
"""Share of the focus' amplitude at the far end of its reach; our choice."""

_FADES_S: Final = 0.5
"""Within which it comes to an electrode, and ends; our choice: so nothing jumps."""

_HARMONICS: Final = ((1.0, 0.0), (0.5, 0.6), (0.25, 1.1))
"""Weight and phase of each multiple of the frequency: waves with a sharp side; our
choice."""

_LAG_RAD: Final = 0.7
"""Phase by which a wave is behind, for each radian of distance; our choice."""


class Seizure(NamedTuple):
    """One that begins: whose, from when to when."""

    patient: int
    onset_s: float
    end_s: float


class State(NamedTuple):
    """The latest seizure of each patient; each array has the shape (patients,).

    Before the first, ``onset_s`` and ``end_s`` are long ago.
    """

    onset_s: Array
    end_s: Array
    focus: Index
    begins_hz: Array
    ends_hz: Array
    peak_uv: Array
    reach_rad: Array
    rad_per_s: Array
    grows_s: Array


def initial(n: int) -> State:
    """Return ``n`` patients whose last seizure was long ago."""
    past, nothing = np.full(n, -np.inf), np.zeros(n)
    return State(
        onset_s=past,
        end_s=past,
        focus=np.zeros(n, np.int64),
        begins_hz=nothing,
        ends_hz=nothing,
        peak_uv=nothing,
        reach_rad=nothing,
        rad_per_s=nothing,
        grows_s=nothing,
    )


def begin(state: State, begun: Sequence[Seizure], rng: np.random.Generator) -> State:
    """Return the patients with the seizures that begin; each is one of its own."""
    for patient, onset_s, end_s in begun:
        focus = rng.integers(len(ELECTRODES))
        drawn = [rng.uniform(least, most) for least, most in _DRAWN]
        values = (onset_s, end_s, focus, *drawn)
        state = State._make(
            _replaced(column, patient, value)
            for column, value in zip(state, values, strict=True)
        )
    return state


def _replaced(old: _Column, where: int, new: float) -> _Column:
    changed = old.copy()
    changed[where] = new
    return changed


def slowing(state: State, at_s: float) -> Array:
    """Return how much the background is slowed: 1 at a seizure's end, back to 0."""
    since_s = at_s - state.end_s
    return np.where(since_s >= 0.0, np.exp(-np.maximum(since_s, 0.0) / SLOWING_S), 0.0)


def ill(state: State, start_s: float, end_s: float) -> Index:
    """Return the patients who have a seizure at some time between the two."""
    return np.flatnonzero((state.onset_s < end_s) & (state.end_s > start_s))


def waves_uv(state: State, patients: Index, at_s: Array) -> Signal:
    """Return what the seizures of ``patients`` add, 0 before and after them.

    Parameters
    ----------
    at_s : ndarray, shape (samples,)
        When each sample is taken.

    Returns
    -------
    ndarray of float32, shape (patients, electrodes, samples)
        In microvolt.
    """
    of = State._make(column[patients] for column in state)
    since_s = at_s - of.onset_s[:, None]
    far_rad = DISTANCES_RAD[of.focus]
    amplitude_uv = of.peak_uv[:, None, None] * _envelope(of, far_rad, at_s)
    angle = _phase(of, since_s)[:, None, :] - _LAG_RAD * far_rad[:, :, None]
    shape = sum(w * np.sin(k * angle + at) for k, (w, at) in enumerate(_HARMONICS, 1))
    return np.asarray(amplitude_uv * shape, np.float32)


def _phase(of: State, since_s: Array) -> Array:
    """Return the waves' phase: the integral of a frequency that falls."""
    last, more = of.ends_hz[:, None], (of.begins_hz - of.ends_hz)[:, None]
    slows_s = (of.end_s - of.onset_s)[:, None] / _SLOWS_WITHIN
    fallen_s = slows_s * -np.expm1(-np.maximum(since_s, 0.0) / slows_s)
    uneven = _UNEVEN_RAD * np.sin(2.0 * np.pi * _UNEVEN_HZ * since_s)
    return np.asarray(2.0 * np.pi * (last * since_s + more * fallen_s) + uneven)


def _envelope(of: State, far_rad: Array, at_s: Array) -> Array:
    """Return each electrode's amplitude as a share of the peak."""
    arrives_s = of.onset_s[:, None] + far_rad / of.rad_per_s[:, None]
    since_s = at_s - arrives_s[:, :, None]
    grown = np.clip(since_s / of.grows_s[:, None, None], 0.0, 1.0)
    begun = np.clip(since_s / _FADES_S, 0.0, 1.0)
    left = np.clip((of.end_s[:, None, None] - at_s) / _FADES_S, 0.0, 1.0)
    share = far_rad / of.reach_rad[:, None]
    near = np.where(share <= 1.0, 1.0 - (1.0 - _FAR) * share, 0.0)[:, :, None]
    return np.asarray(near * begun * left * (_FAINT + (1.0 - _FAINT) * grown))
