"""Play a cohort: patients, episodes, devices, network, period after period."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digital_twin import (
    baselines,
    episodes,
    minutes,
    network,
    sensors,
    trends,
    vital_signs,
)
from digital_twin.bends import Patients
from digital_twin.charted import Codes, on_oxygen
from digital_twin.cohort import Array, Streams, devices, phases, streams
from digital_twin.courses import COURSE
from digital_twin.kinds import KINDS
from digital_twin.minutes import Minute
from digital_twin.network import Damage, Network
from digital_twin.onsets import Index
from digital_twin.scenarios import Scenario
from digital_twin.sensors import Readings, Times
from digital_twin.vital_signs import Level


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
    ``values`` has the shape (signals, messages), NaN where nothing is reported;
    ``chart`` says which of ``charted.CHARTS`` goes with the reading, ``damage`` what
    a device makes of the message: a perfect one leaves it whole.
    """

    device: Index
    seq: Index
    at_s: Array
    arrives_s: Array
    values: Level
    chart: Codes
    damage: Damage


class Period(NamedTuple):
    """What a cohort does within one period."""

    sent: Sent
    begun: list[Episode]


class Devices(NamedTuple):
    """A cohort's devices: their numbers in the fleet, and when they read."""

    number: Index
    phase: Array
    on_oxygen: Codes


class State(NamedTuple):
    """A cohort in its period number ``seq``; ``begun`` are the new patients."""

    seq: int
    at_s: Array
    minute: Minute
    body: vital_signs.State
    baseline: baselines.State
    trend: trends.State
    illness: episodes.State
    begun: Index


def play(cohort: int, size: int, setting: Setting) -> Iterator[Period]:
    """Yield one period after the other, without end; each device reads once in it."""
    number, rng = devices(cohort, size), streams(setting.seed, cohort)
    device = Devices(number, phases(number), on_oxygen(number))
    state = initial(device, setting, rng)
    while True:
        yield Period(observe(state, device, setting, rng), truth(state, number))
        state = step(state, device, setting, rng)


def initial(device: Devices, setting: Setting, rng: Streams) -> State:
    """Return a cohort at time 0."""
    of, n, physiology = setting.scenario, device.number.size, rng["physiology"]
    minute = _minute(0, device.phase, setting)
    body = vital_signs.initial(n, of.population, physiology)
    baseline = baselines.initial(
        n, of.population, of.begins_h, minute.mark_s, physiology
    )
    ill = episodes.initial(n, of, rng["episodes"])
    ill, begun = _episodes(0, ill, minute, setting, rng["episodes"])
    patients = _patients(body, baseline, ill, device, setting)
    return State(
        seq=0,
        at_s=_at_s(0, device, setting),
        minute=minute,
        body=body,
        baseline=baseline,
        trend=trends.drawn(patients, minute),
        illness=ill,
        begun=begun,
    )


def step(state: State, device: Devices, setting: Setting, rng: Streams) -> State:
    """Return the cohort one period later; ``state`` is left alone."""
    seq, minute, baseline = state.seq + 1, state.minute, state.baseline
    body = vital_signs.step(state.body, dt_s=setting.period_s, rng=rng["physiology"])
    if seq < minute.until:
        ill, begun = _episodes(seq, state.illness, minute, setting, rng["episodes"])
        trend = trends.step(state.trend, seq, minute)
    else:
        minute = _minute(seq, device.phase, setting)
        ill, begun = _episodes(seq, state.illness, minute, setting, rng["episodes"])
        baseline = _baseline(baseline, ill, minute, setting, rng["physiology"])
        patients = _patients(body, baseline, ill, device, setting)
        trend = trends.drawn(patients, minute)
    return State(
        seq=seq,
        at_s=_at_s(seq, device, setting),
        minute=minute,
        body=body,
        baseline=baseline,
        trend=trend,
        illness=ill,
        begun=begun,
    )


def observe(state: State, device: Devices, setting: Setting, rng: Streams) -> Sent:
    """Return what arrives of the cohort's readings in this period."""
    at_s = state.at_s
    values, sent = read(state, device, setting)
    of, times = setting.scenario.monitoring, _times(state, device, setting)
    values = sensors.written(values, times, of, rng["sensors"])
    message, delay_s = network.journeys(at_s.size, setting.network, rng["network"])
    if not sent.all():
        message, delay_s = message[sent[message]], delay_s[sent[message]]
    return Sent(
        device=device.number[message],
        seq=np.full(message.size, state.seq),
        at_s=at_s[message],
        arrives_s=at_s[message] + delay_s,
        values=values[:, message],
        chart=state.trend.chart[message],
        damage=np.zeros(message.size, dtype=np.uint16),
    )


def read(state: State, device: Devices, setting: Setting) -> Readings:
    """Return what the cohort's devices read in this period."""
    return sensors.observe(
        trends.levels(state.trend, state.body),
        state.trend.chart,
        state.illness,
        _times(state, device, setting),
        setting.scenario.monitoring,
    )


def _times(state: State, device: Devices, setting: Setting) -> Times:
    return Times(state.at_s, device.phase, setting.period_s)


def _at_s(seq: int, device: Devices, setting: Setting) -> Array:
    return (seq + device.phase) * setting.period_s


def _minute(seq: int, phase: Array, setting: Setting) -> Minute:
    """Return the minute that begins now; cohorts have their marks at several times."""
    return minutes.minute(seq, float(phase[0]), setting.period_s)


def _baseline(
    before: baselines.State,
    ill: episodes.State,
    minute: Minute,
    setting: Setting,
    rng: np.random.Generator,
) -> baselines.State:
    of = setting.scenario
    return baselines.step(
        before,
        minute.mark_s,
        of.population,
        of.begins_h,
        ill=COURSE[ill.kind],
        rng=rng,
    )


def _patients(
    body: vital_signs.State,
    baseline: baselines.State,
    ill: episodes.State,
    device: Devices,
    setting: Setting,
) -> Patients:
    return Patients(
        body=body,
        baseline=baseline,
        illness=ill,
        phase=device.phase,
        on_oxygen=device.on_oxygen,
        begins_h=setting.scenario.begins_h,
        tells_activity=setting.scenario.monitoring.tells_activity,
    )


def truth(state: State, device: Index) -> list[Episode]:
    """Return the episodes that are new in this period."""
    return _told(state.illness, state.begun, device)


def begun(cohort: int, size: int, setting: Setting) -> Iterator[list[Episode]]:
    """Yield the episodes that ``play`` begins in each period, and play nothing."""
    device, rng = devices(cohort, size), streams(setting.seed, cohort)["episodes"]
    ill = episodes.initial(size, setting.scenario, rng)
    minute = _minute(0, phases(device), setting)
    for seq in itertools.count():
        if seq == minute.until:
            minute = _minute(seq, phases(device), setting)
        ill, new = _episodes(seq, ill, minute, setting, rng)
        yield _told(ill, new, device)


def _told(ill: episodes.State, new: Index, device: Index) -> list[Episode]:
    return [
        Episode(
            int(device[i]),
            KINDS[ill.kind[i]].name,
            float(ill.onset_s[i]),
            float(ill.end_s[i]),
        )
        for i in new
    ]


def _episodes(
    seq: int,
    ill: episodes.State,
    minute: Minute,
    setting: Setting,
    rng: np.random.Generator,
) -> tuple[episodes.State, Index]:
    """Return the episodes of period ``seq``, and who is new in one."""
    after, begun = episodes.step(ill, seq, minute, setting.scenario, rng)
    return after, begun if seq else np.flatnonzero(after.kind != episodes.NOTHING)
