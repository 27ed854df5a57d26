"""EEG of a cohort of patients, second after second: 19 electrodes on each head.

What a patient's brain does, when it seizes, and what else the electrodes pick up
are drawn from streams of their own: more artefacts change no rhythm.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digital_twin.brain import artefacts, rhythms, seizures, vigilance
from digital_twin.brain.artefacts import Artefact
from digital_twin.brain.plan import PLAN, by_second, schedule
from digital_twin.brain.scalp import Signal
from digital_twin.brain.seizures import Seizure
from digital_twin.cohort import Array, Streams, streams

RATE_HZ: Final = 256
"""Our choice; at least 200: Nuwer, M. R. et al. (1998). IFCN standards for digital
recording of clinical EEG. Electroencephalogr Clin Neurophysiol 106(3): 259-261."""

COHORT_SIZE: Final = 32
"""Patients whose seconds are made at once: few, so that arrays stay in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a cohort's amplifiers and surroundings are.

    The first second is at ``begins_s``. ``artefacts`` multiplies how often
    artefacts come; 0 is a head without any. 50 Hz are Europe's mains (IEC 60038).
    """

    seed: int
    begins_s: float = 0.0
    rate_hz: int = RATE_HZ
    mains_hz: float = 50.0
    artefacts: float = 1.0


class Second(NamedTuple):
    """One second of a cohort, and what begins in it.

    ``samples_uv`` has the shape (patients, electrodes, samples).
    """

    at_s: float
    samples_uv: Signal
    artefacts: Sequence[Artefact] = ()
    seizures: Sequence[Seizure] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A cohort in its second number ``second``; ``noise`` is the block around it."""

    second: int
    traits: rhythms.Traits
    vigilance: vigilance.State
    seizures: seizures.State
    artefacts: artefacts.State
    begun: Sequence[Artefact]
    before: Signal
    behind: Signal


def play(
    cohort: int, size: int, setting: Setting, onsets: Iterable[Sequence[Seizure]]
) -> Iterator[Second]:
    """Yield a second for each of ``onsets``, the seizures that begin in it."""
    rng = streams(setting.seed, cohort)
    state = initial(size, setting, rng)
    for begun in onsets:
        state = step(state, begun, setting, rng)
        yield observe(state, begun, setting, rng)


def initial(size: int, setting: Setting, rng: Streams) -> State:
    """Return a cohort before its first second."""
    traits = rhythms.traits(size, rng["rhythms"])
    how = vigilance.initial(size, rng["vigilance"])
    ill = seizures.initial(size)
    noise = _block(traits, _strengths_uv(how, ill, setting.begins_s), setting, rng)
    return State(
        second=-1,
        traits=traits,
        vigilance=how,
        seizures=ill,
        artefacts=artefacts.initial(size),
        begun=(),
        before=noise,
        behind=noise,
    )


def step(
    state: State, begun: Sequence[Seizure], setting: Setting, rng: Streams
) -> State:
    """Return the cohort one second later; ``state`` is left alone."""
    at_s = setting.begins_s + state.second + 1.0
    how = vigilance.step(state.vigilance, rng["vigilance"])
    ill = seizures.begin(state.seizures, begun, rng["seizures"])
    disturbed, new = artefacts.step(
        state.artefacts, how, at_s, setting.artefacts, rng["artefacts"]
    )
    return State(
        second=state.second + 1,
        traits=state.traits,
        vigilance=how,
        seizures=ill,
        artefacts=disturbed,
        begun=new,
        before=state.behind,
        behind=_block(state.traits, _strengths_uv(how, ill, at_s + 1.0), setting, rng),
    )


def observe(
    state: State, begun: Sequence[Seizure], setting: Setting, rng: Streams
) -> Second:
    """Return what the electrodes see in this second."""
    start_s = setting.begins_s + state.second
    at_s = start_s + np.arange(setting.rate_hz) / setting.rate_hz
    samples_uv = rhythms.second(state.before, state.behind)
    patients = seizures.ill(state.seizures, start_s, start_s + 1.0)
    samples_uv[patients] += seizures.waves_uv(state.seizures, patients, at_s)
    artefacts.disturb(
        samples_uv, state.artefacts, at_s, setting.mains_hz, rng["artefact_noise"]
    )
    return Second(start_s, samples_uv, state.begun, begun)


def _strengths_uv(how: vigilance.State, ill: seizures.State, at_s: float) -> Array:
    slowing = seizures.slowing(ill, at_s)
    return rhythms.strengths_uv(how.depth, how.eyes_open.astype(float), slowing)


def _block(traits: rhythms.Traits, uv: Array, setting: Setting, rng: Streams) -> Signal:
    return rhythms.block(traits, uv, setting.rate_hz, rng["rhythms"])


def record(
    length_s: int, seed: int, *, n_seizures: int = 0, artefacts: float = 1.0
) -> Iterator[Second]:
    """Yield a recording of one patient, with its truth, second after second.

    Parameters
    ----------
    length_s
        How many seconds there are: 86,400 are a day.
    n_seizures
        How many seizures there are: one by chance within each of as many equal
        parts, none in the first quarter of an hour or near another.
    artefacts
        Times as many artefacts as usual.

    Examples
    --------
    >>> played = list(record(3, seed=1))
    >>> len(played), played[0].samples_uv.shape
    (3, (1, 19, 256))
    """
    setting = Setting(seed=seed, artefacts=artefacts)
    planned = schedule(length_s, n_seizures, streams(seed, PLAN)["episodes"])
    yield from play(0, 1, setting, by_second(planned, length_s))
