"""EDF and EDF+ files, read by edfio.

Kept are the channels that measure a voltage, are no known other signal
(``eeg.electrodes``), and have the sampling rate that most of those have; the log
names the others. A file with gaps (EDF+D) is one recording for each part.

References
----------
Kemp, B., Olivan, J. (2003). European data format 'plus' (EDF+), an EDF alike
standard format for the exchange of physiological data. Clinical
Neurophysiology, 114(9), 1755-1761.
"""

import itertools
import logging
import math
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from edfio import AnonymizedDateError, Edf, EdfSignal, read_edf

from eeg.annotations import seizures
from eeg.edf_header import mended
from eeg.electrodes import TEN_TEN, Montage, lead, montage
from eeg.recording import Recording, RecordingError, Seizure

logger = logging.getLogger(__name__)

VERSION: Final = b"0"
"""What every EDF file begins with, padded with blanks to 8 bytes; or with NUL."""

_UV: Final = {"": 1.0, "UV": 1.0, "µV": 1.0, "NV": 1e-3, "MV": 1e3, "V": 1e6}
"""Unit, in capitals, -> microvolt; a file that names none means microvolt."""
_ONSET: Final = re.compile(rb"[+-]\d+(\.\d+)?")
_DURATION: Final = slice(244, 252)
_WITH_GAPS: Final = "EDF+D"


class _Part(NamedTuple):
    """Data records without a gap: the first, the one behind the last, its time."""

    first: int
    end: int
    begins_s: float


def read(path: Path) -> list[Recording]:
    """Return the recording in an EDF file, or one for each part between gaps.

    Raises
    ------
    RecordingError
        If it is truncated, damaged, or has no EEG.
    """
    try:
        return list(_recordings(path, _opened(path)))
    except RecordingError:
        raise
    except Exception as error:  # noqa: BLE001 - edfio lets a damaged header raise anything
        msg = f"{path}: damaged, or no EDF file: {_first_line(error)}"
        raise RecordingError(msg) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _opened(path: Path) -> Edf:
    with path.open("rb") as file:
        header = file.read(_DURATION.stop)
    if header[_DURATION].strip() in {b"0", b"0.0"}:
        msg = f"{path}: its data records last 0 s, so there is no sampling rate"
        raise RecordingError(msg)
    whole, remarks = mended(path)
    for remark in remarks:
        logger.warning("%s: %s", path.name, remark)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        edf = read_edf(whole, header_encoding="latin-1")
    if said:
        msg = f"{path}: {said[0].message} Copy it anew, or repair its header"
        raise RecordingError(msg)
    return edf


def _recordings(path: Path, edf: Edf) -> Iterator[Recording]:
    signals, found = _eeg(path, edf.signals)
    gain = np.array([_gain(each) for each in signals])
    middle = np.array([each.digital_max for each in signals])
    offset = np.array([_unit_uv(s) * s.physical_max for s in signals]) - gain * middle
    counts = np.stack([signal.digital for signal in signals]).astype(np.int16)
    per_record = signals[0].samples_per_data_record
    named = _seizures(path, edf)
    for part in _parts(path, edf):
        yield Recording(
            name=path.stem,
            rate_hz=float(signals[0].sampling_frequency),
            channels=tuple(found.channels.values()),
            reference=found.reference,
            counts=counts[:, part.first * per_record : part.end * per_record],
            uv_per_count=gain,
            offset_uv=offset,
            begins_s=part.begins_s,
            start=_start(edf),
            seizures=named,
        )


def _eeg(path: Path, signals: Sequence[EdfSignal]) -> tuple[list[EdfSignal], Montage]:
    """Return the signals that are used, and their names."""
    volts = [each for each in signals if _unit(each) in _UV and _has_scale(path, each)]
    leads = montage(each.label for each in volts).channels
    rates = Counter(volts[i].sampling_frequency for i in leads)
    if not rates:
        msg = f"{path}: no EEG in it; its signals are {_names(signals) or 'none'}"
        raise RecordingError(msg)
    rate_hz = max(rates, key=lambda rate: (rates[rate], rate))
    if rate_hz <= 0:
        msg = f"{path}: a sampling rate of {rate_hz:g} Hz; its header is damaged"
        raise RecordingError(msg)
    used = [volts[i] for i in leads if volts[i].sampling_frequency == rate_hz]
    if left_out := [each for each in signals if all(each is not u for u in used)]:
        logger.info("%s: left out: %s", path.name, _names(left_out))
    if unknown := [each for each in left_out if _is_eeg_of_another_unit(each)]:
        logger.warning(
            "%s: EEG whose unit is not known is left out: %s",
            path.name,
            _names(unknown),
        )
    return used, montage(each.label for each in used)


