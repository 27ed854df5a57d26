"""Messages that could not be folded wait in the database for ``rejected``."""

from typing import Final

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from alerts.tables import SetAsideRow
from producers.consumer import Record
from producers.contract import REJECTED
from producers.delivery import Outgoing
from producers.setting_aside import set_aside

AT_ONCE: Final = 20
"""A message may have a megabyte."""


def put(session: Session, record: Record, reason: str) -> None:
    """Set a message aside, in the transaction that advances its position."""
    key, value, headers = set_aside(
        reason=reason,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        payload=record.value,
    )
    named = [(name, text.decode()) for name, text in headers]
    session.add(SetAsideRow(key=key, value=value, headers=orjson.dumps(named)))


def waiting(session: Session) -> dict[int, Outgoing]:
    """Return what is to be written to ``rejected``, the oldest first."""
    rows = session.scalars(
        select(SetAsideRow).order_by(SetAsideRow.position).limit(AT_ONCE)
    )
    return {row.position: _outgoing(row) for row in rows}


def _outgoing(row: SetAsideRow) -> Outgoing:
    headers = [(name, text.encode()) for name, text in orjson.loads(row.headers)]
    return Outgoing(REJECTED.name, row.key, row.value, headers)


def take_out(session: Session, positions: list[int]) -> None:
    """Forget what was written."""
    session.execute(delete(SetAsideRow).where(SetAsideRow.position.in_(positions)))
