"""How a fleet is dealt out, to shards and to the processes of this machine."""

import math
import os
from dataclasses import replace
from typing import Final

from digital_twin.cohort import COHORT_SIZE
from producers.command_line import RefusedError
from producers.playing import Performance
from producers.shards import Shard

PER_PROCESS_HZ: Final = 50_000
"""Readings a second that one process sends without taking much of a core."""


def parts(whole: Performance, processes: int | None) -> list[Performance]:
    """Return what each process plays."""
    fleet = whole.fleet
    n = processes or _useful(whole)
    if n > 1 and (whole.speed > 1.0 or math.isfinite(whole.count)):
        msg = (
            f"--processes {n}: only in real time, and without --count, do processes"
            " keep in step; leave it out, one process does it"
        )
        raise RefusedError(msg)
    shards = fleet.shard.split(n)
    for shard in shards:
        _demand_devices(shard, fleet.devices)
    return [replace(whole, fleet=replace(fleet, shard=shard)) for shard in shards]


def _useful(whole: Performance) -> int:
    """Return how many processes the fleet is worth, on the cores that there are."""
    if whole.speed > 1.0 or math.isfinite(whole.count):
        return 1
    fleet = whole.fleet
    readings_hz = fleet.devices * fleet.rate_hz * whole.speed / fleet.shard.of
    return min(os.cpu_count() or 1, math.ceil(readings_hz / PER_PROCESS_HZ))


def shard_of(text: str, devices: int) -> Shard:
    """Return the share of ``devices`` that ``text`` names; refuse one without any."""
    try:
        shard = Shard.parsed(text)
    except ValueError:
        msg = f"--shard {text}: which of how many, from 1 on, as in 2/4"
        raise RefusedError(msg) from None
    _demand_devices(shard, devices)
    return shard


def _demand_devices(shard: Shard, devices: int) -> None:
    cohorts = -(-devices // COHORT_SIZE)
    if not any(map(shard.takes, range(cohorts))):
        msg = (
            f"share {shard} has no devices: {devices:,} are dealt out in {cohorts}"
            f" cohorts of {COHORT_SIZE}; take fewer shares or processes"
        )
        raise RefusedError(msg)
