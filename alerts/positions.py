"""How far the topic ``matches`` was folded, in the same database as what it gave."""

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.database import Database
from alerts.tables import PositionRow
from producers.consumer import Extent, Record
from producers.contract import MATCHES

logger = logging.getLogger(__name__)


def begin(database: Database, new: Sequence[Extent]) -> list[int]:
    """Return where to begin with partitions, and write it down.

    Whoever reads for the first time begins with what is recent. Of a partition that
    was added since, or of a topic made anew, nothing was read: all of it is.
    """
    with database.writing() as session:
        of_topic = select(PositionRow).where(PositionRow.topic == MATCHES.name)
        rows = {row.number: row for row in session.scalars(of_topic)}
        offsets = [_beginning(each, rows) for each in new]
        for each, offset in zip(new, offsets, strict=True):
            row = PositionRow(topic=MATCHES.name, number=each.number)
            row.next_offset, row.topic_id = offset, each.topic_id
            session.merge(row)
    return offsets


def _beginning(extent: Extent, rows: Mapping[int, PositionRow]) -> int:
    if not rows:
        return extent.recent
    row = rows.get(extent.number)
    if row is None:
        return extent.first
    is_same = row.topic_id in ("", extent.topic_id)
    if is_same and extent.first <= row.next_offset <= extent.end:
        return row.next_offset
    logger.warning(
        "%s, partition %d: what was to come next (offset %d) is not there,"
        " read from the beginning (offset %d)",
        *(extent.topic, extent.number, row.next_offset, extent.first),
    )
    return extent.first


def remember(session: Session, records: Sequence[Record]) -> None:
    """Write how far each partition was read."""
    for partition, offset in {r.partition: r.offset for r in records}.items():
        row = PositionRow(topic=MATCHES.name, number=partition, next_offset=offset + 1)
        session.merge(row)


def positions(database: Database) -> dict[int, int]:
    """Return how far each partition was read."""
    with database.reading() as session:
        query = select(PositionRow).where(PositionRow.topic == MATCHES.name)
        return {row.number: row.next_offset for row in session.scalars(query)}
