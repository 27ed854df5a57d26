"""The people's file: who can be reached how, wards, shifts, escalation.

A patient belongs to the ward one of whose patterns fits the pseudonym (``*`` is
any text); to the first of these, or to the default ward.
"""

import re
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    RootModel,
    SecretStr,
    ValidationInfo,
    model_validator,
)

from alerts.hours import Hours, Part, Zone
from alerts.plan import (
    DAY_MIN,
    BySeverity,
    Escalation,
    Name,
    Plan,
    Shift,
    known,
)

_WORD: Final = r'[^\s@.,;:<>()\[\]\\"]+'
_WORDS: Final = rf"{_WORD}(?:\.{_WORD})*"
"""Between dots; a comma would make two addresses of one."""
FORMS: Final = {
    "sms": re.compile(r"\+[1-9][0-9]{6,14}"),
    "email": re.compile(rf"{_WORDS}@{_WORDS}"),
}
URL: Final = re.compile(r"[a-z0-9+]+://\S+")
"""Any other channel is an address of the notification library apprise."""


FIRST_YEAR, LAST_YEAR = 2000, 2199


class PeopleError(Exception):
    """Every problem of a people's file, one a line, with its place."""


class Person(RootModel[dict[str, SecretStr]]):
    """The channels by which somebody can be reached, with the address on each."""

    @model_validator(mode="after")
    def _reachable(self, info: ValidationInfo) -> Self:
        for channel, address in self.root.items():
            if not _has_form(channel, address.get_secret_value()):
                msg = f"the {channel} address has not the form {example(channel)}"
                raise ValueError(msg)
        urgent = (info.context or {}).get("channel of high severity", self.root.keys())
        if not self.root.keys() & urgent:
            msg = f"cannot be told of high: has none of {', '.join(sorted(urgent))}"
            raise ValueError(msg)
        return self


def _has_form(channel: str, address: str) -> bool:
    """Return whether an address is one, and every character of it can be seen."""
    form = FORMS.get(channel, URL)
    return address.isprintable() and form.fullmatch(address) is not None


def example(channel: str) -> str:
    """Return what an address of ``channel`` looks like."""
    return {"sms": "+493012345678", "email": "name@example.org"}.get(
        channel, "scheme://…, as apprise reads it"
    )


class Ward(Part):
    """The patients of a ward, its beds, and who works there when."""

    patients: tuple[str, ...] = ()
    beds: dict[str, str] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    quiet_hours: Hours | None = None
    time_zone: Zone


def _of_our_time(instant: datetime) -> datetime:
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        msg = f"the year is {instant.year}, not from {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(msg)
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class Window(Part):
    """A time in which somebody works on the equipment: nobody is told of a ward.

    Alarms of high severity are told all the same unless ``also_high`` says no.
    """

    ward: Annotated[str, known("ward")]
    starts_at: Instant
    ends_at: Instant
    reason: str = Field(min_length=1)
    also_high: bool = False


Member = Annotated[str, known("person")]
Channel = Annotated[str, known("channel")]


class Flood(Part):
    """How many messages one person gets on one channel before the rest is summed up."""

    most: int = Field(default=30, ge=1, le=10_000)
    within_min: float = Field(default=10, gt=0, le=DAY_MIN)


class People(Part):
    """All that the file says."""

    people: dict[str, Person] = Field(min_length=1)
    teams: dict[str, Annotated[tuple[Member, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    channels: BySeverity[Annotated[tuple[Channel, ...], Field(min_length=1)]]
    escalation: BySeverity[Escalation]
    fallback: Annotated[tuple[Name, ...], Field(min_length=1)]
    wards: dict[str, Ward] = Field(min_length=1)
    default_ward: Annotated[str, known("ward")]
    maintenance: tuple[Window, ...] = ()
    flood: Flood = Flood()
    group_s: float = Field(default=60, ge=0, le=3600)

    def ward_of(self, patient_id: str) -> str:
        """Return the name of the patient's ward."""
        fits = (
            name
            for name, ward in self.wards.items()
            if any(fnmatchcase(patient_id, each) for each in ward.patients)
        )
        return next(fits, self.default_ward)

    def plan(self, patient_id: str) -> Plan:
        """Return what holds for alarms of this patient that are found now."""
        return self.plan_of_ward(self.ward_of(patient_id), patient_id)

    def plan_of_ward(self, name: str, patient_id: str = "") -> Plan:
        """Return what holds for alarms of a patient on ward ``name``."""
        ward = self.wards[name]
        return Plan(
            ward=name,
            place=ward.beds.get(patient_id, patient_id),
            time_zone=ward.time_zone,
            shifts=ward.shifts,
            quiet_hours=ward.quiet_hours,
            teams=self.teams,
            fallback=self.fallback,
            channels=self.channels,
            escalation=self.escalation,
        )

    def window(self, ward: str, now: datetime) -> Window | None:
        """Return the maintenance of ``ward`` that is under way, the longest one."""
        under_way = (
            each
            for each in self.maintenance
            if each.ward == ward and each.starts_at <= now < each.ends_at
        )
        return max(under_way, key=lambda each: each.ends_at, default=None)

    def channel_names(self) -> set[str]:
        """Return every channel by which somebody can be reached."""
        return {channel for person in self.people.values() for channel in person.root}

    def address(self, name: str, channel: str) -> str | None:
        """Return where ``name`` is reached by ``channel`` now, if at all."""
        person = self.people.get(name)
        address = person.root.get(channel) if person else None
        return address.get_secret_value() if address else None
