"""What is due at an instant moves with the clock on the wall when that is set.

Only lengths of time move: quiet hours and maintenance end when the clock says so.
"""

import logging
from typing import Final

from sqlalchemy import and_, not_, or_, select, update
from sqlalchemy.orm import Session

from alerts import heartbeat
from alerts.heartbeat import ALERTS
from alerts.holds import MAINTENANCE
from alerts.ledger import write_over
from alerts.notice_table import Notice, Sending
from alerts.tables import AlarmRow
from alerts.timers import shifted

logger = logging.getLogger(__name__)

RECENT_MS: Final = 24 * 3_600_000
"""What was sent longer ago holds nothing back any more."""

_BY_THE_CLOCK: Final = and_(
    Notice.held, Notice.tries == 0, Notice.why.in_(("", MAINTENANCE))
)
"""Waits until a time of day, not for a length of time."""


def shift(session: Session, jump_ms: int, now_ms: int) -> None:
    """Move all that is due by ``jump_ms``; ``now_ms`` is the time after it."""
    ids = select(AlarmRow.alarm_id).where(AlarmRow.is_open).order_by(AlarmRow.alarm_id)
    for alarm_id in session.scalars(ids.with_for_update()).all():
        try:
            row = session.get_one(AlarmRow, alarm_id)
            write_over(row, shifted(row.alarm(), jump_ms, now_ms))
        except (LookupError, ValueError):  # one bad alarm must not stop all others
            logger.exception("alarm %s keeps its instants", alarm_id)
    _shift_notices(session, jump_ms, now_ms - jump_ms)
    heartbeat.shift(session, ALERTS, jump_ms)


def _shift_notices(session: Session, jump_ms: int, before_ms: int) -> None:
    open_ones = Notice.sending.in_((Sending.WAITING, Sending.SENDING))
    session.execute(
        update(Notice)
        .where(open_ones, not_(_BY_THE_CLOCK))
        .values(not_before_ms=Notice.not_before_ms + jump_ms)
    )
    session.execute(
        update(Notice)
        .where(or_(open_ones, Notice.sent_ms > before_ms - RECENT_MS))
        .values(
            created_ms=Notice.created_ms + jump_ms,
            tried_ms=Notice.tried_ms + jump_ms,
            sent_ms=Notice.sent_ms + jump_ms,
        )
    )
