"""Alarms, their steps, the matches they hold, and how far Kafka was read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "alarm",
        sa.Column("alarm_id", sa.Text(), primary_key=True),
        *_given(sa.Text(), "patient_id", "pattern_name"),
        *_given(sa.String(16), "kind", "severity", "peak", "told"),
        *_given(sa.Text(), "policy"),
        *_given(sa.BigInteger(), "found_ms", "started_ms"),
        *_maybe(sa.Double(), "observed", "limit_value"),
        *_given(sa.String(16), "state"),
        *_given(sa.Text(), "ongoing"),
        *_given(sa.BigInteger(), "level", "steps"),
        *_maybe(sa.BigInteger(), "raised_ms", "unattended_ms", "reminded_ms"),
        *_given(sa.Text(), "acknowledged_by"),
        *_maybe(sa.BigInteger(), "acknowledged_until_ms", "shelved_until_ms"),
        *_maybe(sa.BigInteger(), "over_ms", "held_until_ms", "due_ms"),
        *_given(sa.Boolean(), "is_open"),
    )
    op.create_index("ix_alarm_due_ms", "alarm", ["due_ms"])
    op.create_index(
        "one_open_alarm",
        "alarm",
        ["patient_id", "pattern_name"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "step",
        sa.Column("position", COUNTED, primary_key=True),
        sa.Column("step_id", sa.Text(), nullable=False, unique=True),
        _alarm_id(),
        *_given(sa.BigInteger(), "number"),
        *_given(sa.String(16), "kind", "state", "severity"),
        *_given(sa.BigInteger(), "level", "at_ms"),
        *_given(sa.Text(), "by", "reason"),
        *_maybe(sa.BigInteger(), "until_ms"),
        *_given(sa.Boolean(), "published"),
    )
    op.create_index("ix_step_alarm_id", "step", ["alarm_id"])
    op.create_index(
        "unpublished_step",
        "step",
        ["position"],
        sqlite_where=sa.text("published = 0"),
        postgresql_where=sa.text("NOT published"),
    )
    op.create_table(
        "folded_match",
        sa.Column("match_id", sa.Text(), primary_key=True),
        _alarm_id(),
        *_maybe(sa.BigInteger(), "rule_version"),
        *_given(sa.String(16), "severity"),
        *_given(sa.Text(), "device_id"),
        *_given(sa.BigInteger(), "started_ms", "found_ms", "folded_ms"),
        *_maybe(sa.BigInteger(), "ended_ms"),
        *_given(sa.Boolean(), "is_over"),
        *_maybe(sa.Double(), "observed", "limit_value"),
        *_given(sa.Text(), "source"),
    )
    op.create_index("ix_folded_match_alarm_id", "folded_match", ["alarm_id"])
    op.create_table(
        "kafka_position",
        sa.Column("topic", sa.Text(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        *_given(sa.BigInteger(), "next_offset"),
    )


def _given(of: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=False) for name in names]


def _maybe(of: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=True) for name in names]


def _alarm_id() -> sa.Column[str]:
    of = sa.ForeignKey("alarm.alarm_id")
    return sa.Column("alarm_id", sa.Text(), of, nullable=False)
