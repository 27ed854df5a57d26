"""What begins in a minute, by chance and by script, drawn all at once."""

import functools
import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array
from digital_twin.kinds import KINDS
from digital_twin.minutes import Minute
from digital_twin.scenarios import Scenario, Scripted

Index = NDArray[np.int64]
Where = NDArray[np.bool_]

STAGGER_S: Final = 5.0
"""A scripted episode begins up to this much after its time, by chance; our choice."""

_SHORTEST_S = np.array([kind.duration_s[0] for kind in KINDS])
_LONGEST_S = np.array([kind.duration_s[1] for kind in KINDS])
_MEAN_S = (_SHORTEST_S + _LONGEST_S) / 2.0


class Onsets(NamedTuple):
    """Patients in whom something begins, and in which period; arrays of one shape.

    ``kind`` is an index into ``KINDS``; ``gravity`` is 0 for the mildest and 1 for the
    gravest of its kind.
    """

    period: Index
    patient: Index
    kind: Index
    onset_s: Array
    end_s: Array
    gravity: Array

    def of(self, i: Index | Where | slice) -> "Onsets":
        """Return some of them."""
        return Onsets._make(each[i] for each in self)


NONE: Final = Onsets._make([*[np.zeros(0, dtype=np.int64)] * 3, *[np.zeros(0)] * 3])


def already(n: int, scenario: Scenario, rng: np.random.Generator) -> Onsets:
    """Return what chance's share of ``n`` patients is in the middle of at time 0."""
    if not scenario.share:
        return NONE
    patient = np.flatnonzero(rng.random(n) < scenario.share)
    lasting = _weights(scenario) * _MEAN_S
    kind = rng.choice(len(KINDS), size=patient.size, p=lasting / lasting.sum())
    whole = _onsets(kind * 0, patient, kind, np.zeros(kind.size), rng)
    gone_s = rng.random(kind.size) * whole.end_s
    return whole._replace(onset_s=-gone_s, end_s=whole.end_s - gone_s)


def planned(
    free_s: Array, minute: Minute, scenario: Scenario, rng: np.random.Generator
) -> Onsets:
    """Return what begins in the minute, in order.

    ``free_s`` is when each patient's last episode is over; nothing begins before the
    period after that.
    """
    free_s, parts = free_s.copy(), []
    hits = _by_chance(free_s.size, minute, scenario, rng) if scenario.share else NONE
    for period, onset_s, scripted in _due(scenario, minute):
        before = hits.period < period
        parts.append(_granted(hits.of(before), free_s, minute.period_s))
        hits = hits.of(~before)
        well = _well(free_s <= period * minute.period_s, scenario, scripted)
        one = _one_patient(well, period, onset_s, scripted, rng)
        free_s[one.patient] = one.end_s
        parts.append(one)
    return together(*parts, _granted(hits, free_s, minute.period_s))


def together(*parts: Onsets) -> Onsets:
    """Return all in one."""
    return Onsets(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _due(scenario: Scenario, minute: Minute) -> list[tuple[int, float, Scripted]]:
    """Return what the script lets begin in the minute, in order: period and time."""
    due = [
        (int(minute.period(onset_s)), order, onset_s)
        for order, each in enumerate(scenario.script)
        for onset_s in _times(each, minute)
    ]
    return [(p, onset_s, scenario.script[order]) for p, order, onset_s in sorted(due)]


def _times(scripted: Scripted, minute: Minute) -> Iterator[float]:
    start_s, end_s = minute.first * minute.period_s, minute.until * minute.period_s
    times = max(0, math.ceil((start_s - scripted.first_s) / scripted.every_s))
    while True:
        onset_s = scripted.first_s + times * scripted.every_s
        if onset_s >= min(end_s, scripted.until_s):
            return
        yield onset_s
        times += 1


def _well(free: Where, scenario: Scenario, scripted: Scripted) -> Index:
    """Return the patients whom the script may mean: one, or any without a number."""
    well = np.flatnonzero(free)
    if scripted.patient is not None:
        return np.asarray(well[well == scripted.patient])
    numbered = [each.patient for each in scenario.script if each.patient is not None]
    return np.asarray(well[~np.isin(well, numbered)])


def _one_patient(
    well: Index,
    period: int,
    onset_s: float,
    scripted: Scripted,
    rng: np.random.Generator,
) -> Onsets:
    chance, stagger = rng.random(2)
    chosen = well[[int(chance * well.size)]] if well.size else well
    kind = np.full(chosen.size, KINDS.index(scripted.kind))
    when_s = np.full(chosen.size, onset_s + stagger * STAGGER_S)
    return _onsets(np.full(chosen.size, period), chosen, kind, when_s, rng)


def _by_chance(
    n: int, minute: Minute, scenario: Scenario, rng: np.random.Generator
) -> Onsets:
    """Let chance hit: who is hit while ill notices nothing."""
    lasts_s = (minute.until - minute.first) * minute.period_s
    hits = rng.poisson(n * _onsets_per_s(scenario) * lasts_s)
    onset_s = minute.first * minute.period_s + lasts_s * np.sort(rng.random(hits))
    patient = rng.integers(n, size=hits)
    kind = rng.choice(len(KINDS), size=hits, p=_weights(scenario))
    return _onsets(minute.period(onset_s), patient, kind, onset_s, rng)


def _granted(hits: Onsets, free_s: Array, period_s: float) -> Onsets:
    """Return the hits on those who are free when the period begins.

    ``free_s``, when each patient is free, goes on with them.
    """
    granted = []
    left = np.arange(hits.patient.size)
    while left.size:
        left = left[hits.period[left] * period_s >= free_s[hits.patient[left]]]
        patient, first = np.unique(hits.patient[left], return_index=True)
        granted.append(left[first])
        free_s[patient] = hits.end_s[left[first]]
    return hits.of(np.sort(np.concatenate(granted))) if granted else hits


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


def _onsets(
    period: Index, patient: Index, kind: Index, onset_s: Array, rng: np.random.Generator
) -> Onsets:
    """Let each be as long and as grave as chance has it."""
    if not patient.size:
        return NONE
    shortest_s, longest_s = _SHORTEST_S[kind], _LONGEST_S[kind]
    duration_s = shortest_s + rng.random(patient.size) * (longest_s - shortest_s)
    gravity = rng.random(patient.size)
    return Onsets(period, patient, kind, onset_s, onset_s + duration_s, gravity)
