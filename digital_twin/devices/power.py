"""A device's battery: what is left in it, and whether it is being charged.

A sound battery drains evenly but for what the device has to do: more by day, and by
chance. Somebody plugs it in within the hour when it is low, and out when it is full.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Mask
from digital_twin.devices.faults import DAY_S, HOUR_S
from digital_twin.devices.traits import Traits
from digital_twin.devices.wandering import wander

FULL_PCT: Final = 100.0
CHARGED_PCT_PER_H: Final = 40.0
"""Full in two and a half hours, as lithium cells at half their capacity an hour are.

Our choice.
"""

NOTICED_S: Final = 0.4 * HOUR_S
"""How soon somebody plugs in a device that is low; our choice."""

BY_DAY: Final = 0.08
LOAD_SPREAD: Final = 0.08
LOAD_RELAXATION_S: Final = HOUR_S
"""How much more a device has to do by day, and by chance from hour to hour.

Our choice: little enough that a failing cell stands out, and enough that one hour says
nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Each array has the shape (devices,); ``load`` is around 0."""

    battery_pct: Array
    on_mains: Mask
    load: Array

    @property
    def is_on(self) -> Mask:
        """Whether there is anything left to run on."""
        return np.asarray(self.on_mains | (self.battery_pct > 0.0))


def initial(n: int, rng: np.random.Generator) -> Power:
    """Return ``n`` batteries, some of them on the charger.

    That none is below 30 % is our choice: somebody would have noticed.
    """
    left, charging = rng.random((2, n))
    return Power(
        battery_pct=30.0 + 70.0 * left,
        on_mains=charging < 0.1,  # noqa: PLR2004 - about its share of a day
        load=np.zeros(n),
    )


def step(  # noqa: PLR0913 - how it was made, what ails it, how time passes
    power: Power,
    traits: Traits,
    drain_share: Array,
    *,
    at_s: float,
    dt_s: float,
    rng: np.random.Generator,
) -> Power:
    """Return the batteries ``dt_s`` later; ``drain_share`` is what faults add."""
    n = power.load.size
    noise = rng.standard_normal(n)
    noticed = rng.random(n) < -math.expm1(-dt_s / NOTICED_S)
    load = wander(
        power.load,
        spread=LOAD_SPREAD,
        relaxation_s=LOAD_RELAXATION_S,
        dt_s=dt_s,
        noise=noise,
    )
    day = BY_DAY * math.sin(2.0 * math.pi * at_s / DAY_S)
    drained = FULL_PCT / traits.lasts_h * (1.0 + day + load) * (1.0 + drain_share)
    change = np.where(power.on_mains, CHARGED_PCT_PER_H, -drained) * dt_s / HOUR_S
    left = np.clip(power.battery_pct + change, 0.0, FULL_PCT)
    plugged = ~power.on_mains & noticed & (left < traits.plugged_pct)
    stays = power.on_mains & (left < FULL_PCT)
    return Power(battery_pct=left, on_mains=plugged | stays, load=load)
