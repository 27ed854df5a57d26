"""Notices: the outbox of messages to people, and which of their links were used."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "notice",
        sa.Column("number", COUNTED, primary_key=True),
        sa.Column("notice_id", sa.Text(), nullable=False, unique=True),
        *_given(sa.Text(), "alarm_id", "patient_id", "ward", "place", "pattern_name"),
        *_given(sa.String(16), "kind", "phase", "severity"),
        *_given(sa.BigInteger(), "rank", "level"),
        *_given(sa.Text(), "recipient", "channel"),
        *_given(sa.BigInteger(), "started_ms"),
        *_maybe(sa.Double(), "observed", "limit_value"),
        *_given(sa.BigInteger(), "created_ms", "not_before_ms"),
        *_given(sa.String(16), "sending"),
        *_given(sa.Boolean(), "held"),
        *_given(sa.Text(), "why"),
        *_given(sa.BigInteger(), "tries"),
        *_maybe(sa.Text(), "message_id", "provider_id"),
        *_maybe(sa.BigInteger(), "sent_ms"),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "notice", columns)
    op.create_table(
        "used_link",
        sa.Column("notice_number", sa.BigInteger(), primary_key=True),
        *_given(sa.BigInteger(), "used_ms"),
    )
    op.create_table(
        "local_message",
        sa.Column("message_id", sa.Text(), primary_key=True),
        *_given(sa.Text(), "channel", "recipient", "subject", "text"),
        *_given(sa.BigInteger(), "sent_ms"),
    )


INDEXES: dict[str, list[Any]] = {
    "notice_due": ["channel", "sending", sa.text("rank DESC"), "number"],
    "notice_of_alarm": ["alarm_id", "recipient", "channel", "number"],
    "notice_sent": ["recipient", "channel", "sent_ms"],
    "notice_message": ["message_id"],
    "notice_provider": ["provider_id"],
}


def _given(of: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=False) for name in names]


def _maybe(of: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=True) for name in names]
