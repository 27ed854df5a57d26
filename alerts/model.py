"""What an alarm is, what was done with it, and by which rules it lives.

Instants are whole milliseconds since 1970-01-01 UTC, as on the wire.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cep_patterns.pattern import Kind, Severity

RANK: Final = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}
"""Severities as numbers, the most urgent highest."""


class State(StrEnum):
    """Where an alarm is in its life."""

    PENDING = "pending"
    """Found, but its generation delay still runs: nobody knows of it yet."""
    PASSED = "passed"
    """Over before its generation delay was: it never became an alarm."""
    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    LATCHED = "latched"
    """The condition is over, and still somebody must acknowledge it."""
    CLEARED = "cleared"


OVER: Final = frozenset({State.PASSED, State.CLEARED})
"""An alarm in one of these is history; the next match makes another."""

UNATTENDED: Final = frozenset({State.RAISED, State.ESCALATED, State.LATCHED})
"""In these nobody has said that he looks: escalation goes on."""


class StepKind(StrEnum):
    """What happened to an alarm."""

    RAISED = "raised"
    WORSENED = "worsened"
    """More urgent than anybody was told: an acknowledgement no longer counts."""
    CHANGED = "changed"
    """Of another severity, but no higher than was told: nobody is told anew."""
    RETURNED = "returned"
    """Latched, and the condition is there again."""
    ESCALATED = "escalated"
    REPEATED = "repeated"
    """Nobody is left to escalate to, and still nobody has acknowledged."""
    UNREACHED = "unreached"
    """Nobody of the last level could be reached: the fallback is told."""
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"
    """The acknowledgement timed out, and the condition lasts."""
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    """The shelving ended, and the condition lasts."""
    LATCHED = "latched"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How an alarm of one severity is treated.

    ``escalate_after_s`` says when each further level is reached, all counted
    from when the alarm was raised, without acknowledgement; ``repeat_every_s``
    how often the last is reminded; 0 means never.
    """

    delay_s: int
    acknowledged_for_s: int
    escalate_after_s: tuple[int, ...]
    repeat_every_s: int
    shelved_at_most_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules an alarm lives by, frozen when it was found.

    ``quiet_s`` is how long the condition must be away before the alarm is over:
    one that comes back earlier is the same alarm. ``people`` is for those who
    choose the recipients: what they froze, as JSON.
    """

    urgencies: Mapping[Severity, Urgency]
    quiet_s: int
    latching: bool = False
    people: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """A match that is not over: why an alarm lasts."""

    match_id: str
    severity: Severity
    device_id: str
    started_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One condition of one patient, however many matches say it.

    ``severity`` is the highest of what is ongoing, ``peak`` the highest it ever
    was, ``told`` the highest that was said since it was raised or attended to.
    ``started_ms`` is the first reading of the episode, ``observed`` the value
    in the last match that was found. ``over_ms`` is since when nothing is ongoing.
    ``unattended_ms`` is since when escalation counts, ``level`` how far it got;
    until ``held_until_ms`` it goes no further.
    """

    alarm_id: str
    patient_id: str
    pattern_name: str
    kind: Kind
    severity: Severity
    peak: Severity
    told: Severity
    policy: Policy
    found_ms: int
    started_ms: int
    observed: float | None = None
    limit_value: float | None = None
    state: State = State.PENDING
    ongoing: tuple[Ongoing, ...] = ()
    level: int = 0
    steps: int = 0
    raised_ms: int | None = None
    unattended_ms: int | None = None
    reminded_ms: int | None = None
    acknowledged_by: str = ""
    acknowledged_until_ms: int | None = None
    shelved_until_ms: int | None = None
    over_ms: int | None = None
    held_until_ms: int | None = None

    @property
    def urgency(self) -> Urgency:
        """How it is treated at its present severity."""
        return self.policy.urgencies[self.severity]

    @property
    def is_at_last_level(self) -> bool:
        """Whether nobody is left to escalate to."""
        return self.level >= len(self.urgency.escalate_after_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to an alarm, and what the alarm was after it.

    ``number`` counts the alarm's steps from 1, so that ``step_id`` is the same
    whenever the same step is said again. ``until_ms`` is how long it stays
    acknowledged or shelved.
    """

    alarm_id: str
    number: int
    kind: StepKind
    state: State
    severity: Severity
    level: int
    at_ms: int
    by: str = ""
    reason: str = ""
    until_ms: int | None = None
    step_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the id from what identifies the step."""
        object.__setattr__(self, "step_id", hashed(self.alarm_id, str(self.number)))


def hashed(*parts: str) -> str:
    """Return a short id that is always the same for the same parts."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
