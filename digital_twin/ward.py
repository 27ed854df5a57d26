"""Play a cohort: patients, episodes, devices, network, period after period."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digital_twin import courses, episodes, network, sensors, vital_signs
from digital_twin.cohort import Array, Streams, devices, phases, streams
from digital_twin.episodes import Index
from digital_twin.kinds import KINDS
from digital_twin.network import Network
from digital_twin.scenarios import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a fleet of devices is, apart from how many."""

    seed: int
    period_s: float
    scenario: Scenario
    network: Network


class Episode(NamedTuple):
    """What is played: the truth that a detector is measured against."""

    device: int
    kind: str
    onset_s: float
    end_s: float


class Sent(NamedTuple):
    """Readings on their way. All arrays have one entry a message in the last axis.

    ``seq`` counts a device's readings, also those that are not sent;
    ``values`` has the shape (signals, messages), NaN where nothing is reported.
    """

    device: Index
    seq: Index
    at_s: Array
    arrives_s: Array
    values: Array


class Period(NamedTuple):
    """What a cohort does within one period."""

    sent: Sent
    begun: list[Episode]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A cohort in its period number ``seq``; ``begun`` are the new patients."""

    seq: int
    body: vital_signs.State
    illness: episodes.State
    begun: Index


def play(cohort: int, size: int, setting: Setting) -> Iterator[Period]:
    """Yield one period after the other, without end; each device reads once in it."""
    device, rng = devices(cohort, size), streams(setting.seed, cohort)
    state = initial(size, setting, rng)
    while True:
        yield Period(observe(state, device, setting, rng), truth(state, device))
        state = step(state, setting, rng)


def initial(size: int, setting: Setting, rng: Streams) -> State:
    """Return a cohort at time 0."""
    ill = episodes.initial(size, setting.scenario, rng["episodes"])
    return _in_period(
        0, vital_signs.initial(size, rng["physiology"]), ill, setting, rng
    )


def step(state: State, setting: Setting, rng: Streams) -> State:
    """Return the cohort one period later; ``state`` is left alone."""
    body = vital_signs.step(state.body, dt_s=setting.period_s, rng=rng["physiology"])
    return _in_period(state.seq + 1, body, state.illness, setting, rng)


def observe(state: State, device: Index, setting: Setting, rng: Streams) -> Sent:
    """Return what arrives of the cohort's readings in this period."""
    at_s = (state.seq + phases(device)) * setting.period_s
    levels = courses.levels(state.body, state.illness, at_s)
    values, sent = sensors.observe(levels, state.illness, at_s, rng["sensors"])
    message, delay_s = network.journeys(device.size, setting.network, rng["network"])
    message, delay_s = message[sent[message]], delay_s[sent[message]]
    return Sent(
        device=device[message],
        seq=np.full(message.size, state.seq),
        at_s=at_s[message],
        arrives_s=at_s[message] + delay_s,
        values=values[:, message],
    )


def truth(state: State, device: Index) -> list[Episode]:
    """Return the episodes that are new in this period."""
    ill = state.illness
    return [
        Episode(
            int(device[i]),
            KINDS[ill.kind[i]].name,
            float(ill.onset_s[i]),
            float(ill.end_s[i]),
        )
        for i in state.begun
    ]


def _in_period(
    seq: int,
    body: vital_signs.State,
    ill: episodes.State,
    setting: Setting,
    rng: Streams,
) -> State:
    after, begun = episodes.step(
        ill,
        start_s=seq * setting.period_s,
        dt_s=setting.period_s,
        scenario=setting.scenario,
        rng=rng["episodes"],
    )
    if seq == 0:
        begun = np.flatnonzero(after.kind != episodes.NOTHING)
    return State(seq=seq, body=body, illness=after, begun=begun)
