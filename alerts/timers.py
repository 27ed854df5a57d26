"""What an alarm does of itself when time passes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

from alerts.model import Alarm, State, Step, StepKind

Result = tuple[Alarm, list[Step]]
"""An alarm after something happened, and what there is to say of it."""


class Change(Protocol):
    """Something an alarm does of itself."""

    def __call__(self, alarm: Alarm, now_ms: int) -> Result:
        """Return what becomes of it."""
        ...


Due = tuple[int, Change]
"""When something is due, and what then becomes of the alarm."""


def due_ms(alarm: Alarm) -> int | None:
    """Return when the alarm next does something of itself; None: never."""
    return min((at_ms for at_ms, _ in _timers(alarm)), default=None)


def advance(alarm: Alarm, until_ms: int, now_ms: int) -> Result:
    """Return the alarm after all that was due up to ``until_ms``, earliest first.

    It is written down as done at ``now_ms``, which is later where a backlog is
    worked off: then a condition may be raised that is over already.
    """
    result: Result = (alarm, [])
    while (due := _next(result[0])) and due[0] <= until_ms:
        result = then(result, partial(due[1], now_ms=now_ms))
    return result


_PAST: Final = ("found_ms", "raised_ms", "unattended_ms", "reminded_ms", "over_ms")
"""Instants of an alarm's life by the clock on the wall."""


def shifted(alarm: Alarm, by_ms: int, now_ms: int) -> Alarm:
    """Return the alarm after the clock was set by ``by_ms``, to ``now_ms``.

    Somebody may have attended to it by the new clock already: so nothing has
    happened later than now, and nothing is held for longer than it may be.
    """
    urgency = alarm.urgency
    most_ms = {
        **dict.fromkeys(_PAST, now_ms),
        "acknowledged_until_ms": now_ms + urgency.acknowledged_for_s * 1000,
        "shelved_until_ms": now_ms + urgency.shelved_at_most_s * 1000,
        "held_until_ms": now_ms,
    }
    instants = {name: getattr(alarm, name) for name in most_ms}
    moved = {
        name: min(at_ms + by_ms, most_ms[name])
        for name, at_ms in instants.items()
        if at_ms is not None
    }
    return replace(alarm, **moved)


def then(so_far: Result, do: Callable[[Alarm], Result]) -> Result:
    """Return what ``do`` makes of the alarm, with the steps so far before its own."""
    alarm, steps = so_far
    alarm, more = do(alarm)
    return alarm, steps + more


def said(
    alarm: Alarm,
    kind: StepKind,
    now_ms: int,
    *,
    by: str = "",
    reason: str = "",
    **changes: Any,  # noqa: ANN401 - whatever fields an alarm has
) -> Result:
    """Return the alarm with ``changes``, and the step that says so."""
    after = replace(alarm, steps=alarm.steps + 1, **changes)
    step = Step(
        alarm_id=after.alarm_id,
        number=after.steps,
        kind=kind,
        state=after.state,
        severity=after.severity,
        level=after.level,
        at_ms=now_ms,
        by=by,
        reason=reason,
        until_ms=after.acknowledged_until_ms or after.shelved_until_ms,
    )
    return after, [step]


def wanted(alarm: Alarm, kind: StepKind, now_ms: int, **changes: Any) -> Result:  # noqa: ANN401 - as above
    """Return the alarm as one that wants somebody, from the first level on."""
    fresh: dict[str, Any] = {
        "state": State.RAISED,
        "level": 0,
        "told": alarm.severity,
        "unattended_ms": now_ms,
        "reminded_ms": now_ms,
        "acknowledged_until_ms": None,
        "shelved_until_ms": None,
    }
    return said(alarm, kind, now_ms, **fresh, **changes)


def escalated(alarm: Alarm, now_ms: int, reason: str = "") -> Result:
    """Return the alarm one level higher."""
    state = alarm.state if alarm.state is State.LATCHED else State.ESCALATED
    return said(
        alarm,
        StepKind.ESCALATED,
        now_ms,
        reason=reason,
        state=state,
        level=alarm.level + 1,
        reminded_ms=now_ms,
    )


