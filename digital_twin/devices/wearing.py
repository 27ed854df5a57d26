"""What devices do to the readings that they send: a layer between ward and wire.

The twin's ward says what a perfect device would send. Here a worn one adds its
offset, hangs, stamps by its own clock, is off, starts anew, keeps what it has
measured until its radio is back, sends it twice or late, or damages it.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from digital_twin.cohort import COHORT_SIZE, Array, streams
from digital_twin.devices import course
from digital_twin.devices.ailing import Index, effects
from digital_twin.devices.course import Setting, State
from digital_twin.devices.radio import travel
from digital_twin.sensors import SIGNALS
from digital_twin.vital_signs import Level
from digital_twin.ward import Period, Sent

STARTS_S: Final = 20.0
"""How long a device measures nothing after a start; our choice."""

SECOND_DEVICE: Final = 10
"""One patient in so many has a second device, which sends no readings; our choice."""

_ROW: Final = {signal.name: row for row, signal in enumerate(SIGNALS)}
_FULL_PCT: Final = 100.0


def patients(n: int) -> Index:
    """Return whom each device of a cohort measures: a monitor each, then the others."""
    return np.concatenate([np.arange(n), np.arange(0, n, SECOND_DEVICE)])


def worn(
    played: Iterator[Period], cohort: int, n: int, plan: Setting
) -> Iterator[Period]:
    """Yield ``played``, the periods of ``n`` devices, as worn devices send them."""
    rng = streams(plan.seed, cohort)
    state = course.step(course.initial(patients(n), rng), plan, rng)
    last = np.full((len(SIGNALS), n), np.nan, dtype=np.float32)
    for period in played:
        sent = period.sent
        while sent.at_s.size and sent.at_s.min() >= state.at_s:
            state = course.step(state, plan, rng)
        device = sent.device - cohort * COHORT_SIZE
        yield period._replace(
            sent=_as_sent(sent, device, state, last, rng["device_messages"])
        )


def _as_sent(
    sent: Sent, device: Index, state: State, last: Level, rng: np.random.Generator
) -> Sent:
    added = {
        name: each[device]
        for name, each in _effects_at(state, device, sent.at_s).items()
    }
    values = _misread(sent, device, state, added)
    hangs = np.mod(sent.at_s, 60.0) / 60.0 < added["frozen_share"]
    values[:, hangs] = last[:, device[hangs]]
    last[:, device] = values
    is_on = state.power.is_on[device]
    since_s = sent.at_s - state.booted_s[device]
    up = is_on & ~((since_s >= 0.0) & (since_s < STARTS_S))
    clock_s = state.clock_s[device] + added["clock_error_s"]
    left = travel(state.ailing, device, sent.at_s, rng)
    kept = left.message[up[left.message]]
    delay_s = (left.arrives_s - sent.at_s[left.message])[up[left.message]]
    stamped = sent._replace(values=values, at_s=sent.at_s + clock_s)
    gone = Sent._make(column[..., kept] for column in stamped)
    return gone._replace(
        arrives_s=gone.arrives_s + delay_s, damage=left.damage[up[left.message]]
    )


def _effects_at(state: State, device: Index, at_s: Array) -> dict[str, Array]:
    """Return what faults add at each message's time, by device of the cohort."""
    times = np.full(state.clock_s.size, state.at_s)
    times[device] = at_s
    return effects(state.ailing, times)


def _misread(sent: Sent, device: Index, state: State, added: dict[str, Array]) -> Level:
    values = sent.values.copy()
    spo2 = values[_ROW["spo2_pct"]]
    wrong = np.rint(np.clip(spo2 + added["spo2_offset_pct"], 1.0, _FULL_PCT))
    off = state.skin.is_off[device]
    values[_ROW["spo2_pct"]] = np.where(off, 0.0, np.where(spo2 > 0.0, wrong, spo2))
    values[_ROW["pulse_rate_bpm"]] = np.where(
        off, np.nan, values[_ROW["pulse_rate_bpm"]]
    )
    return values
