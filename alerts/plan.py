"""Who is told about one patient's alarms, and when: the part that is frozen.

A plan is what the people's file says of a patient's ward when an alarm is found.
It holds names and no addresses, so it may lie beside the alarm in a database; a
shift that ends while an alarm lasts ends in a frozen plan, too.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Final, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from alerts.hours import Hours, Part, Zone
from cep_patterns.pattern import Severity

ON_DUTY: Final = "on_duty"
"""Stands for whoever is on duty on the patient's ward."""

DAY_MIN: Final = 24 * 60
SHOWN: Final = 50

T = TypeVar("T")


def known(kind: str) -> AfterValidator:
    """Return a check that a name is one of those the file defines as ``kind``."""

    def check(name: str, info: ValidationInfo) -> str:
        names: set[str] | None = (info.context or {}).get(kind)
        if names is not None and name not in names:
            msg = f"{name!r} is no {kind}; there are: {_some(names)}"
            raise ValueError(msg)
        return name

    return AfterValidator(check)


def _some(names: Collection[str]) -> str:
    """Return names in order, not more than somebody reads."""
    more = ["…"] if len(names) > SHOWN else []
    return ", ".join([*sorted(names)[:SHOWN], *more])


Name = Annotated[str, known("person or team")]
Target = Annotated[str, known("person, team or on_duty")]


class Shift(Hours):
    """Who is on duty at what time on what days."""

    on_duty: tuple[Name, ...] = Field(min_length=1)


class Level(Part):
    """Whom to tell when nobody has acknowledged for ``after_min`` minutes."""

    after_min: float = Field(ge=0, le=DAY_MIN)
    tell: tuple[Target, ...] = Field(min_length=1)


class Escalation(Part):
    """Levels in order of time; the last is told again every ``repeat_min``."""

    levels: tuple[Level, ...] = Field(min_length=1)
    repeat_min: float = Field(default=0, ge=0, le=7 * DAY_MIN)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [level.after_min for level in self.levels]
        if times[0] or any(later <= earlier for earlier, later in pairwise(times)):
            msg = f"after_min must begin at 0 and grow, and is {times}"
            raise ValueError(msg)
        return self

    @property
    def escalate_after_s(self) -> tuple[int, ...]:
        """When each level but the first is due, counted from the alarm on."""
        return tuple(round(60 * level.after_min) for level in self.levels[1:])

    @property
    def repeat_every_s(self) -> int:
        """How often the last level is told again; 0 means never."""
        return round(60 * self.repeat_min)

    def targets(self, number: int) -> tuple[str, ...]:
        """Return whom level ``number`` tells; past the last one, whom that tells."""
        return self.levels[min(number, len(self.levels) - 1)].tell


class BySeverity(Part, Generic[T]):
    """Something said for each severity."""

    low: T
    medium: T
    high: T

    def of(self, severity: Severity) -> T:
        """Return what is said for ``severity``."""
        said: T = getattr(self, severity)
        return said


class Plan(Part):
    """Who is told about one patient's alarms, by which channel, and when."""

    ward: str
    place: str
    time_zone: Zone
    shifts: tuple[Shift, ...]
    quiet_hours: Hours | None
    teams: dict[str, tuple[str, ...]]
    fallback: tuple[str, ...]
    channels: BySeverity[tuple[str, ...]]
    escalation: BySeverity[Escalation]

    def on_duty(self, now: datetime) -> tuple[str, ...]:
        """Return who is on duty at ``now``, or the fallback where nobody is."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        names = [
            n for shift in self.shifts if shift.cover(local) for n in shift.on_duty
        ]
        return members(names or self.fallback, self.teams)

    def told(self, severity: Severity, level: int, now: datetime) -> tuple[str, ...]:
        """Return the people whom ``level`` tells at ``now``, each once."""
        names: list[str] = []
        for target in self.escalation.of(severity).targets(level):
            names += self.on_duty(now) if target == ON_DUTY else [target]
        return members(names, self.teams)

    def quiet_until(self, severity: Severity, now: datetime) -> datetime | None:
        """Return when a notice may be sent, if it has to wait; high never waits."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        quiet = self.quiet_hours
        if severity is Severity.HIGH or quiet is None or not quiet.cover(local):
            return None
        return quiet.next_end(local)


def members(
    names: Iterable[str], teams: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the people behind ``names`` of people and teams, each once, in order."""
    each = (person for name in names for person in teams.get(name, (name,)))
    return tuple(dict.fromkeys(each))