def cleared(alarm: Alarm, now_ms: int, *, by: str = "", reason: str = "") -> Result:
    """Return the alarm as history."""
    nothing: dict[str, Any] = {"acknowledged_until_ms": None, "shelved_until_ms": None}
    who = {"by": by, "reason": reason}
    return said(alarm, StepKind.CLEARED, now_ms, state=State.CLEARED, **who, **nothing)


def _next(alarm: Alarm) -> Due | None:
    return min(_timers(alarm), key=lambda due: due[0], default=None)


def _timers(alarm: Alarm) -> Iterator[Due]:
    for timer in _TIMERS.get(alarm.state, ()):
        yield from timer(alarm)


def _generation(alarm: Alarm) -> Iterator[Due]:
    yield alarm.found_ms + alarm.urgency.delay_s * 1000, _raise
    if alarm.over_ms is not None:
        yield alarm.over_ms, _pass


def _escalation(alarm: Alarm) -> Iterator[Due]:
    """Yield the next level, or the next reminder; neither in the quiet time."""
    if alarm.over_ms is not None and alarm.state is not State.LATCHED:
        return
    held_ms = alarm.held_until_ms or 0
    after_s, every_s = alarm.urgency.escalate_after_s, alarm.urgency.repeat_every_s
    if alarm.level < len(after_s):
        at_ms = (alarm.unattended_ms or 0) + after_s[alarm.level] * 1000
        yield max(at_ms, held_ms), escalated
    elif every_s:
        yield max((alarm.reminded_ms or 0) + every_s * 1000, held_ms), _repeat


def _quiet(alarm: Alarm) -> Iterator[Due]:
    if alarm.over_ms is not None:
        unseen = alarm.state is not State.ACKNOWLEDGED
        end = _latch if unseen and alarm.policy.latching else cleared
        yield alarm.over_ms + alarm.policy.quiet_s * 1000, end


def _acknowledgement(alarm: Alarm) -> Iterator[Due]:
    if alarm.over_ms is None and alarm.acknowledged_until_ms is not None:
        yield alarm.acknowledged_until_ms, _lapse


def _shelf(alarm: Alarm) -> Iterator[Due]:
    if alarm.shelved_until_ms is not None:
        yield alarm.shelved_until_ms, _unshelve


_TIMERS: Final[dict[State, tuple[Callable[[Alarm], Iterator[Due]], ...]]] = {
    State.PENDING: (_generation,),
    State.RAISED: (_escalation, _quiet),
    State.ESCALATED: (_escalation, _quiet),
    State.LATCHED: (_escalation,),
    State.ACKNOWLEDGED: (_acknowledgement, _quiet),
    State.SHELVED: (_shelf,),
}
"""What runs in which state. Of two that are due at once, the first comes first."""


def _raise(alarm: Alarm, now_ms: int) -> Result:
    return wanted(alarm, StepKind.RAISED, now_ms, raised_ms=now_ms)


def _pass(alarm: Alarm, now_ms: int) -> Result:  # noqa: ARG001 - one of many
    return replace(alarm, state=State.PASSED), []


def _repeat(alarm: Alarm, now_ms: int) -> Result:
    return said(alarm, StepKind.REPEATED, now_ms, reminded_ms=now_ms)


def _latch(alarm: Alarm, now_ms: int) -> Result:
    return said(alarm, StepKind.LATCHED, now_ms, state=State.LATCHED)


def _lapse(alarm: Alarm, now_ms: int) -> Result:
    return wanted(alarm, StepKind.LAPSED, now_ms)


def _unshelve(alarm: Alarm, now_ms: int) -> Result:
    if alarm.over_ms is not None:
        return cleared(alarm, now_ms)
    return wanted(alarm, StepKind.UNSHELVED, now_ms)
