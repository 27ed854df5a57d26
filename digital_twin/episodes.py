"""Who of a cohort is in which episode, from when to when."""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np

from digital_twin import onsets
from digital_twin.cohort import Array
from digital_twin.minutes import Minute
from digital_twin.onsets import Index, Onsets
from digital_twin.scenarios import Scenario

T = TypeVar("T", Index, Array)

NOTHING: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The last episode of each patient. Each array has the shape (patients,).

    ``kind`` is an index into ``KINDS``, or ``NOTHING``, which it becomes in the minute
    after the episode; ``gravity`` is 0 for the mildest and 1 for the gravest of its
    kind. ``planned`` is what begins in this minute, and ``turns`` where in it.
    """

    kind: Index
    onset_s: Array
    end_s: Array
    gravity: Array
    planned: Onsets
    turns: list[int]


def initial(n: int, scenario: Scenario, rng: np.random.Generator) -> State:
    """Return ``n`` patients; chance's share of them is already in mid-episode."""
    well = State(
        kind=np.full(n, NOTHING),
        onset_s=np.zeros(n),
        end_s=np.zeros(n),
        gravity=np.zeros(n),
        planned=onsets.NONE,
        turns=[],
    )
    return _with(well, onsets.already(n, scenario, rng))


def step(
    state: State,
    seq: int,
    minute: Minute,
    scenario: Scenario,
    rng: np.random.Generator,
) -> tuple[State, Index]:
    """Return the episodes of period ``seq``, and the patients who are new in one."""
    if seq == minute.first:
        state = _planned(state, minute, scenario, rng)
    begin, end = state.turns[seq - minute.first : seq - minute.first + 2]
    if begin == end:
        return state, onsets.NONE.patient
    new = state.planned.of(slice(begin, end))
    return _with(state, new), new.patient


def under_way(state: State, minute: Minute) -> Onsets:
    """Return what is there in the minute's first period, and what begins after it."""
    ill = np.flatnonzero(state.kind != NOTHING)
    there = Onsets(
        np.full(ill.size, minute.first),
        ill,
        state.kind[ill],
        state.onset_s[ill],
        state.end_s[ill],
        state.gravity[ill],
    )
    return onsets.together(there, state.planned.of(slice(state.turns[1], None)))


def _planned(
    state: State, minute: Minute, scenario: Scenario, rng: np.random.Generator
) -> State:
    over = state.end_s <= minute.first * minute.period_s
    planned = onsets.planned(state.end_s, minute, scenario, rng)
    return replace(
        state,
        kind=np.where(over, NOTHING, state.kind),
        planned=planned,
        turns=minute.turns(planned.period),
    )


def _with(state: State, new: Onsets) -> State:
    return State(
        kind=_replaced(state.kind, new.patient, new.kind),
        onset_s=_replaced(state.onset_s, new.patient, new.onset_s),
        end_s=_replaced(state.end_s, new.patient, new.end_s),
        gravity=_replaced(state.gravity, new.patient, new.gravity),
        planned=state.planned,
        turns=state.turns,
    )


def _replaced(old: T, where: Index, new: T) -> T:
    changed = old.copy()
    changed[where] = new
    return changed
