"""The life of a command: a pure function of what is heard of it.

issued -> delivered -> accepted -> applied -> verified -> settled

Or it ends otherwise: modified (the device made something else of it), rejected
(with its reason), expired, superseded by a newer one, or failed_verification (the
device says done, telemetry says otherwise). What is heard twice, or in another
order, leads to the same state. An end stays an end; of one that has settled it is
also noted since when its device says something else again.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from digital_twin.shadow.stages import (
    ROAD,
    Event,
    Judged,
    Life,
    Passed,
    Replaced,
    Resent,
    Said,
    Stage,
    Told,
)
from digital_twin.shadow.state import Shadow, State, agrees, difference

CLOCK_S: Final = 1.5
"""A clock further off than lateness allows lays readings beside others' wrongly.

Our choice, as how late readings may be is.
"""

TELEMETRY_S: Final = 90.0
"""How long telemetry may take beyond its window: a status comes once a minute.

Half a minute more, for its way, is our choice.
"""


def step(life: Life, event: Event) -> Life:
    """Return what ``event`` makes of ``life``."""
    if life.is_over:
        return _later(life, event)
    return _STEPS[type(event)](life, event)


def _replaced(life: Life, event: Replaced) -> Life:
    return _ended(life, Stage.SUPERSEDED, event.at_ms, f"by {event.by}")


def _resent(life: Life, event: Resent) -> Life:
    again = _remarked(life, f"sent again: {event.why}")
    return replace(again, sent=life.sent + 1)


def _said(life: Life, event: Said) -> Life:
    life = _with_clock(life, event)
    if event.stage is Stage.REJECTED and Stage.APPLIED not in life.times:
        return _ended(life, Stage.REJECTED, event.at_ms, f"the device: {event.reason}")
    life = _hop(life, event)
    if event.stage not in (Stage.APPLIED, Stage.MODIFIED):
        return life
    life = replace(life, reported=event.state)
    wrong = _other(event, life.command.desired)
    if wrong or event.stage is Stage.MODIFIED:
        return _ended(life, Stage.MODIFIED, event.at_ms, wrong or event.reason)
    return life


def _hop(life: Life, event: Said) -> Life:
    """Note a hop: the furthest one counts, whatever the order they are heard in."""
    if event.stage in life.times:
        return replace(life, repeated=life.repeated + 1)
    if event.stage not in ROAD:
        return life
    times = {**life.times, event.stage: event.at_ms}
    if ROAD.index(event.stage) > ROAD.index(life.state):
        return replace(life, times=times, state=event.stage)
    late = f"{event.stage} was heard of after {life.state}"
    return _remarked(replace(life, times=times), late)


def _later(life: Life, event: Event) -> Life:
    """Note of a life that is over when its hops were, and whether its device drifts."""
    if isinstance(event, Told) and life.state is Stage.SETTLED:
        return _drifted(life, event)
    if not isinstance(event, Said):
        return life
    if event.stage in life.times or event.stage not in ROAD:
        return replace(life, repeated=life.repeated + 1)
    times = {**life.times, event.stage: event.at_ms}
    late = f"{event.stage} was heard of after it was {life.state}"
    return _remarked(replace(life, times=times), late)


def _drifted(life: Life, event: Told) -> Life:
    """Note since when a device that was settled says something else again."""
    if agrees(event.state, life.command.desired):
        return replace(life, reported=event.state, drifted_ms=None)
    since_ms = event.at_ms if life.drifted_ms is None else life.drifted_ms
    return replace(life, reported=event.state, drifted_ms=since_ms)


def _other(event: Said, desired: State) -> str:
    """Return what the device made of a command, if it is something else."""
    if event.state.version != desired.version:
        return f"it reports version {event.state.version}, not {desired.version}"
    differing = difference(Shadow(desired, event.state))
    told = event.state.settings
    each = (f"{name} is {told.get(name)}, not {v}" for name, v in differing.items())
    because = f" ({event.reason})" if event.reason else ""
    return f"{'; '.join(each)}{because}" if differing else ""


def _judged(life: Life, event: Judged) -> Life:
    if life.state is not Stage.APPLIED:
        return life
    life = replace(life, judged=event)
    if off := _clock_off(life):
        return _ended(life, Stage.FAILED_VERIFICATION, event.at_ms, off)
    if not event.met:
        why = f"it says applied, but {_unmet(life, event)}"
        return _ended(life, Stage.FAILED_VERIFICATION, event.at_ms, why)
    times = {**life.times, Stage.VERIFIED: event.at_ms}
    return replace(life, times=times, state=Stage.VERIFIED)


def _unmet(life: Life, event: Judged) -> str:
    needed = life.command.wish.expectation
    if event.reference_readings == 0:
        return "no other device of the patient was heard in its window"
    if event.readings == 0:
        return "nothing was heard of the device in its window"
    if needed.met_by(event.observed):
        return "there were too few readings in its window"
    return needed.told(event.observed)


def _told(life: Life, event: Told) -> Life:
    """Return it settled, if it is verified and the device still says so itself.

    A device that has the version was reported to have applied it, whatever became
    of its report.
    """
    life = replace(life, reported=event.state)
    if not agrees(event.state, life.command.desired):
        return life
    if Stage.APPLIED not in life.times:
        told = _remarked(life, "applied, as its status said first")
        return _hop(told, Said(Stage.APPLIED, event.at_ms, event.state))
    if life.state is not Stage.VERIFIED:
        return life
    settled = replace(life, times={**life.times, Stage.SETTLED: event.at_ms})
    return _ended(settled, Stage.SETTLED, event.at_ms, "")


def _passed(life: Life, event: Passed) -> Life:
    now_ms = event.at_ms
    if Stage.APPLIED not in life.times:
        if now_ms < life.command.deadline_ms:
            return life
        return _ended(life, Stage.EXPIRED, now_ms, _UNAPPLIED[life.state])
    if now_ms < _patient_until_ms(life):
        return life
    return _ended(life, Stage.FAILED_VERIFICATION, now_ms, _unverified(life))


def _patient_until_ms(life: Life) -> int:
    """Return until when telemetry is waited for, and then for one more status."""
    needed = life.command.wish.expectation
    window_s = needed.settle_s + needed.window_s
    judged_ms = life.times[Stage.APPLIED] + round(1000 * window_s)
    return life.times.get(Stage.VERIFIED, judged_ms) + round(1000 * TELEMETRY_S)


_UNAPPLIED: Final = {
    Stage.ISSUED: "no sign that it was delivered by its deadline",
    Stage.DELIVERED: "delivered, and not accepted by its deadline",
    Stage.ACCEPTED: "accepted, and not applied by its deadline",
}


def _unverified(life: Life) -> str:
    if life.state is Stage.VERIFIED:
        return "verified, but the device's status never reported the desired state"
    none = "it says applied, but no telemetry could show it in time"
    off = _clock_off(life)
    return f"{none}: {off}" if off else none


def _clock_off(life: Life) -> str:
    clock_s = life.clock_s or 0.0
    if abs(clock_s) <= CLOCK_S:
        return ""
    way = "ahead of" if clock_s > 0 else "behind"
    return (
        f"its clock is {abs(clock_s):.1f} s {way} the broker's, so that its"
        " readings cannot be laid beside those of others"
    )


def _with_clock(life: Life, event: Said) -> Life:
    """Keep the clock's error as far as it was least: what is on its way seems late."""
    if life.clock_s is None or abs(event.clock_s) < abs(life.clock_s):
        return replace(life, clock_s=event.clock_s)
    return life


def _ended(life: Life, state: Stage, at_ms: int, reason: str) -> Life:
    return replace(life, state=state, ended_ms=at_ms, reason=reason)


def _remarked(life: Life, remark: str) -> Life:
    if remark in life.remarks:
        return life
    return replace(life, remarks=(*life.remarks, remark))


_STEPS: Final[dict[type, Callable[[Life, Any], Life]]] = {
    Said: _said,
    Judged: _judged,
    Told: _told,
    Replaced: _replaced,
    Resent: _resent,
    Passed: _passed,
}
