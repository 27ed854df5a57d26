"""Who of a cohort is in which episode, from when to when."""

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array
from digital_twin.kinds import KINDS
from digital_twin.scenarios import Scenario, Scripted

Index = NDArray[np.int64]
T = TypeVar("T", Index, Array)

NOTHING: Final = -1
STAGGER_S: Final = 5.0
"""A scripted episode begins up to this much after its time, each by chance."""

_NOBODY: Final = np.zeros(0, dtype=np.int64)
_SHORTEST_S = np.array([kind.duration_s[0] for kind in KINDS])
_LONGEST_S = np.array([kind.duration_s[1] for kind in KINDS])
_MEAN_S = (_SHORTEST_S + _LONGEST_S) / 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The episode each patient is in. Each array has the shape (patients,).

    ``kind`` is an index into ``KINDS``, or ``NOTHING``; ``gravity`` is 0 for the
    mildest and 1 for the gravest episode of its kind.
    """

    kind: Index
    onset_s: Array
    end_s: Array
    gravity: Array


class Onsets(NamedTuple):
    """Well patients in whom something begins. The arrays have one shape."""

    patient: Index
    kind: Index
    onset_s: Array


def initial(n: int, scenario: Scenario, rng: np.random.Generator) -> State:
    """Return ``n`` patients; chance's share of them is already in mid-episode."""
    well = State(
        kind=np.full(n, NOTHING),
        onset_s=np.zeros(n),
        end_s=np.zeros(n),
        gravity=np.zeros(n),
    )
    if not scenario.share:
        return well
    ill = np.flatnonzero(rng.random(n) < scenario.share)
    lasting = _weights(scenario) * _MEAN_S
    kinds = rng.choice(len(KINDS), size=ill.size, p=lasting / lasting.sum())
    begun = Onsets(ill, kinds, np.zeros(ill.size))
    state = _with(well, begun, rng)
    gone_s = rng.random(n) * state.end_s
    return State(
        kind=state.kind,
        onset_s=state.onset_s - gone_s,
        end_s=state.end_s - gone_s,
        gravity=state.gravity,
    )


def step(
    state: State,
    *,
    start_s: float,
    dt_s: float,
    scenario: Scenario,
    rng: np.random.Generator,
) -> tuple[State, Index]:
    """Return the episodes of the next ``dt_s``, and the patients who are new in one."""
    before = now = _without_those_over(state, start_s)
    for onset_s, scripted in _due(scenario, start_s, dt_s):
        well = _well(now, scenario, scripted)
        now = _with(now, _one_patient(well, onset_s, scripted, rng), rng)
    if scenario.share:
        now = _with(now, _by_chance(now, start_s, dt_s, scenario, rng), rng)
    return now, _NOBODY if now is before else np.flatnonzero(now.kind != before.kind)


def _without_those_over(state: State, start_s: float) -> State:
    over = (state.kind != NOTHING) & (state.end_s <= start_s)
    if not over.any():
        return state
    return State(
        kind=np.where(over, NOTHING, state.kind),
        onset_s=state.onset_s,
        end_s=state.end_s,
        gravity=state.gravity,
    )


def _due(
    scenario: Scenario, start_s: float, dt_s: float
) -> Iterator[tuple[float, Scripted]]:
    """Yield what the script lets begin within ``dt_s``, at most once each."""
    for each in scenario.script:
        times = max(0, math.ceil((start_s - each.first_s) / each.every_s))
        onset_s = each.first_s + times * each.every_s
        if onset_s < min(start_s + dt_s, each.until_s):
            yield onset_s, each


def _well(state: State, scenario: Scenario, scripted: Scripted) -> Index:
    """Return the patients whom the script may mean: one, or any without a number."""
    well = np.flatnonzero(state.kind == NOTHING)
    if scripted.patient is not None:
        return np.asarray(well[well == scripted.patient])
    numbered = [each.patient for each in scenario.script if each.patient is not None]
    return np.asarray(well[~np.isin(well, numbered)])


def _one_patient(
    well: Index, onset_s: float, scripted: Scripted, rng: np.random.Generator
) -> Onsets:
    chance, stagger = rng.random(2)
    chosen = well[[int(chance * well.size)]] if well.size else well
    kind = np.full(chosen.size, KINDS.index(scripted.kind))
    return Onsets(chosen, kind, np.full(chosen.size, onset_s + stagger * STAGGER_S))


def _by_chance(
    state: State,
    start_s: float,
    dt_s: float,
    scenario: Scenario,
    rng: np.random.Generator,
) -> Onsets:
    """Let chance hit: who is hit while ill, or hit twice, notices nothing."""
    n = state.kind.size
    hits = rng.poisson(n * _onsets_per_s(scenario) * dt_s)
    patient = np.unique(rng.integers(n, size=hits))
    patient = patient[state.kind[patient] == NOTHING]
    onset_s = start_s + dt_s * rng.random(patient.size)
    return Onsets(patient, _kinds(patient.size, scenario, rng), onset_s)


@functools.cache
def _onsets_per_s(scenario: Scenario) -> float:
    """Return how often a well patient falls ill, so that ``share`` are ill.

    In the long run ill / well = onsets per second of being well * mean duration.
    """
    mean_s = float((_weights(scenario) * _MEAN_S).sum())
    return scenario.share / (1.0 - scenario.share) / mean_s


@functools.cache
def _weights(scenario: Scenario) -> Array:
    weights = np.array([scenario.by_chance.get(kind, 0.0) for kind in KINDS])
    return np.asarray(weights / weights.sum())


def _kinds(n: int, scenario: Scenario, rng: np.random.Generator) -> Index:
    return rng.choice(len(KINDS), size=n, p=_weights(scenario)) if n else _NOBODY


def _with(state: State, onsets: Onsets, rng: np.random.Generator) -> State:
    patient, kind = onsets.patient, onsets.kind
    if not patient.size:
        return state
    shortest_s, longest_s = _SHORTEST_S[kind], _LONGEST_S[kind]
    duration_s = shortest_s + rng.random(patient.size) * (longest_s - shortest_s)
    return State(
        kind=_replaced(state.kind, patient, kind),
        onset_s=_replaced(state.onset_s, patient, onsets.onset_s),
        end_s=_replaced(state.end_s, patient, onsets.onset_s + duration_s),
        gravity=_replaced(state.gravity, patient, rng.random(patient.size)),
    )


def _replaced(old: T, where: Index, new: T) -> T:
    changed = old.copy()
    changed[where] = new
    return changed
