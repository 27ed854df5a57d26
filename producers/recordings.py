"""Recorded patients: a file, an archive or a folder -> messages.

Known are BIDMC numerics, PhysioNet 2019 tables and JSON lines as they are on
the wire, also in a .tar or .zip archive. What a file is, its first line says.
"""

import logging
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import orjson

from producers.recording_formats import TABLES, Reading, readings, table_of

logger = logging.getLogger(__name__)

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
        msg = f"{path}: no recording found; expected {EXPECTED}"
        raise RecordingError(msg)
    return recordings


def pseudonym(name: str) -> str:
    """Return the patient of a file: ``bidmc_01_Numerics.csv`` is ``bidmc-01``."""
    stem = PurePath(name).stem.lower().removesuffix("_numerics")
    return stem.replace("_", "-")


def _in_folder(folder: Path) -> list[Recording]:
    found = {
        file: _in_file(file) for file in sorted(folder.rglob("*")) if file.is_file()
    }
    if skipped := [file.name for file, recordings in found.items() if not recordings]:
        logger.info("skipped, not recordings: %s", ", ".join(skipped))
    return [recording for recordings in found.values() for recording in recordings]


def _in_file(file: Path) -> list[Recording]:
    if tarfile.is_tarfile(file):
        return list(_recordings(_in_tar(file)))
    if zipfile.is_zipfile(file):
        return list(_recordings(_in_zip(file)))
    recording = _recording(str(file), file.read_bytes())
    return [] if recording is None else [recording]


def _recordings(files: Iterable[tuple[str, bytes]]) -> Iterator[Recording]:
    for name, content in files:
        recording = _recording(name, content)
        if recording is not None:
            yield recording


def _in_tar(file: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(file) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield f"{file}:{member.name}", content.read()


def _in_zip(file: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield f"{file}:{member.filename}", archive.read(member)


def _recording(name: str, content: bytes) -> Recording | None:
    """Return what the bytes of a file say, or None if they are no recording."""
    header = content.lstrip().partition(b"\n")[0]
    if header.startswith(b"{") or PurePath(name).suffix in {".jsonl", ".ndjson"}:
        return Recording(name, content.removesuffix(b"\n").split(b"\n"))
    table = table_of(header.decode(errors="replace"))
    if table is None:
        return None
    patient = pseudonym(name)
    lines = content.decode(errors="replace").splitlines()
    try:
        found = list(readings(table, lines, patient, f"{patient}-monitor"))
    except ValueError as error:
        msg = f"{name}: {error}; expected {table.name}"
        raise RecordingError(msg) from None
    return Recording(name, list(found))
