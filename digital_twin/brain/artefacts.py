"""Which artefact is on each patient's electrodes, and what they see of it.

A patient has one at a time, as of episodes (``digital_twin.episodes``).
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digital_twin.brain import vigilance
from digital_twin.brain.artefact_kinds import KINDS
from digital_twin.brain.scalp import ELECTRODES, Signal, around
from digital_twin.cohort import Array
from digital_twin.episodes import NOTHING
from digital_twin.onsets import Index

HOUR_S: Final = 3_600.0


class Artefact(NamedTuple):
    """One that begins: whose, what, from when to when."""

    patient: int
    kind: str
    onset_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The artefact each patient is in; each array has the shape (patients,).

    ``kind`` is an index into ``KINDS``, or ``NOTHING``.
    """

    kind: Index
    onset_s: Array
    end_s: Array
    electrode: Index
    amplitude_uv: Array


def initial(n: int) -> State:
    """Return ``n`` patients with nothing but their brain."""
    return State(
        kind=np.full(n, NOTHING),
        onset_s=np.zeros(n),
        end_s=np.zeros(n),
        electrode=np.zeros(n, np.int64),
        amplitude_uv=np.zeros(n),
    )


_PER_S: Final = np.array([kind.per_hour / HOUR_S for kind in KINDS])
_EYES_OPEN: Final = np.array([kind.eyes_open for kind in KINDS])
_ASLEEP_TOO: Final = np.array([kind.asleep_too for kind in KINDS])
_DURATION_S: Final = np.array([kind.duration_s for kind in KINDS]).T
_AMPLITUDE_UV: Final = np.array([kind.amplitude_uv for kind in KINDS]).T
_WEIGHT: Final = np.array([around(kind.electrodes, kind.reach_rad) for kind in KINDS])


def step(
    state: State,
    how: vigilance.State,
    start_s: float,
    often: float,
    rng: np.random.Generator,
) -> tuple[State, list[Artefact]]:
    """Return the artefacts of the second from ``start_s``, and those that are new.

    ``often`` multiplies how often each kind comes; a patient has one at a time.
    """
    draws = _Draws(*rng.random((5, state.kind.size)))
    electrode = rng.integers(len(ELECTRODES), size=state.kind.size)
    per_s = often * _rates(how)
    going_on = (state.kind != NOTHING) & (state.end_s > start_s)
    begins = ~going_on & (draws.begins < per_s.sum(axis=1))
    kind = _chosen(per_s, draws.kind)
    lasts_s = _between(_DURATION_S[:, kind], draws.lasts)
    after = State(
        kind=np.where(begins, kind, np.where(going_on, state.kind, NOTHING)),
        onset_s=np.where(begins, start_s + draws.onset, state.onset_s),
        end_s=np.where(begins, start_s + draws.onset + lasts_s, state.end_s),
        electrode=np.where(begins, electrode, state.electrode),
        amplitude_uv=np.where(
            begins, _between(_AMPLITUDE_UV[:, kind], draws.size), state.amplitude_uv
        ),
    )
    return after, [_told(after, int(i)) for i in np.flatnonzero(begins)]


class _Draws(NamedTuple):
    """Numbers from 0 to 1 that decide what begins, each of shape (patients,)."""

    begins: Array
    kind: Array
    onset: Array
    lasts: Array
    size: Array


def _rates(how: vigilance.State) -> Array:
    """Return how often each kind begins, a second, shape (patients, kinds)."""
    asleep = (how.drift >= vigilance.ASLEEP)[:, None]
    possible = (how.eyes_open[:, None] | ~_EYES_OPEN) & (~asleep | _ASLEEP_TOO)
    return np.asarray(possible * _PER_S)


def _chosen(per_s: Array, chance: Array) -> Index:
    """Return a kind for each patient, the likelier the more often it comes."""
    reached = np.cumsum(per_s, axis=1)
    return np.asarray((reached < chance[:, None] * reached[:, -1:]).sum(axis=1))


def _between(bounds: Array, share: Array) -> Array:
    least, most = bounds
    return np.asarray(least + share * (most - least))


def _told(state: State, patient: int) -> Artefact:
    return Artefact(
        patient,
        KINDS[state.kind[patient]].name,
        float(state.onset_s[patient]),
        float(state.end_s[patient]),
    )


def disturb(
    samples_uv: Signal,
    state: State,
    at_s: Array,
    mains_hz: float,
    rng: np.random.Generator,
) -> None:
    """Put the artefacts on ``samples_uv``, shape (patients, electrodes, samples)."""
    seen = (state.kind != NOTHING) & (state.onset_s <= at_s[-1])
    for patient in np.flatnonzero(seen & (state.end_s > at_s[0])):
        kind = KINDS[state.kind[patient]]
        since_s = at_s - state.onset_s[patient]
        during = (since_s >= 0.0) & (at_s < state.end_s[patient])
        where = _where(state, patient)
        if kind.silences:
            samples_uv[patient] *= 1.0 - np.outer(where, during)
        else:
            wave = kind.wave(since_s, mains_hz, rng) * (where[:, None] * during)
            samples_uv[patient] += state.amplitude_uv[patient] * wave


def _where(state: State, patient: int) -> Array:
    """Return how much of the artefact each electrode sees."""
    kind = state.kind[patient]
    if not KINDS[kind].single:
        return np.asarray(_WEIGHT[kind])
    return np.asarray(np.arange(len(ELECTRODES)) == state.electrode[patient], float)
