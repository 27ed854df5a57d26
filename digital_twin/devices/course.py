"""A cohort of devices, period after period: pure ``initial``, ``step``, ``observe``.

What happens to patients is none of this: here they rest, so that what is seen is
the device.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digital_twin.cohort import Array, Streams, phases
from digital_twin.devices import ailing, power, skin
from digital_twin.devices.ailing import Index, Mask, effects
from digital_twin.devices.faults import DAY_S, HOUR_S
from digital_twin.devices.plans import Plan
from digital_twin.devices.traits import FIRMWARE, Traits, traits
from digital_twin.devices.wandering import wander

RESTARTS_PER_DAY: Final = 1 / 30
"""Of a sound device: updates, and somebody who switches it off; our choice."""

UPDATED: Final = 0.05
"""Share of restarts after which a newer firmware runs; our choice."""

CLOCK_S, CLOCK_RELAXATION_S = 0.015, HOUR_S
"""How well a clock that is set over a network keeps time.

Mills, D. L. et al. (2010). RFC 5905: to a few hundred microseconds on a fast network,
to a few tens of milliseconds where it is seldom set. In between is our choice.
"""

SITE_PCT, SITE_RELAXATION_S = 0.2, DAY_S
"""How much the finger, its warmth and its place matter to a saturation; our choice.

Far less than what ISO 80601-2-61 lets an oximeter be wrong by (4 %).
"""

PATIENT_SPREAD: Final = {"heart_rate_bpm": 3.5, "spo2_pct": 0.5}
PATIENT_RELAXATION_S: Final = 0.5 * HOUR_S
"""How far the patients' numbers move, and for how long; our choice.

It is about what ``digital_twin.quantities`` has of an hour.
"""

REPEATED: Final = 0.02
"""Share of sound readings that are the same in every whole number as the last.

Our choice: numbers of several signals seldom all stay.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a fleet of devices is, apart from how many and on whom.

    A device says how it is every ``period_s``, and takes a reading every
    ``reading_s``.
    """

    seed: int
    plan: Plan
    period_s: float = 60.0
    reading_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A cohort in period ``seq``, from ``at_s`` on; arrays have the shape (devices,).

    ``heart_rate_bpm`` and ``spo2_pct`` are the patients' deviations, by patient.
    ``begun`` are the devices that are new in a fault; ``said`` is how many statuses
    each has sent, those of this period included.
    """

    seq: int
    at_s: float
    traits: Traits
    ailing: ailing.State
    begun: Index
    power: power.Power
    skin: skin.Skin
    calibrated_s: Array
    clock_s: Array
    site_pct: Array
    heart_rate_bpm: Array
    spo2_pct: Array
    boot: Index
    booted_s: Array
    restarted: Mask
    firmware: Index
    said: Index


class Statuses(NamedTuple):
    """What devices say of themselves. Arrays have one entry a status.

    ``at_s`` is when, truly; ``clock_error_s`` by how much the device's clock is off;
    ``seq`` counts what a device has said.
    """

    device: Index
    seq: Index
    at_s: Array
    clock_error_s: Array
    boot: Index
    uptime_s: Array
    firmware: Index
    battery_pct: Array
    on_mains: Mask
    contact_pct: Array
    probe_offs: Index
    calibrated_s: Array
    readings: Index
    repeated_readings: Index
    mean_heart_rate_bpm: Array
    mean_spo2_pct: Array


def initial(patient: Index, rng: Streams) -> State:
    """Return the devices of those patients at time 0, all of them sound."""
    chance = rng["devices"]
    made = traits(patient, chance)
    n, patients = patient.size, int(patient.max(initial=-1)) + 1
    age, up, version = chance.random((3, n))
    return State(
        seq=0,
        at_s=0.0,
        traits=made,
        ailing=ailing.initial(n),
        begun=np.zeros(0, dtype=np.int64),
        power=power.initial(n, chance),
        skin=skin.initial(made, chance),
        calibrated_s=-age * made.interval_s,
        clock_s=CLOCK_S * chance.standard_normal(n),
        site_pct=SITE_PCT * chance.standard_normal(n),
        heart_rate_bpm=np.zeros(patients),
        spo2_pct=np.zeros(patients),
        boot=np.zeros(n, dtype=np.int64),
        booted_s=-up / RESTARTS_PER_DAY * DAY_S,
        restarted=np.zeros(n, dtype=np.bool_),
        firmware=(version * len(FIRMWARE)).astype(np.int64),
        said=np.zeros(n, dtype=np.int64),
    )


