"""The people's file as it is now: read again when it has changed, if it is right."""

import logging
from pathlib import Path
from typing import Final, Self

from alerts.people import People, PeopleError
from alerts.people_file import load
from alerts.system import Trouble
from cep_patterns.pattern import Severity

logger = logging.getLogger(__name__)

WRONG: Final = Trouble("people_file_wrong", "people", Severity.MEDIUM)
"""The file cannot be used as it is now; what it said before is still in use."""

Stamp = tuple[int, int, int]


class Roster:
    """The people; with ``path``, as the file there says them."""

    def __init__(self, people: People, path: Path | None = None) -> None:
        self._people = people
        self._path = path
        self._stamp = _stamp(path)
        self.is_wrong = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file for the first time; raise all that is wrong with it."""
        return cls(load(path), path)

    @property
    def people(self) -> People:
        """What the file says, or said when it was last right."""
        stamp = _stamp(self._path)
        if self._path is not None and stamp != self._stamp:
            self._stamp = stamp
            self._read_again(self._path)
        return self._people

    def _read_again(self, path: Path) -> None:
        try:
            self._people = load(path)
        except PeopleError as error:
            self.is_wrong = True
            logger.error("what %s said before stays in use: %s", path, error)  # noqa: TRY400 - the user's mistake
        else:
            self.is_wrong = False
            logger.info("%s was read again", path)


def _stamp(path: Path | None) -> Stamp | None:
    """Return what changes with a file; None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
