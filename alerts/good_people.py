"""The people's file as it was when it was last right, kept beside the alarms.

A service that starts while somebody edits the file tells those whom it named before.
"""

import logging
from pathlib import Path

from alerts.database import ERRORS, Database
from alerts.tables import GoodPeopleRow
from producers.progress import now_ms

logger = logging.getLogger(__name__)


def last_good(database: Database, path: Path) -> str | None:
    """Return the text of the file when it was last right, if it ever was."""
    try:
        with database.reading() as session:
            row = session.get(GoodPeopleRow, str(path.resolve()))
            return row.text if row else None
    except ERRORS as error:
        logger.warning("the database: %s", str(error).splitlines()[0])
        return None


def keep(database: Database, path: Path, text: str) -> None:
    """Keep a text that is right."""
    row = GoodPeopleRow(path=str(path.resolve()), text=text, read_ms=now_ms())
    with database.writing() as session:
        session.merge(row)
