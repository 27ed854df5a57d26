"""Alarms, steps and a small hospital for tests of who is told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alerts.model import Alarm, Policy, State, Step, StepKind
from alerts.people import People
from alerts.people_file import load
from cep_patterns.pattern import Kind, Severity

HOSPITAL = """
people:
  day:   {sms: "+15005550001", email: day@example.org}
  night: {sms: "+15005550002", email: night@example.org}
  mail:  {email: mail@example.org}
  chief: {sms: "+15005550003", email: chief@example.org}
teams:
  rapid: [chief, mail]
channels:
  high: [sms, email]
  medium: [sms]
  low: [email]
escalation:
  high:
    levels:
      - {after_min: 0, tell: [on_duty]}
      - {after_min: 2, tell: [on_duty, rapid]}
    repeat_min: 5
  medium: {levels: [{after_min: 0, tell: [on_duty]}, {after_min: 10, tell: [mail]}]}
  low: {levels: [{after_min: 0, tell: [on_duty]}]}
fallback: [chief]
wards:
  icu:
    patients: ["icu-*"]
    beds: {icu-1: Bed 1}
    time_zone: Europe/Berlin
    quiet_hours: {from: "22:00", to: "06:00"}
    shifts:
      - {from: "07:00", to: "19:00", on_duty: [day]}
      - {from: "19:00", to: "02:00", on_duty: [night]}
  other:
    time_zone: UTC
default_ward: other
"""
"""Nobody is on duty in ``icu`` from 02:00 to 07:00, and in ``other`` ever."""

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
"""A Monday, 12:00 in Berlin."""


def hospital(folder: Path, *changes: tuple[str, str]) -> People:
    """Return the hospital with pieces of its text changed."""
    text = HOSPITAL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "people.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def alarm(people: People | None = None, **changes: Any) -> Alarm:  # noqa: ANN401 - any field
    """Return an alarm of high severity, with what ``people`` freezes."""
    patient = changes.get("patient_id", "icu-1")
    frozen = people.plan(patient).model_dump_json() if people else ""
    fields: dict[str, Any] = {
        "alarm_id": "alarm-1",
        "patient_id": patient,
        "pattern_name": "desaturation",
        "kind": Kind.CLINICAL,
        "severity": Severity.HIGH,
        "peak": Severity.HIGH,
        "told": Severity.HIGH,
        "policy": Policy(urgencies={}, quiet_s=0, people=frozen),
        "found_ms": ms(NOON),
        "started_ms": ms(NOON),
        "observed": 84.0,
        "limit_value": 90.0,
        "state": State.RAISED,
    }
    return Alarm(**(fields | changes))


def step(
    of: Alarm,
    kind: StepKind = StepKind.RAISED,
    at: datetime = NOON,
    *,
    level: int = 0,
    number: int = 1,
) -> Step:
    """Return a step of an alarm."""
    return Step(
        alarm_id=of.alarm_id,
        number=number,
        kind=kind,
        state=State.RAISED,
        severity=of.severity,
        level=level,
        at_ms=ms(at),
    )
