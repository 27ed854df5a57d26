"""Statuses of simulated devices, in the order in which they reach the broker."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from digital_twin.cohort import Array, streams
from digital_twin.devices import course
from digital_twin.devices.ailing import Index
from digital_twin.devices.course import Setting, Statuses
from digital_twin.devices.faults import FAULTS
from digital_twin.devices.radio import travel
from digital_twin.network import Damage


class Arrivals(NamedTuple):
    """What was said, and when each arrives; one entry a message."""

    said: Statuses
    arrives_s: Array
    damage: Damage


class Trouble(NamedTuple):
    """A fault that begins: the truth that a detector is measured against."""

    device: int
    fault: str
    onset_s: float
    fails_s: float
    ends_s: float


class Period(NamedTuple):
    """What a cohort's devices say within one period, and what begins to fail."""

    arrivals: Arrivals
    begun: list[Trouble]


def periods(cohort: int, patient: Index, setting: Setting) -> Iterator[Period]:
    """Yield one period after the other, without end, of devices on those patients."""
    rng = streams(setting.seed, cohort)
    state = course.initial(patient, rng)
    while True:
        state = course.step(state, setting, rng)
        said = course.observe(state, setting, rng)
        radio = rng["device_messages"]
        sent = travel(state.ailing, said.device, said.at_s, radio)
        said = Statuses._make(column[sent.message] for column in said)
        yield Period(Arrivals(said, sent.arrives_s, sent.damage), _begun(state))


def _begun(state: course.State) -> list[Trouble]:
    ill = state.ailing
    return [
        Trouble(
            i,
            FAULTS[ill.kind[i]].name,
            float(ill.onset_s[i]),
            float(ill.fails_s[i]),
            float(ill.ends_s[i]),
        )
        for i in state.begun.tolist()
    ]


def in_order(parts: Sequence[Arrivals]) -> Arrivals:
    """Return ``parts`` as one, by time of arrival."""
    columns = zip(*(part.said for part in parts), strict=True)
    said = Statuses._make(np.concatenate(column) for column in columns)
    arrives_s = np.concatenate([part.arrives_s for part in parts])
    damage = np.concatenate([part.damage for part in parts])
    order = np.argsort(arrives_s, kind="stable")
    return taken(Arrivals(said, arrives_s, damage), order)


def until(arrivals: Arrivals, end_s: float) -> tuple[Arrivals, Arrivals]:
    """Return what arrives before ``end_s``, and the rest; they are in order."""
    due = int(np.searchsorted(arrivals.arrives_s, end_s))
    return taken(arrivals, slice(due)), taken(arrivals, slice(due, None))


def taken(arrivals: Arrivals, which: slice | Index) -> Arrivals:
    """Return those of ``arrivals``."""
    said = Statuses._make(column[which] for column in arrivals.said)
    return Arrivals(said, arrivals.arrives_s[which], arrivals.damage[which])
