"""Recorded patients: a file, an archive or a folder -> messages.

Known are BIDMC numerics, PhysioNet 2019 tables and JSON lines as they are on
the wire, also in a .tar or .zip archive. What a file is, its first line says.
"""

import codecs
import io
import logging
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import orjson

from producers.contract.columns import SYNTHETIC_PATIENT_ID, SYSTEM_PATIENT_ID
from producers.recording_formats import (
    TABLES,
    Reading,
    layout_of,
    missing_time,
    readings,
)

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 2 * 1024**3
"""Of a file, and of all files of an archive, unpacked: they are read whole."""

EXPECTED: Final = "; ".join((*(table.name for table in TABLES), "JSON lines"))


class RecordingError(Exception):
    """One line: which file cannot be read, why, and what was expected."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file says, in its order.

    An entry is a reading, or a line of JSON lines byte for byte: whether that
    is any good is for the reader of the topic to judge.
    """

    name: str
    entries: Sequence[Reading | bytes]


def wire_bytes(entry: Reading | bytes) -> bytes:
    """Return an entry as it goes on the wire."""
    return entry if isinstance(entry, bytes) else orjson.dumps(entry)


def read_all(paths: Iterable[Path]) -> list[Recording]:
    """Return every recording in every path; no patient may be in two of them."""
    recordings = [recording for path in paths for recording in read(path)]
    where: dict[object, str] = {}
    for recording in recordings:
        first = recording.entries[0] if recording.entries else b""
        patient = first["patient_id"] if isinstance(first, dict) else recording.name
        if (other := where.setdefault(patient, recording.name)) is not recording.name:
            msg = f"{recording.name}: patient {patient} is in {other} already"
            raise RecordingError(msg)
    return recordings


def read(path: Path) -> list[Recording]:
    """Return every recording in ``path``: a file, an archive, or a folder of them."""
    if not path.exists():
        msg = f"{path}: there is no such file or folder"
        raise RecordingError(msg)
    recordings = _in_folder(path) if path.is_dir() else _in_file(path)
    if not recordings:
        why = "" if path.is_dir() else _why_not(path)
        msg = f"{path}: no recording found{why}; expected {EXPECTED}"
        raise RecordingError(msg)
    return recordings


def _why_not(file: Path) -> str:
    """Return what is known of why a file is no recording."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    for magic, what in _PACKED.items():
        if head.startswith(magic):
            return f": {what}"
    header = _header(_decoded(head))
    if header.startswith("["):
        return ": it begins as a JSON array, write one message a line"
    why = missing_time(header)
    return f": {why}" if why else ""


_HEAD: Final = 65_536
_PACKED: Final = {
    b"PK": "it is a zip file without one, or a workbook: save its sheet as CSV",
    b"\x1f\x8b": "it is packed by gzip, unpack it",
    b"\xd0\xcf\x11\xe0": "it is an old workbook, save its sheet as CSV",
}
"""How files begin that hide what is in them, and what to say of them."""


def pseudonym(name: str) -> str:
    """Return the patient of a file: ``bidmc_01_Numerics.csv`` is ``bidmc-01``."""
    stem = PurePath(name).stem.lower().removesuffix("_numerics").replace("_", "-")
    found = _NOT_IN_IDS.sub("-", stem)[:_ID_LENGTH].strip("-.") or "recording"
    return f"recording-{found}" if found in _NOBODYS else found


_NOT_IN_IDS: Final = re.compile("[^A-Za-z0-9._-]+")
_NOBODYS: Final = {SYSTEM_PATIENT_ID, SYNTHETIC_PATIENT_ID}
_ID_LENGTH: Final = 54
"""A device's id is that of its patient, with ``-monitor`` behind it."""


def _in_folder(folder: Path) -> list[Recording]:
    found = {
        file: _in_file(file) for file in sorted(folder.rglob("*")) if file.is_file()
    }
    if skipped := [file.name for file, recordings in found.items() if not recordings]:
        logger.info("skipped, not recordings: %s", ", ".join(skipped))
    return [recording for recordings in found.values() for recording in recordings]


def _in_file(file: Path) -> list[Recording]:
    try:
        return _whole_file(file)
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's fault
        msg = f"{file}: a damaged archive, or a locked one: {error}"
        raise RecordingError(msg) from None


_BROKEN: Final = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError, ValueError),
)
"""What the libraries raise of archives that were cut off, changed or encrypted."""


def _whole_file(file: Path) -> list[Recording]:
    if tarfile.is_tarfile(file):
        return list(_recordings(_in_tar(file)))
    if zipfile.is_zipfile(file):
        return list(_recordings(_in_zip(file)))
    _demand_fitting(str(file), file.stat().st_size)
    recording = _recording(str(file), file.read_bytes())
    return [] if recording is None else [recording]


def _recordings(files: Iterable[tuple[str, bytes]]) -> Iterator[Recording]:
    for name, content in files:
        recording = _recording(name, content)
        if recording is not None:
            yield recording


def _demand_fitting(name: str, size: int) -> None:
    """Refuse what is too large to be read whole, before it is unpacked."""
    if size > MOST_BYTES:
        msg = f"{name}: {size:,} bytes; at most {MOST_BYTES:,} are read: split it"
        raise RecordingError(msg)


def _in_tar(file: Path) -> Iterator[tuple[str, bytes]]:
    size = 0
    with tarfile.open(file) as archive:
        for member in archive:
            size += member.size
            _demand_fitting(str(file), size)
            content = archive.extractfile(member)
            if content is not None:
                yield f"{file}:{member.name}", content.read()


def _in_zip(file: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as archive:
        _demand_fitting(str(file), sum(each.file_size for each in archive.infolist()))
        for member in archive.infolist():
            if not member.is_dir():
                yield f"{file}:{member.filename}", archive.read(member)


def _recording(name: str, content: bytes) -> Recording | None:
    """Return what the bytes of a file say, or None if they are no recording."""
    text = _in_utf8(content)
    is_json = text.lstrip().startswith(b"{")
    if is_json or PurePath(name).suffix in {".jsonl", ".ndjson"}:
        return Recording(name, text.removesuffix(b"\n").split(b"\n"))
    layout = layout_of(_header(_decoded(content[:_HEAD])))
    if layout is None:
        return None
    patient = pseudonym(name)
    lines = io.StringIO(_decoded(content), newline="")
    try:
        found = list(readings(layout, lines, patient, f"{patient}-monitor"))
    except ValueError as error:
        msg = f"{name}: {error}; expected {layout.table.name}"
        raise RecordingError(msg) from None
    return Recording(name, list(found))


_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _in_utf8(content: bytes) -> bytes:
    """Return bytes as they are, less a byte order mark; of UTF-16, those of UTF-8."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace").encode(errors="replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _decoded(content: bytes) -> str:
    """Return the text of a table as editors and spreadsheets save it.

    A first line that only tells a spreadsheet what separates cells is left out.
    """
    return _SEPARATOR_LINE.sub("", _in_utf8(content).decode(errors="replace"))


_SEPARATOR_LINE: Final = re.compile(r'\A\s*"?sep=."?\s*?[\r\n]+', re.IGNORECASE)


def _header(text: str) -> str:
    """Return the first line; a cell in quotes may have line breaks."""
    found = _FIRST_LINE.match(text.lstrip())
    return found[0] if found else ""


_FIRST_LINE: Final = re.compile(r'(?:"[^"]*"|[^"\r\n])*')
