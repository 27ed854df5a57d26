"""Try a fix on the twin: the same device in the same state, beside its patient.

Only what meets its own expectation there is sent to the real device.
"""

import itertools
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from digital_twin.cohort import Array
from digital_twin.shadow import monitor as device
from digital_twin.shadow.bedside import Sensor, patient
from digital_twin.shadow.command import Wish
from digital_twin.shadow.expectation import Seen, measured
from digital_twin.shadow.monitor import AS_MADE, Monitor, Order
from digital_twin.shadow.stages import Stage
from digital_twin.shadow.state import Settings, State

SEED: Final = 6
"""Any: the same trial has the same outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a device now: its state, and what it and the others read.

    The means are those of the newest status of each; None where none was heard.
    """

    state: State
    mean_spo2_pct: float | None = None
    other_spo2_pct: float | None = None

    @property
    def apart_pct(self) -> float | None:
        """How far its saturation is from that of the patient's other devices."""
        if self.mean_spo2_pct is None or self.other_spo2_pct is None:
            return None
        return self.mean_spo2_pct - self.other_spo2_pct


class Outcome(NamedTuple):
    """What the twin shows, and why the fix must not be sent, if it must not."""

    value: float | None
    refusal: str = ""


def tried(wish: Wish, situation: Situation) -> Outcome:
    """Return what becomes of the twin when the fix is applied to it."""
    needed = wish.expectation
    if needed.reference == "other_devices" and situation.apart_pct is None:
        msg = (
            "no other device of the patient has said what it reads: nothing to compare"
        )
        return Outcome(None, msg)
    before = Monitor(state=_known(situation.state))
    after, refusal = _applied(before, wish)
    if refusal:
        return Outcome(None, f"the twin rejects it: {refusal}")
    value = measured(needed, _seen(wish, situation, before, after))
    if needed.met_by(value):
        return Outcome(value)
    return Outcome(value, f"on the twin {needed.told(value)}")


def _known(state: State) -> State:
    return State(state.version, {**AS_MADE.settings, **state.settings})


def _applied(monitor: Monitor, wish: Wish) -> tuple[Monitor, str]:
    version = monitor.state.version + 1
    order = Order(wish.command_id, wish.action, version, wish.changes, deadline_ms=1)
    heard = device.hear(monitor, order, now_ms=0)
    last = heard.answers[-1]
    if last.stage is Stage.REJECTED:
        return heard.monitor, last.reason
    done = device.work(heard.monitor)
    [answer] = done.answers
    return done.monitor, answer.reason


def _seen(wish: Wish, situation: Situation, before: Monitor, after: Monitor) -> Seen:
    own, other = _telemetry(wish, situation, after.state.settings)
    if wish.expectation.signal == "boot_id":
        return Seen(own, other, str(before.boot), str(after.boot), "")
    name = wish.expectation.signal
    return Seen(
        own,
        other,
        before.state.settings.get(name, ""),
        after.state.settings.get(name, ""),
        wish.changes.get(name, ""),
    )


def _telemetry(
    wish: Wish, situation: Situation, settings: Settings
) -> tuple[Array, Array]:
    """Return what both devices read in the window: as far apart as they are now."""
    needed = wish.expectation
    offset_pct = float(_known(situation.state).settings["spo2_offset_pct"])
    error_pct = (situation.apart_pct or 0.0) - offset_pct
    rngs = np.random.default_rng(SEED).spawn(2)
    own, other = Sensor(rngs[0], error_pct), Sensor(rngs[1])
    first, last = round(needed.settle_s), round(needed.settle_s + needed.window_s)
    rows = [
        (own.reading(true, settings), other.reading(true, AS_MADE.settings))
        for true in _body(situation, last)
    ]
    name = needed.signal
    pairs = [(mine.get(name, np.nan), his.get(name, np.nan)) for mine, his in rows]
    columns = np.array(pairs[first:]).T
    return columns[0], columns[1]


def _body(situation: Situation, seconds: int) -> list[dict[str, float]]:
    """Return the twin's patient, as saturated as the others say the real one is."""
    body = list(itertools.islice(patient(SEED), seconds))
    if situation.other_spo2_pct is None:
        return body
    usual_pct = sum(true["spo2_pct"] for true in body) / len(body)
    more_pct = situation.other_spo2_pct - usual_pct
    return [{**true, "spo2_pct": true["spo2_pct"] + more_pct} for true in body]
