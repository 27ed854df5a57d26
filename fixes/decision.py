"""Whether a wish becomes a command, and which: after it was tried on the twin."""

from dataclasses import replace
from typing import Final

from digital_twin.shadow.command import Command, Wish
from digital_twin.shadow.stages import Life, Stage
from digital_twin.shadow.state import (
    Shadow,
    StaleError,
    State,
    adopt,
    difference,
    report,
    want,
)
from digital_twin.shadow.trial import Situation, tried
from fixes.heard import Status

UNKNOWN: Final = "unknown"
"""The patient of a device of which nothing was heard."""


def shadow_of(newest: Life | None, status: Status) -> Shadow:
    """Return desired and reported state; a device that knows more is believed.

    What came to nothing is not desired any more, but its version is used up.
    """
    if newest is None or newest.command.desired.version < status.state.version:
        return adopt(report(Shadow(), status.state))
    desired = newest.command.desired
    if newest.is_over and newest.state is not Stage.SETTLED:
        desired = State(desired.version, status.state.settings)
    return Shadow(desired, status.state)


def decided(
    wish: Wish, status: Status, shadow: Shadow, situation: Situation, at_ms: int
) -> Life:
    """Return the beginning of a command's life, or why there is none."""
    version = shadow.desired.version
    wish = wish if wish.based_on is not None else replace(wish, based_on=version)
    try:
        wanted = want(shadow, wish.changes, wish.based_on or 0)
    except StaleError as error:
        return refused(wish, str(error), at_ms, status)
    all_of_it = {**difference(wanted), **wish.changes}
    outcome = tried(replace(wish, changes=all_of_it), situation)
    if outcome.refusal:
        return refused(wish, outcome.refusal, at_ms, status, outcome.value)
    return Life(
        command=_command(wish, status, wanted, at_ms),
        times={Stage.ISSUED: at_ms},
        reported=status.state,
        value_before=_before(wish, situation),
        value_on_twin=outcome.value,
    )


def refused(
    wish: Wish,
    reason: str,
    at_ms: int,
    status: Status | None = None,
    on_twin: float | None = None,
) -> Life:
    """Return what is written down of a fix that is never sent."""
    state = status.state if status else State()
    command = Command(
        wish=wish,
        patient_id=status.patient_id if status else UNKNOWN,
        desired=State(state.version, {**state.settings, **wish.changes}),
        deadline_ms=at_ms,
    )
    return Life(
        command=command,
        state=Stage.REFUSED,
        ended_ms=at_ms,
        reported=state,
        value_on_twin=on_twin,
        reason=f"not issued: {reason}",
    )


def _command(wish: Wish, status: Status, wanted: Shadow, at_ms: int) -> Command:
    return Command(
        wish=wish,
        patient_id=status.patient_id,
        desired=wanted.desired,
        deadline_ms=at_ms + round(1000 * wish.deadline_s),
        boot_before=status.boot_id,
    )


def _before(wish: Wish, situation: Situation) -> float | None:
    """Return the statistic before the fix, as far as both devices' status tell it."""
    needed = wish.expectation
    if needed.statistic == "mean" and needed.signal == "spo2_pct":
        return situation.apart_pct
    value = situation.state.settings.get(needed.signal)
    if needed.statistic == "equals":
        return float(value == wish.changes.get(needed.signal))
    if needed.statistic == "changed":
        return 0.0
    return value if isinstance(value, float) else None
