"""The header of an EDF file, mended where recorders are known to leave it wrong.

A recorder that lost power leaves a count of data records that is -1, or not what is
there, and a last record that is cut off. Others pad texts with NUL bytes, write
numbers with a comma, or the wrong length of the header. What is whole is kept, and
what was mended is said.
"""

from pathlib import Path
from typing import Final, NamedTuple

MOST_BYTES: Final = 4 * 1024**3
"""Of a file: it is read whole."""

_FIXED: Final = 256
_OF_A_SIGNAL: Final = 256
_HEADER_BYTES: Final = slice(184, 192)
_RECORDS: Final = slice(236, 244)
_LASTS: Final = slice(244, 252)
_SIGNALS: Final = slice(252, 256)
_RANGES: Final = slice(104, 120)
"""In the header of one signal: its least and its greatest value, as decimals."""
_SAMPLES_FROM: Final = 216
"""In the header of one signal, before the 8 bytes that count a record's samples."""
_BYTES_A_SAMPLE: Final = 2


class HeaderError(ValueError):
    """One line: why nothing of the file can be read."""


class Mended(NamedTuple):
    """An EDF file that can be read, and what was mended; without it, it is itself."""

    file: Path | bytes
    remarks: tuple[str, ...] = ()


def mended(path: Path) -> Mended:
    """Return the file at ``path``, or its bytes where something had to be mended.

    Raises
    ------
    HeaderError
        It is too large, or holds no whole data record.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        msg = f"{size:,} bytes; at most {MOST_BYTES:,} are read: split it"
        raise HeaderError(msg)
    header, record_bytes = _header(path)
    if not record_bytes:  # whoever reads it says what is wrong with it
        return Mended(path)
    said = _whole(header[_RECORDS])
    there, rest = divmod(max(size - len(header), 0), record_bytes)
    if not there:
        msg = "no data record in it is whole: copy it anew"
        raise HeaderError(msg)
    remarks = tuple(_remarks(said, there, rest))
    counted = _plain(header, there)
    if not rest and counted == header:
        return Mended(path)
    end = len(header) + there * record_bytes
    return Mended(counted + path.read_bytes()[len(header) : end], remarks)


def _plain(header: bytes, records: int) -> bytes:
    """Return a header as it should be, of a file with so many data records."""
    plain = bytearray(header.replace(b"\0", b" "))
    signals = _whole(header[_SIGNALS])
    first, end = (_FIXED + signals * at for at in (_RANGES.start, _RANGES.stop))
    for numbers in (_LASTS, slice(first, end)):
        plain[numbers] = plain[numbers].replace(b",", b".")
    for counts, number in ((_RECORDS, records), (_HEADER_BYTES, len(header))):
        if _number_in(bytes(plain[counts])) != number:
            plain[counts] = b"%-8d" % number
    return bytes(plain)


def _number_in(field: bytes) -> int | None:
    return _whole(field) if field.strip().isdigit() else None


def _remarks(said: int, there: int, rest: int) -> list[str]:
    remarks = []
    if said not in {-1, there}:
        remarks.append(f"{there} data records are there, its header says {said}")
    if rest:
        remarks.append(f"the last data record is cut off: {rest} bytes are left out")
    return remarks


def _header(path: Path) -> tuple[bytes, int]:
    """Return the header and the bytes of a data record; 0 where it cannot be told."""
    with path.open("rb") as file:
        fixed = file.read(_FIXED)
        try:
            signals = _whole(fixed[_SIGNALS])
            _whole(fixed[_RECORDS])
            header = fixed + file.read(max(signals, 0) * _OF_A_SIGNAL)
            return header, _BYTES_A_SAMPLE * sum(_samples(header, signals))
        except ValueError:
            return fixed, 0


def _samples(header: bytes, signals: int) -> list[int]:
    begin = _FIXED + signals * _SAMPLES_FROM
    fields = (header[begin + 8 * i : begin + 8 * (i + 1)] for i in range(signals))
    counts = [_whole(field) for field in fields]
    if min(counts, default=0) <= 0:
        msg = "a signal without samples"
        raise ValueError(msg)
    return counts


def _whole(field: bytes) -> int:
    return int(field.replace(b"\0", b" "))
