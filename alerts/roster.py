"""The people's file as it is now: read again when it has changed, if it is right."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Final, Self

from alerts.people import People, PeopleError
from alerts.people_file import parsed, read
from alerts.system import Trouble
from cep_patterns.pattern import Severity

logger = logging.getLogger(__name__)

WRONG: Final = Trouble("people_file_wrong", "people", Severity.MEDIUM)
"""The file cannot be used as it is now; what it said before is still in use."""

READ_S: Final = 2.0
"""Whoever asks waits so long for a file that has changed, and no longer."""

Stamp = tuple[int, int, int]


class Roster:
    """The people; with ``path``, as the file there says them."""

    def __init__(self, people: People, path: Path | None = None) -> None:
        self._people = people
        self._path = path
        self._stamp = _stamp(path)
        self._reading: Thread | None = None
        self._not_kept: str | None = None
        self.is_wrong = False

    @classmethod
    def read(
        cls, path: Path, last_good: Callable[[], str | None] = lambda: None
    ) -> Self:
        """Read a file for the first time.

        Where it is wrong, ``last_good`` is in force, its text when it was last right;
        raise what is wrong with it where it never was.
        """
        try:
            text = read(path)
            roster = cls(parsed(path, text), path)
        except PeopleError as error:
            roster = cls(_before(path, last_good(), error), path)
            roster.is_wrong = True
            logger.error("what %s said when it was right is in use: %s", path, error)  # noqa: TRY400 - the user's mistake
        else:
            roster._not_kept = text
        return roster

    @property
    def people(self) -> People:
        """What the file says, or said when it was last right."""
        is_reading = self._reading is not None and self._reading.is_alive()
        stamp = _stamp(self._path)
        if self._path is not None and stamp != self._stamp and not is_reading:
            self._stamp = stamp
            reading = Thread(target=self._read_again, args=(self._path,), daemon=True)
            self._reading = reading
            reading.start()
            reading.join(READ_S)
        return self._people

    def keep(self, write: Callable[[str], None]) -> None:
        """Let ``write`` keep the file as it is, if it is right and was not kept yet."""
        text = self._not_kept
        if text is not None:
            write(text)
            if self._not_kept is text:
                self._not_kept = None

    def _read_again(self, path: Path) -> None:
        try:
            text = read(path)
            self._people = parsed(path, text)
        except PeopleError as error:
            self.is_wrong = True
            logger.error("what %s said before stays in use: %s", path, error)  # noqa: TRY400 - the user's mistake
        else:
            self.is_wrong, self._not_kept = False, text
            logger.info("%s was read again", path)


def _before(path: Path, text: str | None, error: PeopleError) -> People:
    """Return what a file said before it was wrong; raise if it never was right."""
    first, *more = str(error).splitlines()
    if text is not None:
        try:
            return parsed(path, text)
        except PeopleError:
            logger.exception("nor can what %s said before be used", path)
    others = f", and {len(more)} more" if more else ""
    msg = (
        f"{first}{others}; correct it (`python -m alerts check-people {path}` names"
        " every mistake): no right one was ever in force here"
    )
    raise PeopleError(msg) from None


def _stamp(path: Path | None) -> Stamp | None:
    """Return what changes with a file; None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
