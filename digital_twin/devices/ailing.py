"""Which device of a cohort has which fault, since when, and how far along it is."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array
from digital_twin.devices.faults import (
    DAY_S,
    FAULTS,
    NEGLECTED_CALIBRATION,
    QUANTITIES,
    SIGNED,
)
from digital_twin.devices.plans import Plan

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

SOUND: Final = -1
YEAR_S: Final = 365 * DAY_S

_LASTS_S: Final = np.array([fault.lasts_s for fault in FAULTS])
_REPAIRED_S: Final = np.array([fault.repaired_s for fault in FAULTS])
_POWER: Final = np.array([fault.power for fault in FAULTS])
_EFFECTS: Final = np.array(
    [
        [fault.effects.get(name, (0.0, 0.0)) for name in QUANTITIES]
        for fault in (*FAULTS, NEGLECTED_CALIBRATION)
    ]
)
_EFFECTS[SOUND] = 0.0
_IS_SIGNED: Final = np.array([name in SIGNED for name in QUANTITIES])
_SERVICED: Final = np.array([fault.serviced for fault in FAULTS])
_NEGLECTED: Final = FAULTS.index(NEGLECTED_CALIBRATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The fault of each device. Each array has the shape (devices,).

    ``kind`` is an index into ``FAULTS``, or ``SOUND``; ``gravity`` is from 0 to 1,
    ``sign`` -1 or 1.
    """

    kind: Index
    onset_s: Array
    fails_s: Array
    ends_s: Array
    gravity: Array
    sign: Array


def initial(n: int) -> State:
    """Return ``n`` sound devices."""
    return State(
        kind=np.full(n, SOUND),
        onset_s=np.zeros(n),
        fails_s=np.zeros(n),
        ends_s=np.zeros(n),
        gravity=np.zeros(n),
        sign=np.ones(n),
    )


def step(  # noqa: PLR0913 - what time it is, what is due, what is planned
    state: State,
    *,
    start_s: float,
    dt_s: float,
    due: Mask,
    plan: Plan,
    rng: np.random.Generator,
) -> tuple[State, Index, Mask]:
    """Return the faults of the next ``dt_s``, who is new in one, who was serviced.

    ``due`` are the devices whose calibration has just come due.
    """
    over = (state.kind != SOUND) & (state.ends_s <= start_s)
    serviced = over & _SERVICED[state.kind]
    kind = np.where(over, SOUND, state.kind)
    n = kind.size
    chance, which, within, gravity, side, lasts, stays = rng.random((7, n))
    begins = (kind == SOUND) & (chance < _chance(plan, dt_s))
    forgotten = (kind == SOUND) & due & (chance >= 1.0 - plan.forgotten)
    new = np.flatnonzero(begins | forgotten)
    if not new.size:
        return replace(state, kind=kind), new, serviced
    drawn = np.searchsorted(np.cumsum(_weights(plan)), which)
    kind[new] = np.where(forgotten, _NEGLECTED, np.minimum(drawn, len(FAULTS) - 1))[new]
    onset_s = start_s + dt_s * within
    fails_s = onset_s + _between(_LASTS_S[kind], lasts) / plan.hurry
    ends_s = fails_s + _between(_REPAIRED_S[kind], stays) / plan.hurry
    told = State(
        kind=kind,
        onset_s=_taken(state.onset_s, onset_s, new),
        fails_s=_taken(state.fails_s, fails_s, new),
        ends_s=_taken(state.ends_s, ends_s, new),
        gravity=_taken(state.gravity, gravity, new),
        sign=_taken(state.sign, np.where(side < 1 / 2, -1.0, 1.0), new),
    )
    return told, new, serviced


def effects(state: State, at_s: Array | float) -> dict[str, Array]:
    """Return what the faults add to each quantity at ``at_s``, shape (devices,)."""
    active = (state.kind != SOUND) & (state.onset_s <= at_s) & (at_s < state.ends_s)
    lasts_s = state.fails_s - state.onset_s
    sudden = lasts_s <= 0.0
    share = np.where(sudden, 1.0, (at_s - state.onset_s) / np.where(sudden, 1, lasts_s))
    along = np.clip(share, 0.0, 1.0) ** _POWER[state.kind]
    most = _between(_EFFECTS[state.kind].swapaxes(0, 1), state.gravity)
    added = most * np.where(active, along, 0.0)
    signed = np.where(_IS_SIGNED[:, None], added * state.sign, added)
    return dict(zip(QUANTITIES, signed, strict=True))


def _chance(plan: Plan, dt_s: float) -> float:
    return -math.expm1(-sum(plan.per_year.values()) * dt_s / YEAR_S)


def _weights(plan: Plan) -> Array:
    weights = np.array([plan.per_year.get(fault, 0.0) for fault in FAULTS])
    return np.asarray(weights / max(weights.sum(), 1e-9))


def _between(low_high: Array, share: Array) -> Array:
    low, high = low_high[..., 0], low_high[..., 1]
    return np.asarray(low + share * (high - low))


def _taken(old: Array, new: Array, where: Index) -> Array:
    changed = old.copy()
    changed[where] = new[where]
    return changed