def step(state: State, setting: Setting, rng: Streams) -> State:
    """Return the cohort one period later; ``state`` is left alone."""
    dt_s, made, chance = setting.period_s, state.traits, rng["devices"]
    at_s = (state.seq + 1) * dt_s
    was_due = state.at_s - state.calibrated_s >= made.interval_s
    due = at_s - state.calibrated_s >= made.interval_s
    ill, begun, serviced = ailing.step(
        state.ailing,
        start_s=state.at_s,
        dt_s=dt_s,
        due=due & ~was_due,
        plan=setting.plan,
        rng=rng["device_faults"],
    )
    added = effects(ill, at_s)
    after = power.step(
        state.power, made, added["drain_share"], at_s=at_s, dt_s=dt_s, rng=chance
    )
    restarts = chance.poisson(
        (RESTARTS_PER_DAY + added["restarts_per_day"]) * dt_s / DAY_S
    )
    restarted = (restarts > 0) | (after.is_on & ~state.power.is_on)
    back, update = chance.random((2, restarted.size))
    worn = skin.step(
        skin.restarted(state.skin, restarted),
        made,
        added["probe_offs_per_h"],
        at_s=at_s,
        dt_s=dt_s,
        rng=chance,
    )
    calibrated = serviced | (due & (added["neglected_share"] == 0.0))
    newer = np.minimum(state.firmware + 1, len(FIRMWARE) - 1)
    speaks_s = at_s + _phase(made) * dt_s
    return State(
        seq=state.seq + 1,
        at_s=at_s,
        traits=made,
        ailing=ill,
        begun=begun,
        power=after,
        skin=worn,
        calibrated_s=np.where(calibrated, at_s, state.calibrated_s),
        clock_s=_wandered(state.clock_s, CLOCK_S, CLOCK_RELAXATION_S, dt_s, chance),
        site_pct=_wandered(state.site_pct, SITE_PCT, SITE_RELAXATION_S, dt_s, chance),
        boot=state.boot + restarts + (restarted & (restarts == 0)),
        booted_s=np.where(restarted, at_s + back * (speaks_s - at_s), state.booted_s),
        restarted=restarted,
        firmware=np.where(restarted & (update < UPDATED), newer, state.firmware),
        said=state.said + after.is_on * (1 + restarted),
        **{
            name: _wandered(
                getattr(state, name), spread, PATIENT_RELAXATION_S, dt_s, chance
            )
            for name, spread in PATIENT_SPREAD.items()
        },
    )


def observe(state: State, setting: Setting, rng: Streams) -> Statuses:
    """Return what the devices say in the period, each once and after each start.

    Each has its own place in the period. One whose battery is empty says nothing.
    Numbers are as a device shows them: whole per cent, saturation in tenths.
    """
    regular = _said(state, setting, rng["device_messages"])
    started = np.flatnonzero(state.restarted & state.power.is_on)
    at_start = Statuses._make(column[started] for column in regular)
    nothing = np.zeros(started.size, dtype=np.int64)
    at_start = at_start._replace(
        seq=state.said[started] - 2,
        at_s=state.booted_s[started],
        uptime_s=np.zeros(started.size),
        probe_offs=nothing,
        readings=nothing,
        repeated_readings=nothing,
        mean_heart_rate_bpm=np.full(started.size, np.nan),
        mean_spo2_pct=np.full(started.size, np.nan),
    )
    on = np.flatnonzero(state.power.is_on)
    running = Statuses._make(column[on] for column in regular)
    return Statuses._make(
        np.concatenate(pair) for pair in zip(at_start, running, strict=True)
    )


def _said(state: State, setting: Setting, rng: np.random.Generator) -> Statuses:
    made, added = state.traits, effects(state.ailing, state.at_s)
    n = made.lasts_h.size
    at_s = state.at_s + _phase(made) * setting.period_s
    share = np.clip(REPEATED + added["frozen_share"], 0.0, 1.0)
    readings = np.full(n, round(setting.period_s / setting.reading_s))
    spo2 = made.spo2_pct + state.spo2_pct[made.patient] + made.bias_pct + state.site_pct
    rate = made.heart_rate_bpm + state.heart_rate_bpm[made.patient]
    contact = skin.contact_pct(state.skin, made, added["contact_loss_pct"], state.at_s)
    return Statuses(
        device=np.arange(n),
        seq=state.said - 1,
        at_s=at_s,
        clock_error_s=state.clock_s + added["clock_error_s"],
        boot=state.boot,
        uptime_s=np.rint(at_s - state.booted_s),
        firmware=state.firmware,
        battery_pct=np.ceil(state.power.battery_pct),
        on_mains=state.power.on_mains,
        contact_pct=np.rint(contact),
        probe_offs=state.skin.offs,
        calibrated_s=state.calibrated_s,
        readings=readings,
        repeated_readings=rng.binomial(readings, share),
        mean_heart_rate_bpm=_tenths(rate),
        mean_spo2_pct=_tenths(np.minimum(spo2 + added["spo2_offset_pct"], 100.0)),
    )


def _tenths(values: Array) -> Array:
    return np.asarray(np.rint(values * 10.0) / 10.0)


def _phase(made: Traits) -> Array:
    return phases(np.arange(made.patient.size))


def _wandered(
    now: Array,
    spread: float,
    relaxation_s: float,
    dt_s: float,
    rng: np.random.Generator,
) -> Array:
    noise = rng.standard_normal(now.size)
    return wander(now, spread=spread, relaxation_s=relaxation_s, dt_s=dt_s, noise=noise)
