"""Recorded EEG: a file or a folder -> recordings. What a file is, its bytes say."""

import codecs
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from eeg import arrays, edf, messages
from eeg.recording import Recording, RecordingError

logger = logging.getLogger(__name__)

EXPECTED: Final = "EDF or EDF+, .npz (arrays X with X_names), JSON lines of topic eeg"

_PADS: Final = b" \0"


def read_all(paths: Iterable[Path]) -> list[Recording]:
    """Return every recording in every path.

    Raises
    ------
    RecordingError
        If a path is not there, has no recording, or one that is damaged.
    """
    return [recording for path in paths for recording in read(path)]


def read(path: Path) -> list[Recording]:
    """Return every recording in ``path``, a file or a folder of them."""
    if not path.exists():
        msg = f"{path}: there is no such file or folder"
        raise RecordingError(msg)
    found = _in_folder(path) if path.is_dir() else _in_file(path)
    if not found:
        msg = f"{path}: no EEG recording found; expected {EXPECTED}"
        raise RecordingError(msg)
    return found


def is_recording(path: Path) -> bool:
    """Return whether a file begins as one of the known formats does."""
    return _reader(path) is not None


def _in_folder(folder: Path) -> list[Recording]:
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    if skipped := [each.name for each in files if not is_recording(each)]:
        logger.info("skipped, not EEG recordings: %s", ", ".join(skipped))
    return [recording for each in files for recording in _in_file(each)]


def _in_file(path: Path) -> list[Recording]:
    reader = _reader(path)
    return reader(path) if reader else []


def _reader(path: Path) -> Callable[[Path], list[Recording]] | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:8].ljust(8, b" ").rstrip(_PADS) == edf.VERSION:
        return edf.read
    if head.startswith(arrays.MAGIC):
        return arrays.read
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return messages.read if text.startswith(messages.MAGIC) else None


_HEAD: Final = 64
