"""An alarm's life, without a clock, a database or a broker: time is an argument.

pending -> raised -> escalated -> acknowledged -> cleared
   |         (latched, shelved, and back to raised in between)
   -> passed
"""

from dataclasses import replace

from alerts.events import (
    Acknowledge,
    Close,
    Escalate,
    Event,
    Found,
    Over,
    Refused,
    Shelve,
)
from alerts.model import (
    OVER,
    RANK,
    UNATTENDED,
    Alarm,
    Ongoing,
    State,
    StepKind,
)
from alerts.timers import Result, advance, cleared, escalated, said, then, wanted
from cep_patterns.pattern import Severity


def step(
    alarm: Alarm, event: Event | None, now_ms: int, *, until_ms: int | None = None
) -> Result:
    """Return the alarm after ``event`` and all that is due by now; None: only that.

    Where a backlog is worked off, ``until_ms`` is the time that the events have
    reached: what is due later waits for those that come next. Raises ``Refused``
    where a person asks for what is not possible.
    """
    until_ms = now_ms if until_ms is None else min(until_ms, now_ms)
    generated = _generated(alarm, event, until_ms, now_ms)
    happened = then(generated, lambda raised: _happened(raised, event, now_ms))
    return then(happened, lambda after: advance(after, until_ms, now_ms))


def is_open(alarm: Alarm) -> bool:
    """Return whether further matches belong to this alarm."""
    return alarm.state not in OVER


def _generated(alarm: Alarm, event: Event | None, until_ms: int, now_ms: int) -> Result:
    """Raise what is due to be raised, unless the event may say that it was over.

    Of other timers the event comes first: an acknowledgement counts, although
    a timer that was to escalate meanwhile was late.
    """
    if alarm.state is State.PENDING and not isinstance(event, Over):
        return advance(alarm, until_ms, now_ms)
    return alarm, []


def _happened(alarm: Alarm, event: Event | None, now_ms: int) -> Result:
    match event:
        case Found():
            return _found(alarm, event, now_ms)
        case Over():
            return _over(alarm, event, now_ms)
        case Escalate():
            return _unreachable(alarm, event, now_ms)
        case Acknowledge() | Shelve() | Close():
            _demand_audible(alarm)
            return _attended(alarm, event, now_ms)
    return alarm, []


def _attended(alarm: Alarm, event: Acknowledge | Shelve | Close, now_ms: int) -> Result:
    match event:
        case Acknowledge():
            return _acknowledged(alarm, event, now_ms)
        case Shelve():
            return _shelved(alarm, event, now_ms)
    return cleared(alarm, now_ms, by=event.by, reason=event.reason)


def _found(alarm: Alarm, event: Found, now_ms: int) -> Result:
    after = replace(
        alarm,
        ongoing=_with(alarm.ongoing, event.match),
        over_ms=None,
        observed=event.observed,
        limit_value=event.limit_value,
    )
    if alarm.state is State.LATCHED:
        state = State.ESCALATED if alarm.level else State.RAISED
        after = replace(after, state=state)
        returned = said(after, StepKind.RETURNED, now_ms)
        return then(returned, lambda again: _judged(again, now_ms))
    return _judged(after, now_ms)


def _over(alarm: Alarm, event: Over, now_ms: int) -> Result:
    left = tuple(each for each in alarm.ongoing if each.match_id != event.match_id)
    if len(left) == len(alarm.ongoing):
        return alarm, []
    at_ms = max(min(event.at_ms, now_ms), alarm.found_ms)
    over_ms = None if left else at_ms
    return then(
        advance(alarm, at_ms, now_ms),
        lambda till: _judged(replace(till, ongoing=left, over_ms=over_ms), now_ms),
    )


def _with(ongoing: tuple[Ongoing, ...], match: Ongoing) -> tuple[Ongoing, ...]:
    """Return what is ongoing; of a device's runs of one severity, the latest alone.

    A rule cannot be found twice on one device at the same time: the end of the
    earlier one was never said, because the job that found it started afresh.
    """
    rivals = [each for each in (*ongoing, match) if _place(each) == _place(match)]
    others = [each for each in ongoing if _place(each) != _place(match)]
    return (*others, max(rivals, key=lambda each: each.started_ms))


def _place(match: Ongoing) -> tuple[str, Severity]:
    return match.device_id, match.severity


def _judged(alarm: Alarm, now_ms: int) -> Result:
    """Return the alarm with the severity that what is ongoing gives it."""
    severity = _severity(alarm)
    if severity is alarm.severity:
        return alarm, []
    peak = max(alarm.peak, severity, key=RANK.__getitem__)
    after = replace(alarm, severity=severity, peak=peak)
    if alarm.state is State.PENDING:
        return after, []
    if RANK[severity] <= RANK[alarm.told]:
        return said(after, StepKind.CHANGED, now_ms)
    if alarm.state in UNATTENDED:
        return said(after, StepKind.WORSENED, now_ms, told=severity)
    return wanted(after, StepKind.WORSENED, now_ms)


def _severity(alarm: Alarm) -> Severity:
    """Return the highest that is ongoing; what was high stays medium at least."""
    found = [each.severity for each in alarm.ongoing] or [alarm.severity]
    least = [Severity.MEDIUM] if alarm.peak is Severity.HIGH else []
    return max(*found, *least, Severity.LOW, key=RANK.__getitem__)


def _acknowledged(alarm: Alarm, event: Acknowledge, now_ms: int) -> Result:
    until_ms = now_ms + alarm.urgency.acknowledged_for_s * 1000
    attended = said(
        alarm,
        StepKind.ACKNOWLEDGED,
        now_ms,
        by=event.by,
        reason=event.reason,
        state=State.ACKNOWLEDGED,
        level=0,
        told=alarm.severity,
        acknowledged_by=event.by,
        acknowledged_until_ms=until_ms,
        shelved_until_ms=None,
    )
    if alarm.state is not State.LATCHED:
        return attended
    return then(attended, lambda seen: cleared(seen, now_ms))


def _shelved(alarm: Alarm, event: Shelve, now_ms: int) -> Result:
    most_s = alarm.urgency.shelved_at_most_s
    if not 0 < event.for_s <= most_s:
        msg = (
            f"an alarm of {alarm.severity} severity can be shelved for"
            f" {most_s // 60} minutes at most, not for {event.for_s / 60:g}"
        )
        raise Refused(msg)
    return said(
        alarm,
        StepKind.SHELVED,
        now_ms,
        by=event.by,
        reason=event.reason,
        state=State.SHELVED,
        level=0,
        told=alarm.severity,
        acknowledged_until_ms=None,
        shelved_until_ms=now_ms + event.for_s * 1000,
    )


def _unreachable(alarm: Alarm, event: Escalate, now_ms: int) -> Result:
    if alarm.state not in UNATTENDED:
        return alarm, []
    if not alarm.is_at_last_level:
        return escalated(alarm, now_ms, event.reason)
    return said(
        alarm, StepKind.UNREACHED, now_ms, reason=event.reason, reminded_ms=now_ms
    )


def _demand_audible(alarm: Alarm) -> None:
    if alarm.raised_ms is None:
        msg = f"alarm {alarm.alarm_id} was not raised yet"
        raise Refused(msg)
    if not is_open(alarm):
        msg = f"alarm {alarm.alarm_id} is {alarm.state} already"
        raise Refused(msg)
