"""A simulated fleet's messages, in the order in which they reach the broker.

No clock and no Kafka: the same arguments give the same bytes.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array, cohorts
from digital_twin.devices.course import Setting as Devices
from digital_twin.devices.plans import Plan
from digital_twin.devices.wearing import worn
from digital_twin.network import NETWORKS, Network
from digital_twin.scenarios import Scenario
from digital_twin.ward import Period, Sent, Setting, play
from producers.outgoing import Batch
from producers.shards import WHOLE, Shard
from producers.wire import Encoder, part

SLOT_S: Final = 0.02
"""Messages wait for each other for this long at most, in real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Everything that decides what a fleet sends; time 0 is ``start_ms``.

    Of ``shard`` are some cohorts, which no other shard has.
    """

    devices: int
    rate_hz: float
    seed: int
    scenario: Scenario
    start_ms: int = 0
    network: Network = NETWORKS["good"]
    shard: Shard = WHOLE
    device_plan: Plan | None = None

    @property
    def period_s(self) -> float:
        """Return how long a device waits from reading to reading."""
        return 1.0 / self.rate_hz


def batches(fleet: Fleet, slot_s: float = math.inf) -> Iterator[Batch]:
    """Yield the fleet's messages, without end, cut into slots of ``slot_s``.

    A slot is a whole period at most. What arrives, and in which order, is the
    same however it is cut. Each slot plays its share of the next period, too, so
    that the work is spread evenly.
    """
    encoder = Encoder.of(fleet.devices, fleet.start_ms)
    plays = _plays(fleet)
    coming, waiting = [next(play) for play in plays], list[Sent]()
    ends_s = _ends_s(fleet.period_s, slot_s)
    shares = np.array_split(np.arange(len(plays)), ends_s.size)
    for number in itertools.count() if plays else ():
        truth = [encoder.truth(each) for period in coming for each in period.begun]
        due = _together([*waiting, *(period.sent for period in coming)])
        order = np.argsort(due.arrives_s, kind="stable")
        arrives_s, coming, sent = due.arrives_s[order], [], 0
        for end_s, share in zip(number * fleet.period_s + ends_s, shares, strict=True):
            arrived = int(np.searchsorted(arrives_s, end_s))
            vitals = encoder.vitals(part(due, order[sent:arrived]))
            yield Batch(float(end_s), vitals, truth)
            sent, truth = arrived, []
            coming += [next(plays[i]) for i in share]
        waiting = [part(due, order[sent:])]


def setting(fleet: Fleet) -> Setting:
    """Return what the twin plays for ``fleet``."""
    return Setting(
        seed=fleet.seed,
        period_s=fleet.period_s,
        scenario=fleet.scenario,
        network=fleet.network,
    )


def _plays(fleet: Fleet) -> list[Iterator[Period]]:
    every = setting(fleet)
    return [
        _worn(play(cohort, size, every), cohort, size, fleet)
        for cohort, size in cohorts(fleet.devices)
        if fleet.shard.takes(cohort)
    ]


def _worn(
    played: Iterator[Period], cohort: int, size: int, fleet: Fleet
) -> Iterator[Period]:
    if fleet.device_plan is None:
        return played
    return worn(played, cohort, size, devices(fleet, fleet.device_plan))


def devices(fleet: Fleet, plan: Plan) -> Devices:
    """Return how the devices of ``fleet`` are played."""
    return Devices(seed=fleet.seed, plan=plan, reading_s=fleet.period_s)


def _ends_s(period_s: float, slot_s: float) -> Array:
    slots = max(1, round(period_s / slot_s))
    return period_s * np.arange(1, slots + 1) / slots


def _together(sent: list[Sent]) -> Sent:
    return Sent._make(
        np.concatenate(column, axis=-1) for column in zip(*sent, strict=True)
    )
