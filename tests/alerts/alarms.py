"""Alarms for tests: times are in seconds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from alerts.events import Event, Found, Over
from alerts.life import step
from alerts.model import Alarm, Ongoing, Policy, Step, StepKind, Urgency
from cep_patterns.pattern import Kind, Severity

LOW, MEDIUM, HIGH = Severity

URGENCY: Final = Urgency(
    delay_s=5,
    acknowledged_for_s=100,
    escalate_after_s=(20, 50),
    repeat_every_s=30,
    shelved_at_most_s=200,
)
POLICY: Final = Policy(
    urgencies=dict.fromkeys(Severity, URGENCY), quiet_s=10, latching=False
)
LATCHING: Final = replace(POLICY, latching=True)


def alarm(
    severity: Severity = MEDIUM, policy: Policy = POLICY, match_id: str = "m"
) -> Alarm:
    """Return an alarm that was found at 0, by a match ``m``."""
    return Alarm(
        alarm_id="a",
        patient_id="p",
        pattern_name="apnoea",
        kind=Kind.CLINICAL,
        severity=severity,
        peak=severity,
        told=severity,
        policy=policy,
        found_ms=0,
        started_ms=-20_000,
        ongoing=(ongoing(match_id, severity),),
    )


def ongoing(match_id: str, severity: Severity = MEDIUM, *, started: int = 0) -> Ongoing:
    """Return a match of a device of its own."""
    return Ongoing(
        match_id=match_id,
        severity=severity,
        device_id=f"of-{match_id}",
        started_ms=started * 1000,
    )


def found(match_id: str, severity: Severity = MEDIUM) -> Found:
    """Return what says that a match was found."""
    return Found(match=ongoing(match_id, severity))


def over(match_id: str, at: float) -> Over:
    """Return what says that a match is over."""
    return Over(match_id=match_id, at_ms=round(at * 1000))


def live(alarm: Alarm, *events: tuple[float, Event | None]) -> tuple[Alarm, list[Step]]:
    """Return the alarm after ``events``, and every step of its life so far."""
    steps: list[Step] = []
    for at, event in events:
        alarm, more = step(alarm, event, round(at * 1000))
        steps += more
    return alarm, steps


def told(steps: Sequence[Step]) -> list[tuple[float, StepKind]]:
    """Return when which step was said."""
    return [(each.at_ms / 1000, each.kind) for each in steps]
