"""What is wrong with a patient or the equipment: alarms, as the page shows them."""

from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any, Final, Self

from alerts.model import OVER, RANK, UNATTENDED, Alarm, State
from cep_patterns.pattern import Kind, Severity
from gateway.messages import Message, instant, number, text

KEPT_PAST: Final = 50
"""Alarms of one patient that are remembered when they are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One alarm after one of its steps.

    ``until_ms`` is when an acknowledgement or a shelving ends, ``by`` whose it is.
    """

    alarm_id: str
    pattern_name: str
    kind: Kind
    severity: Severity
    state: State
    step_number: int
    level: int
    started_ms: int
    ts_ms: int
    until_ms: int | None
    by: str

    @classmethod
    def of_step(cls, message: Message) -> Self:
        """Return what a message of the topic alarms says."""
        return cls(
            alarm_id=text(message, "alarm_id"),
            pattern_name=text(message, "pattern_name"),
            kind=Kind(text(message, "kind") or Kind.CLINICAL),
            severity=Severity(text(message, "severity") or Severity.HIGH),
            state=State(text(message, "state") or State.RAISED),
            step_number=int(number(message, "step_number") or 0),
            level=int(number(message, "escalation_level") or 0),
            started_ms=instant(message, "started_ms") or 0,
            ts_ms=instant(message, "ts_ms") or 0,
            until_ms=instant(message, "until_ms"),
            by=text(message, "done_by"),
        )

    @classmethod
    def of_alarm(cls, alarm: Alarm) -> Self:
        """Return what the database says of an alarm."""
        return cls(
            alarm_id=alarm.alarm_id,
            pattern_name=alarm.pattern_name,
            kind=alarm.kind,
            severity=alarm.severity,
            state=alarm.state,
            step_number=alarm.steps,
            level=alarm.level,
            started_ms=alarm.started_ms,
            ts_ms=alarm.raised_ms or alarm.found_ms,
            until_ms=alarm.acknowledged_until_ms or alarm.shelved_until_ms,
            by=alarm.acknowledged_by,
        )

    @property
    def is_over(self) -> bool:
        """Whether it is history."""
        return self.state in OVER

    @property
    def is_unattended(self) -> bool:
        """Whether it asks for somebody."""
        return self.state in UNATTENDED

    @property
    def loudness(self) -> int:
        """How much it asks for somebody: unattended before attended, then severity."""
        rank = 1 + RANK[self.severity]
        return rank + len(RANK) if self.is_unattended else rank

    def as_json(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        seen = {"unattended": self.is_unattended, "loudness": self.loudness}
        return {**asdict(self), **seen}


class Conditions:
    """One patient's alarms; in whatever order they are told, and however often."""

    def __init__(self) -> None:
        self._all: dict[str, Condition] = {}

    def take(self, told: Condition) -> None:
        """Take in an alarm as it was after one of its steps; the last step counts."""
        known = self._all.get(told.alarm_id, told)
        self._all[told.alarm_id] = max(known, told, key=attrgetter("step_number"))
        for past in self.past()[KEPT_PAST:]:
            del self._all[past.alarm_id]

    def ongoing(self) -> list[Condition]:
        """Return what is not over, the loudest and then the oldest first."""
        found = (each for each in self._all.values() if not each.is_over)
        return sorted(found, key=lambda c: (-c.loudness, c.started_ms, c.alarm_id))

    def past(self) -> list[Condition]:
        """Return what is over, the latest first."""
        found = (each for each in self._all.values() if each.is_over)
        return sorted(found, key=attrgetter("ts_ms", "alarm_id"), reverse=True)
