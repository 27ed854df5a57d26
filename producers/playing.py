"""Play a fleet, or a share of it, onto the wire."""

import math
import threading
from dataclasses import dataclass, replace
from typing import Final

from producers.arrivals import SLOT_S, Fleet, batches
from producers.command_line import TOPICS
from producers.device_ward import with_devices
from producers.eeg_ward import with_eeg
from producers.figures import Figures
from producers.pacing import for_at_most, head_start_s, quicker
from producers.publisher import Publisher
from producers.sending import Tell, sent

_AT_ONCE: Final = 10_000
"""Readings handed over at a time where all goes as fast as it can."""

_LEAD_S: Final = 0.5
_LEAD_S_PER_DEVICE: Final = 20e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """A fleet, how it is played, and how much of it; where event time begins.

    ``speed`` is how much faster than real time event time passes; it is infinite
    where all is sent as fast as it goes.
    """

    fleet: Fleet
    brokers: str
    eeg_patients: int = 0
    speed: float = 1.0
    duration_s: float = math.inf
    count: float = math.inf
    start_ms: int | None = None

    @property
    def length_s(self) -> float:
        """Return how much event time passes."""
        devices = self.fleet.devices / self.fleet.shard.of
        of_count_s = self.count * self.fleet.period_s / devices
        return min(self.duration_s, of_count_s)

    @property
    def slot_s(self) -> float:
        """Return into what lengths of event time readings are cut."""
        if math.isfinite(self.speed):
            return self.speed * SLOT_S
        return self.fleet.period_s * _AT_ONCE / self.fleet.devices

    @property
    def lead_s(self) -> float:
        """Return how long it takes at most until the first readings are there."""
        return _LEAD_S + _LEAD_S_PER_DEVICE * self.fleet.devices

    def event_start_ms(self, begins_s: float) -> int:
        """Return when event time begins if readings begin at ``begins_s``.

        It is now where it passes like time on the wall, or slower; otherwise it
        begins earlier, so that it ends now, and never is ahead.
        """
        if self.start_ms is not None:
            return self.start_ms
        length_s = self.length_s
        return round((begins_s - head_start_s(length_s, self.speed)) * 1000.0)


def publisher(of: Performance, stop: threading.Event) -> Publisher:
    """Return a connection to the broker of ``of``."""
    return Publisher(of.brokers, TOPICS, stop)


def play(
    of: Performance,
    through: Publisher,
    stop: threading.Event,
    tell: Tell,
    *,
    begins_s: float,
) -> Figures:
    """Send what ``of`` consists of, from ``begins_s`` on; return what was sent."""
    fleet = replace(of.fleet, start_ms=of.event_start_ms(begins_s))
    vitals = batches(fleet, of.slot_s)
    slots = with_eeg(vitals, fleet, of.eeg_patients)
    if fleet.device_plan is not None:
        slots = with_devices(slots, fleet, fleet.device_plan)
    enough = for_at_most(slots, duration_s=of.duration_s, count=of.count)
    if math.isinf(of.speed):
        return sent(enough, through, stop, tell, start_s=None)
    return sent(quicker(enough, of.speed), through, stop, tell, start_s=begins_s)
