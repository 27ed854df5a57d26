"""What can happen to an alarm, besides that time passes."""

from dataclasses import dataclass

from alerts.model import Ongoing


class Refused(Exception):  # noqa: N818 - it is an answer: what was asked, and why not
    """One line: what cannot be done with this alarm, and what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One more match says that the condition is there."""

    match: Ongoing
    observed: float | None = None
    limit_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """One match is over, since ``at_ms``."""

    match_id: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Somebody has seen it, and looks after it."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelve:
    """Somebody wants to hear nothing of it for a while, and says why."""

    by: str
    reason: str
    for_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Somebody knows that it is over, whatever was said of its condition."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """The present level cannot be reached: do not wait for it."""

    reason: str


Event = Found | Over | Acknowledge | Shelve | Close | Escalate
