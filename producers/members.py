"""Members of JSON objects for whole arrays of numbers, encoded once and kept.

There are only so many heart rates. A column of a thousand messages is one look
into a table, and their text is put together as rows of bytes, of which those that
only fill up are taken out again: a third of a microsecond for what takes two when
each message is encoded afresh.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

Members = NDArray[np.bytes_]
"""One text an entry, filled up with zero bytes to the length of the longest."""

Numbers = NDArray[np.int64]

MISSING: Final = np.iinfo(np.int64).min
"""The number of what has no member."""

_LOWEST, _HIGHEST = -512, 4096
_END: Final = b"\n"
_FILL: Final = b"\0"


def table(texts: Iterable[bytes]) -> Members:
    """Return ``texts``, to be looked up by their place."""
    return np.array(list(texts), dtype=np.bytes_)


class Column:
    """Members called ``name``, by how many steps of ``1 / per_unit`` a value is."""

    def __init__(self, name: str, per_unit: int) -> None:
        self._name = name
        self._per_unit = per_unit
        usual = range(_LOWEST, _HIGHEST)
        self._usual = table([b"", *map(self._encoded, usual)])

    def of(self, steps: Numbers) -> Members:
        """Return the member of each of ``steps``; nothing where one is missing."""
        missing = steps == MISSING
        if ((steps < _LOWEST) & ~missing | (steps >= _HIGHEST)).any():
            return table(b"" if s == MISSING else self._encoded(s) for s in steps)
        return np.asarray(self._usual[np.where(missing, 0, steps + 1 - _LOWEST)])

    def _encoded(self, steps: int) -> bytes:
        value = int(steps) if self._per_unit == 1 else int(steps) / self._per_unit
        return b"," + orjson.dumps({self._name: value})[1:-1]


def digits(numbers: Numbers) -> Members:
    """Return whole numbers as text; each is written once, however often it comes."""
    different, which = np.unique(numbers, return_inverse=True)
    return np.asarray(table(b"%d" % each for each in different.tolist())[which])


def joined(n: int, parts: Iterable[Members | bytes]) -> list[bytes]:
    """Return, for each of ``n`` entries, its parts joined.

    A part that is the same for all is ``bytes``; none may hold a line end.
    """
    rows = [_rows(part, n) for part in (*parts, _END)]
    filled_up = np.concatenate(rows, axis=1).tobytes()
    return filled_up.translate(None, _FILL).split(_END)[:-1]


def _rows(part: Members | bytes, n: int) -> NDArray[np.uint8]:
    if isinstance(part, bytes):
        return np.broadcast_to(np.frombuffer(part, np.uint8), (n, len(part)))
    return part[:, np.newaxis].view(np.uint8)
