"""From a step in an alarm's life to the notices that it causes. Pure."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from pydantic import ValidationError

from alerts.model import RANK, Alarm, Policy, Step, StepKind, hashed
from alerts.people import People
from alerts.plan import Plan, members
from cep_patterns.pattern import Kind, Severity
from producers.contract.columns import SYNTHETIC_PATIENT_ID

logger = logging.getLogger(__name__)

TELLING: Final = frozenset(
    {
        StepKind.RAISED,
        StepKind.WORSENED,
        StepKind.RETURNED,
        StepKind.ESCALATED,
        StepKind.REPEATED,
        StepKind.UNREACHED,
        StepKind.LAPSED,
        StepKind.UNSHELVED,
    }
)
"""After these steps somebody must look; after all but ``cleared`` nobody is told."""

Reach = tuple[str, str]
"""A person, and a channel by which to reach him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """One step told to one person by one channel.

    ``place`` is bed or pseudonym. ``rank`` orders what is sent first, the most
    urgent highest; that something is over is the least urgent.
    """

    notice_id: str
    alarm_id: str
    step_number: int
    patient_id: str
    ward: str
    place: str
    pattern_name: str
    kind: Kind
    phase: StepKind
    severity: Severity
    rank: int
    level: int
    recipient: str
    channel: str
    started_ms: int
    observed: float | None
    limit_value: float | None
    created_ms: int
    not_before_ms: int


def notices_for(
    alarm: Alarm, step: Step, people: People, told: Iterable[Reach] = ()
) -> list[NewNotice]:
    """Return whom ``step`` is told, by which channel; the same whenever asked.

    Names, shifts and levels are those frozen in ``alarm``; ``people`` says how
    somebody can be reached now. ``told`` is who was told of the alarm before:
    they hear that it is over. Of the synthetic patient nobody is told.
    """
    if alarm.patient_id == SYNTHETIC_PATIENT_ID:
        return []
    plan = plan_of(alarm, people)
    now = instant(step.at_ms)
    if step.kind is StepKind.UNREACHED:
        ways = _fallback(people)
    elif step.kind in TELLING:
        ways = reaches(plan, step.severity, step.level, people, now)
    else:
        ways = list(told) if step.kind is StepKind.CLEARED else []
    wait = plan.quiet_until(step.severity, now)
    not_before_ms = round(wait.timestamp() * 1000) if wait else step.at_ms
    return [_notice(alarm, step, plan, each, not_before_ms) for each in ways]


def plan_of(alarm: Alarm, people: People) -> Plan:
    """Return the plan frozen in ``alarm``, or that of today where there is none.

    One that is no plan any more (bounds became narrower) counts as none.
    """
    if alarm.policy.people:
        try:
            return Plan.model_validate_json(alarm.policy.people)
        except ValidationError:
            logger.warning("alarm %s: its plan is of another version", alarm.alarm_id)
    return people.plan(alarm.patient_id)


def reaches(
    plan: Plan, severity: Severity, level: int, people: People, now: datetime
) -> list[Reach]:
    """Return the ways to those told; where there is none, any to the fallback."""
    names = plan.told(severity, level, now)
    channels = plan.channels.of(severity)
    return _ways(names, channels, people) or _fallback(people)


def _fallback(people: People) -> list[Reach]:
    names = members(people.fallback, people.teams)
    return _ways(names, people.channels.high, people)


def _ways(
    names: Iterable[str], channels: Collection[str], people: People
) -> list[Reach]:
    return [
        (name, channel)
        for name in names
        for channel in dict.fromkeys(channels)
        if people.address(name, channel)
    ]


def _notice(
    alarm: Alarm, step: Step, plan: Plan, reach: Reach, not_before_ms: int
) -> NewNotice:
    recipient, channel = reach
    phase = f"{step.number} {step.kind}"
    return NewNotice(
        notice_id=hashed(step.alarm_id, phase, str(step.level), recipient, channel),
        alarm_id=alarm.alarm_id,
        step_number=step.number,
        patient_id=alarm.patient_id,
        ward=plan.ward,
        place=plan.place,
        pattern_name=alarm.pattern_name,
        kind=alarm.kind,
        phase=step.kind,
        severity=step.severity,
        rank=1 + RANK[step.severity] if step.kind in TELLING else 0,
        level=step.level,
        recipient=recipient,
        channel=channel,
        started_ms=alarm.started_ms,
        observed=alarm.observed,
        limit_value=alarm.limit_value,
        created_ms=step.at_ms,
        not_before_ms=not_before_ms,
    )


def instant(ms: int) -> datetime:
    """Return milliseconds since 1970 as an instant of UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def with_people(policy: Policy, people: People, patient_id: str) -> Policy:
    """Return ``policy`` with what ``people`` says of a patient's ward, to be frozen."""
    plan = people.plan(patient_id)
    urgencies = {
        severity: replace(
            urgency,
            escalate_after_s=plan.escalation.of(severity).escalate_after_s,
            repeat_every_s=plan.escalation.of(severity).repeat_every_s,
        )
        for severity, urgency in policy.urgencies.items()
    }
    return replace(policy, urgencies=urgencies, people=plan.model_dump_json())