def _names(signals: Iterable[EdfSignal]) -> str:
    return ", ".join(
        f"{s.label} ({s.sampling_frequency:g} Hz, {_dimension(s) or 'no unit'})"
        for s in signals
    )


def _has_scale(path: Path, signal: EdfSignal) -> bool:
    """Return whether it can be told what a count is worth; say where it cannot."""
    try:
        is_told = math.isfinite(gain := _gain(signal)) and gain != 0.0
    except (ValueError, ZeroDivisionError):
        is_told = False
    if not is_told:
        logger.warning(
            "%s: %s is left out: its header does not say what a count is worth",
            path.name,
            signal.label,
        )
    return is_told


def _is_eeg_of_another_unit(signal: EdfSignal) -> bool:
    """Return whether its label is that of an electrode, and its unit no voltage."""
    named = lead(signal.label)
    is_eeg = named is not None and named.name.partition("-")[0] in TEN_TEN
    return is_eeg and _unit(signal) not in _UV


def _dimension(signal: EdfSignal) -> str:
    """Return the unit as it was written: headers are ASCII, and some are UTF-8."""
    text = signal.physical_dimension
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.strip()


def _unit(signal: EdfSignal) -> str:
    return _dimension(signal).upper().replace("\u039c", "\u00b5")


def _unit_uv(signal: EdfSignal) -> float:
    return _UV[_unit(signal)]


def _gain(signal: EdfSignal) -> float:
    counts = signal.digital_max - signal.digital_min
    return _unit_uv(signal) * (signal.physical_max - signal.physical_min) / counts


def _start(edf: Edf) -> datetime | None:
    with suppress(AnonymizedDateError, ValueError, IndexError):  # no annotation at all
        return edf.startdatetime
    return None


def _parts(path: Path, edf: Edf) -> Iterator[_Part]:
    """Yield the runs of data records that follow one another without a gap."""
    onsets_s = _onsets_s(path, edf)
    lasts_s = edf.data_record_duration
    breaks = [
        i
        for i, (before_s, onset_s) in enumerate(itertools.pairwise(onsets_s), 1)
        if abs(onset_s - before_s - lasts_s) > _SAME_TIME_S
    ]
    for first, end in itertools.pairwise([0, *breaks, len(onsets_s)]):
        yield _Part(first, end, onsets_s[first] - onsets_s[0])


_SAME_TIME_S: Final = 1e-4


def _onsets_s(path: Path, edf: Edf) -> list[float]:
    """Return when each data record began: as EDF+ says, or one behind the other.

    A recorder that died leaves records that say nothing. Where a file has no gaps, they
    follow those before them.
    """
    keepers = list(edf._annotation_signals)  # noqa: SLF001 - edfio only says whether there are gaps
    lasts_s = edf.data_record_duration
    if not keepers:
        return [i * lasts_s for i in range(edf.num_data_records)]
    records = keepers[0].digital.reshape(edf.num_data_records, -1)
    found = [_ONSET.match(record.tobytes()) for record in records]
    if None in found and edf.reserved.startswith(_WITH_GAPS):
        msg = "a data record does not say when it began"
        raise ValueError(msg)
    onsets_s: list[float] = []
    for each in found:
        follows_s = onsets_s[-1] + lasts_s if onsets_s else 0.0
        onsets_s.append(float(each.group()) if each else follows_s)
    if missing := found.count(None):
        text = "%s: %d data records do not say when they began, and follow the others"
        logger.warning(text, path.name, missing)
    return onsets_s


def _seizures(path: Path, edf: Edf) -> tuple[Seizure, ...]:
    try:
        return tuple(seizures(edf.annotations))
    except (ValueError, IndexError) as error:
        logger.warning("%s: no annotation can be read: %s", path.name, error)
        return ()
