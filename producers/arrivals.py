"""A simulated fleet's messages, in the order in which they reach the broker.

No clock and no Kafka: the same arguments give the same bytes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array, cohorts
from digital_twin.episodes import Index
from digital_twin.network import NETWORKS, Network
from digital_twin.scenarios import Scenario
from digital_twin.ward import Period, Sent, Setting, play
from producers.outgoing import Batch
from producers.wire import Encoder

SLOT_S: Final = 0.02
"""Messages wait for each other for this long at most, in real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Everything that decides what a fleet sends; time 0 is ``start_ms``."""

    devices: int
    rate_hz: float
    seed: int
    scenario: Scenario
    start_ms: int = 0
    network: Network = NETWORKS["good"]

    @property
    def period_s(self) -> float:
        """Return how long a device waits from reading to reading."""
        return 1.0 / self.rate_hz


def batches(fleet: Fleet, slot_s: float = math.inf) -> Iterator[Batch]:
    """Yield the fleet's messages, without end, cut into slots of ``slot_s``.

    A slot is a whole period at most. What arrives, and in which order, is the
    same however it is cut.
    """
    encoder = Encoder.of(fleet.devices, fleet.start_ms)
    waiting: list[Sent] = []
    for number, periods in enumerate(zip(*_plays(fleet), strict=True)):
        truth = [encoder.truth(each) for period in periods for each in period.begun]
        due = _in_order([*waiting, *(period.sent for period in periods)])
        sent = 0
        for end_s in number * fleet.period_s + _ends_s(fleet.period_s, slot_s):
            arrived = int(np.searchsorted(due.arrives_s, end_s))
            vitals = encoder.vitals(_part(due, slice(sent, arrived)))
            yield Batch(float(end_s), vitals, truth)
            sent, truth = arrived, []
        waiting = [_part(due, slice(sent, None))]


def _plays(fleet: Fleet) -> list[Iterator[Period]]:
    setting = Setting(
        seed=fleet.seed,
        period_s=fleet.period_s,
        scenario=fleet.scenario,
        network=fleet.network,
    )
    return [play(cohort, size, setting) for cohort, size in cohorts(fleet.devices)]


def _ends_s(period_s: float, slot_s: float) -> Array:
    slots = max(1, round(period_s / slot_s))
    return period_s * np.arange(1, slots + 1) / slots


def _in_order(sent: list[Sent]) -> Sent:
    together = Sent._make(
        np.concatenate(column, axis=-1) for column in zip(*sent, strict=True)
    )
    return _part(together, np.argsort(together.arrives_s, kind="stable"))


def _part(sent: Sent, which: slice | Index) -> Sent:
    return Sent._make(column[..., which] for column in sent)
