"""Notices know the step they tell, what was true when they left, and since when tried.

Links that were sent before keep working: their step is found by its kind and time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STEP = """
UPDATE notice SET step_number = COALESCE((
    SELECT MIN(step.number) FROM step
    WHERE step.alarm_id = notice.alarm_id
      AND step.kind = notice.phase
      AND step.at_ms = notice.created_ms
), 0)
"""


def upgrade() -> None:
    """Bring the tables to this version."""
    number, no = sa.BigInteger(), sa.Boolean()
    with op.batch_alter_table("notice") as notice:
        notice.add_column(
            sa.Column("step_number", number, nullable=False, server_default="0")
        )
        notice.add_column(sa.Column("state", sa.String(16), nullable=True))
        notice.add_column(sa.Column("tried_ms", number, nullable=True))
        for name in ("missed", "overdue"):
            notice.add_column(
                sa.Column(name, no, nullable=False, server_default=sa.false())
            )
    op.execute(STEP)
    op.create_index("local_message_sent", "local_message", ["sent_ms"])
