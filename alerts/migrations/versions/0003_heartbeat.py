"""Heartbeats of services, and the lease by which one of several leads."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "heartbeat",
        sa.Column("service", sa.Text(), primary_key=True),
        *_given(sa.BigInteger(), "at_ms", "lag"),
        sa.Column("oldest_unread_ms", sa.BigInteger(), nullable=True),
        sa.Column("synthetic_ms", sa.BigInteger(), nullable=True),
        *_given(sa.Boolean(), "outside_watch", "streamed"),
        *_given(sa.Text(), "boot"),
        *_given(sa.BigInteger(), "ticks_ms"),
    )
    op.create_table(
        "lease",
        sa.Column("service", sa.Text(), primary_key=True),
        *_given(sa.Text(), "holder"),
        *_given(sa.BigInteger(), "term", "beat"),
    )


def _given(of: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=False) for name in names]
