"""What is wrong with a patient or the equipment: alarms, as the page shows them."""

from collections.abc import Mapping
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

    @property
    def what_it_is(self) -> tuple[object, ...]:
        """What database and topic must agree on; they name people differently."""
        state, step = (self.state, self.level), self.step_number
        return self.pattern_name, self.kind, self.severity, state, step, self.started_ms

    def as_json(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        seen = {"unattended": self.is_unattended, "loudness": self.loudness}
        return {**asdict(self), **seen}


class Conditions:
    """One patient's alarms; in whatever order they are told, and however often.

    Two tell of them: the database, which knows, and the topic, which is faster and
    which anybody may write who reaches the broker. What the topic says counts until the
    database was asked again; an alarm of which it then said what the database does not
    know is from then on the database's alone.
    """

    def __init__(self) -> None:
        self._all: dict[str, Condition] = {}
        self._told_at: dict[str, int] = {}
        self._doubted: set[str] = set()

    def take(self, told: Condition, at: int = 0) -> None:
        """Take in a step that the topic tells of, as news number ``at``."""
        if told.alarm_id not in self._doubted:
            self.know(told, at)

    def know(self, told: Condition, at: int = 0) -> None:
        """Take in an alarm as it was after one of its steps; the last step counts."""
        known = self._all.get(told.alarm_id, told)
        later = max(known, told, key=attrgetter("step_number"))
        if later is told:
            self._told_at[told.alarm_id] = at
        self._all[told.alarm_id] = later
        for past in self.past()[KEPT_PAST:]:
            self._drop(past.alarm_id)

    def confirm(self, open_ones: Mapping[str, Condition], asked_at: int) -> bool:
        """Put right what was told up to news number ``asked_at``; return if any was.

        ``open_ones`` is all that the database had open when it was asked then.
        """
        before = dict(self._all)
        for alarm_id in [*self._all]:
            if self._told_at.get(alarm_id, 0) <= asked_at:
                self._put_right(alarm_id, open_ones.get(alarm_id))
        for alarm_id, condition in open_ones.items():
            if alarm_id not in self._all:
                self._all[alarm_id] = condition
        self._doubted &= open_ones.keys()
        return self._all != before

    def _put_right(self, alarm_id: str, known: Condition | None) -> None:
        told = self._all[alarm_id]
        if known is None:
            if not told.is_over:
                self._drop(alarm_id)
        elif told.what_it_is != known.what_it_is:
            self._all[alarm_id] = known
            if told.step_number > known.step_number:
                self._doubted.add(alarm_id)

    def _drop(self, alarm_id: str) -> None:
        del self._all[alarm_id]
        self._told_at.pop(alarm_id, None)

    def __bool__(self) -> bool:
        """Return whether anything is or was wrong."""
        return bool(self._all)

    def ongoing(self) -> list[Condition]:
        """Return what is not over, the loudest and then the oldest first."""
        found = (each for each in self._all.values() if not each.is_over)
        return sorted(found, key=lambda c: (-c.loudness, c.started_ms, c.alarm_id))

    def past(self) -> list[Condition]:
        """Return what is over, the latest first."""
        found = (each for each in self._all.values() if each.is_over)
        return sorted(found, key=attrgetter("ts_ms", "alarm_id"), reverse=True)
