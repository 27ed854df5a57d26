"""What is set aside, steps that cannot be told, and the last good people's file."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "set_aside",
        sa.Column("position", COUNTED, primary_key=True),
        sa.Column("key", sa.LargeBinary()),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "good_people",
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_ms", sa.BigInteger(), nullable=False),
    )
    op.add_column("step", sa.Column("untold_because", sa.Text()))
    op.add_column(
        "kafka_position",
        sa.Column("topic_id", sa.Text(), nullable=False, server_default=""),
    )
