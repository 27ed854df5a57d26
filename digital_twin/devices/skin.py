"""Where a device meets its patient: electrodes that dry, probes that come off."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Index, Mask
from digital_twin.devices.faults import DAY_S, HOUR_S
from digital_twin.devices.traits import Traits
from digital_twin.devices.wandering import wander

POSTURE_PCT: Final = 2.5
POSTURE_S: Final = 2 * HOUR_S
"""How much contact moves with how a patient lies, who is turned every two hours; our
choice."""

RESTLESS: Final = 0.8
RESTLESS_S: Final = 3 * HOUR_S
"""How much more often probes come off in some hours than in others, as a logarithm.

Our choice, so that hours differ more than days do.
"""

OFF_S: Final = 60.0
"""How long a probe is off before somebody puts it back, about; our choice."""

WORST_PCT: Final = 1.0
"""The worst contact that is still one: 0 is none at all; our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skin:
    """Each array has the shape (devices,). ``offs`` counts since the last start."""

    renewed_s: Array
    posture_pct: Array
    restlessness: Array
    offs: Index
    is_off: Mask


def initial(traits: Traits, rng: np.random.Generator) -> Skin:
    """Return electrodes of any age."""
    age = rng.random(traits.lasts_h.size)
    n = age.size
    return Skin(
        renewed_s=-age * traits.renewed_every_s,
        posture_pct=np.zeros(n),
        restlessness=np.zeros(n),
        offs=np.zeros(n, dtype=np.int64),
        is_off=np.zeros(n, dtype=np.bool_),
    )


def step(  # noqa: PLR0913 - how it was made, what ails it, how time passes
    skin: Skin,
    traits: Traits,
    probe_offs_per_h: Array,
    *,
    at_s: float,
    dt_s: float,
    rng: np.random.Generator,
) -> Skin:
    """Return the skin ``dt_s`` later, at ``at_s``; faults add ``probe_offs_per_h``."""
    n = skin.offs.size
    posture, restless = rng.standard_normal((2, n))
    calm = wander(
        skin.restlessness,
        spread=RESTLESS,
        relaxation_s=RESTLESS_S,
        dt_s=dt_s,
        noise=restless,
    )
    per_h = traits.probe_offs_per_h * np.exp(calm) + probe_offs_per_h
    came_off = rng.poisson(per_h * dt_s / HOUR_S)
    off_now = rng.random(n) < np.minimum(came_off * OFF_S / dt_s, 1.0)
    old = at_s - skin.renewed_s >= traits.renewed_every_s
    return Skin(
        renewed_s=np.where(old, at_s, skin.renewed_s),
        posture_pct=wander(
            skin.posture_pct,
            spread=POSTURE_PCT,
            relaxation_s=POSTURE_S,
            dt_s=dt_s,
            noise=posture,
        ),
        restlessness=calm,
        offs=skin.offs + came_off,
        is_off=(came_off > 0) & off_now,
    )


def restarted(skin: Skin, which: Mask) -> Skin:
    """Return ``skin`` with the counters of ``which`` at 0."""
    return replace(skin, offs=np.where(which, 0, skin.offs))


def contact_pct(skin: Skin, traits: Traits, loss_pct: Array, at_s: float) -> Array:
    """Return the quality of contact at ``at_s``, 0 where a probe is off."""
    age_days = (at_s - skin.renewed_s) / DAY_S
    fresh = traits.contact_pct - traits.contact_loss_pct_per_day * age_days
    quality = np.clip(fresh - loss_pct + skin.posture_pct, WORST_PCT, 100.0)
    return np.asarray(np.where(skin.is_off, 0.0, quality))
