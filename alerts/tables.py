"""The tables of alarms, as SQLAlchemy sees them."""

from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, Self

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alerts.model import Alarm, Ongoing, Policy, State, Step, StepKind
from cep_patterns.pattern import Kind, Severity

COUNTED: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up plain integers alone."""


class AsJson(TypeDecorator[Any]):
    """A column that holds one of our own types, written as JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, written: Any) -> None:  # noqa: ANN401 - any type, also an alias
        super().__init__()
        self.written = written
        self._adapter: TypeAdapter[Any] = TypeAdapter(written)

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's
        """Return the value as the database keeps it."""
        return self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002 - SQLAlchemy's
        """Return the value as we use it."""
        return self._adapter.validate_json(value or "null")


class Base(DeclarativeBase):
    """All tables; instants are whole milliseconds since 1970."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's
        int: BigInteger,
        str: Text,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=16,
            values_callable=lambda names: [name.value for name in names],
        ),
        Policy: AsJson(Policy),
        tuple[Ongoing, ...]: AsJson(tuple[Ongoing, ...]),
    }


class AlarmRow(Base):
    """An alarm as it is now; ``due_ms`` is when it next does something of itself."""

    __tablename__ = "alarm"

    alarm_id: Mapped[str] = mapped_column(primary_key=True)
    patient_id: Mapped[str]
    pattern_name: Mapped[str]
    kind: Mapped[Kind]
    severity: Mapped[Severity]
    peak: Mapped[Severity]
    told: Mapped[Severity]
    policy: Mapped[Policy]
    found_ms: Mapped[int]
    started_ms: Mapped[int]
    observed: Mapped[float | None]
    limit_value: Mapped[float | None]
    state: Mapped[State]
    ongoing: Mapped[tuple[Ongoing, ...]]
    level: Mapped[int]
    steps: Mapped[int]
    raised_ms: Mapped[int | None]
    unattended_ms: Mapped[int | None]
    reminded_ms: Mapped[int | None]
    acknowledged_by: Mapped[str]
    acknowledged_until_ms: Mapped[int | None]
    shelved_until_ms: Mapped[int | None]
    over_ms: Mapped[int | None]
    held_until_ms: Mapped[int | None]
    is_open: Mapped[bool]
    due_ms: Mapped[int | None] = mapped_column(index=True)

    def alarm(self) -> Alarm:
        """Return the row as the state machine knows it."""
        return Alarm(**{each.name: getattr(self, each.name) for each in fields(Alarm)})


ONE_OPEN: Final = Index(
    "one_open_alarm",
    AlarmRow.patient_id,
    AlarmRow.pattern_name,
    unique=True,
    sqlite_where=AlarmRow.is_open,
    postgresql_where=AlarmRow.is_open,
)
"""One alarm per patient and pattern while it lasts, whoever writes."""


class StepRow(Base):
    """What happened to an alarm; written once. Not ``published``: in the outbox.

    ``untold_because`` says why a step never can be published.
    """

    __tablename__ = "step"

    position: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    step_id: Mapped[str] = mapped_column(unique=True)
    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarm.alarm_id"), index=True)
    number: Mapped[int]
    kind: Mapped[StepKind]
    state: Mapped[State]
    severity: Mapped[Severity]
    level: Mapped[int]
    at_ms: Mapped[int]
    by: Mapped[str]
    reason: Mapped[str]
    until_ms: Mapped[int | None]
    published: Mapped[bool] = mapped_column(default=False)
    untold_because: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def of(cls, step: Step) -> Self:
        """Return the row of a step that was just taken."""
        return cls(**{each.name: getattr(step, each.name) for each in fields(Step)})


UNPUBLISHED: Final = Index(
    "unpublished_step",
    StepRow.position,
    sqlite_where=~StepRow.published,
    postgresql_where=~StepRow.published,
)
"""The outbox, small whatever was published before."""


class MatchRow(Base):
    """A match that was folded into an alarm, and where in Kafka it was read."""

    __tablename__ = "folded_match"

    match_id: Mapped[str] = mapped_column(primary_key=True)
    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarm.alarm_id"), index=True)
    rule_version: Mapped[int | None]
    severity: Mapped[Severity]
    device_id: Mapped[str]
    started_ms: Mapped[int]
    found_ms: Mapped[int]
    folded_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    is_over: Mapped[bool]
    observed: Mapped[float | None]
    limit_value: Mapped[float | None]
    source: Mapped[str]


class PositionRow(Base):
    """How far a partition was folded, in the same transaction as what it gave.

    ``topic_id`` is the broker's: a topic made anew under its old name has another.
    """

    __tablename__ = "kafka_position"

    topic: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    next_offset: Mapped[int]
    topic_id: Mapped[str] = mapped_column(default="", server_default="")


class SetAsideRow(Base):
    """A message that could not be folded, until it is in ``rejected``."""

    __tablename__ = "set_aside"

    position: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    key: Mapped[bytes | None]
    value: Mapped[bytes]
    headers: Mapped[bytes]
    """A list of names and values, as JSON."""


class GoodPeopleRow(Base):
    """A people's file as it was when it was last right."""

    __tablename__ = "good_people"

    path: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    read_ms: Mapped[int]
