"""Archives of numpy arrays that hold many recordings of one channel each.

An array of shape (recordings, samples) in microvolt, and beside it, with
``_names`` added to its name, the recordings' names. The array's own name is the
group of its recordings. ``rate_hz`` says how many samples a second has; where it
is missing, sets called A to E are those of Bonn.

References
----------
Andrzejak, R. G. et al. (2001). Indications of nonlinear deterministic and
finite-dimensional structures in time series of brain electrical activity.
Physical Review E, 64(6), 061907.
"""

import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eeg.packets import MOST_COUNT, quantised
from eeg.recording import Recording, RecordingError

MAGIC: Final = b"PK"
MOST_BYTES: Final = 4 * 1024**3
"""Of all arrays of a file, unpacked."""
BONN_RATE_HZ: Final = 173.61
CHANNEL: Final = "EEG"
"""The name of a channel of which the electrode is not known."""

_BONN_SETS: Final = frozenset("ABCDE")
_NAMES: Final = "_names"
_RATE: Final = "rate_hz"

Arrays = Mapping[str, NDArray[np.generic]]


def read(path: Path) -> list[Recording]:
    """Return every recording of an archive, set after set."""
    try:
        _demand_fitting(path)
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except _BROKEN as error:
        msg = f"{path}: damaged, or no archive of numpy arrays: {error}"
        raise RecordingError(msg) from None
    groups = [name for name in arrays if name + _NAMES in arrays]
    if not groups:
        msg = f"{path}: no array X with its X{_NAMES}; there are {', '.join(arrays)}"
        raise RecordingError(msg)
    rate_hz = _rate_hz(path, arrays, groups)
    return [each for group in groups for each in _set(path, arrays, group, rate_hz)]


_BROKEN: Final = (
    *(ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error),
    *(RuntimeError, OverflowError, MemoryError),  # locked, or larger than it can be
)


def _demand_fitting(path: Path) -> None:
    """Refuse what is too large to be read whole, before it is unpacked."""
    with zipfile.ZipFile(path) as archive:
        size = sum(each.file_size for each in archive.infolist())
    if size > MOST_BYTES:
        msg = f"it unpacks to {size:,} bytes; at most {MOST_BYTES:,} are read"
        raise ValueError(msg)


def _rate_hz(path: Path, arrays: Arrays, groups: list[str]) -> float:
    if _RATE not in arrays and set(groups) <= _BONN_SETS:
        return BONN_RATE_HZ
    rate_hz = _one_number(arrays.get(_RATE))
    if not 0.0 < rate_hz < np.inf:
        msg = f"{path}: needs an array {_RATE}, one number above 0: samples a second"
        raise RecordingError(msg)
    return rate_hz


def _one_number(array: NDArray[np.generic] | None) -> float:
    """Return the number that an array holds; not even one where it holds none."""
    if array is None or array.size != 1 or array.dtype.kind not in "iufUS":
        return math.nan
    try:
        return float(array.astype(np.float64).item())
    except ValueError:
        return math.nan


def _set(path: Path, arrays: Arrays, group: str, rate_hz: float) -> Iterator[Recording]:
    rows, names = arrays[group], arrays[group + _NAMES]
    is_matrix = rows.ndim == _MATRIX and rows.dtype.kind in "iuf"
    if not is_matrix or names.shape != rows.shape[:1]:
        msg = (
            f"{path}: {group} is {rows.dtype} of shape {rows.shape} with {names.size}"
            " names; expected numbers of shape (recordings, samples), a name for each"
        )
        raise RecordingError(msg)
    for name, row in zip(names.tolist(), rows, strict=True):
        counts, uv_per_count = _counts(row)
        yield Recording(
            name=str(name),
            rate_hz=rate_hz,
            channels=(CHANNEL,),
            counts=counts[None, :],
            uv_per_count=np.array([uv_per_count]),
            offset_uv=np.zeros(1),
            group=group,
        )


_MATRIX: Final = 2


def _counts(row: NDArray[np.generic]) -> tuple[NDArray[np.int16], float]:
    """Return a row in counts, and what one is worth: 1 uV if it is whole already.

    What is no number, or beyond all, is 0: it must not make the rest too coarse.
    """
    if row.dtype == np.int16:
        return row.astype(np.int16), 1.0
    with np.errstate(over="ignore"):
        samples_uv = row.astype(np.float32)
    samples_uv = np.nan_to_num(samples_uv, posinf=0.0, neginf=0.0)
    uv_per_count = float(np.abs(samples_uv).max(initial=0.0)) / MOST_COUNT or 1.0
    return quantised(samples_uv, uv_per_count), uv_per_count
