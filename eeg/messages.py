"""Our own format: the messages of the topic ``eeg``, one a line of JSON.

A message is a second. Those of one device that follow one another, with the same
channels, rate, reference and scale, are one recording; a gap begins another. Of
messages about the same second, the first in the file counts.
"""

import codecs
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import orjson

from eeg.packets import Counts, unpacked
from eeg.recording import Recording, RecordingError

MAGIC: Final = b"{"
SECOND_MS: Final = 1_000


class _Second(NamedTuple):
    """One message; only seconds of one ``source`` can be one recording."""

    patient_id: str
    device_id: str
    ts_ms: int
    source: tuple[float, tuple[str, ...], float, str | None]
    counts: Counts


def read(path: Path) -> list[Recording]:
    """Return every recording of a file of messages, patient after patient."""
    with path.open("rb") as lines:
        seconds = sorted(_seconds(path, lines), key=lambda each: each[:3])
    first_ms: dict[str, int] = {}
    for each in seconds:
        first_ms.setdefault(each.patient_id, each.ts_ms)
    return [_recording(run, first_ms[run[0].patient_id]) for run in _runs(seconds)]


def _seconds(path: Path, lines: Iterable[bytes]) -> Iterator[_Second]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _second(orjson.loads(line.removeprefix(codecs.BOM_UTF8)))
        except (ValueError, LookupError, TypeError, OverflowError) as error:
            what = f"no {error}" if isinstance(error, LookupError) else str(error)
            msg = f"{path}: line {number}: {what}; expected a message of topic eeg"
            raise RecordingError(msg) from None


def _second(message: dict[str, Any]) -> _Second:
    texts = (message["patient_id"], message["device_id"], *message["channels"])
    if not all(isinstance(text, str) for text in texts):
        msg = "patient_id, device_id and channels must be texts"
        raise TypeError(msg)
    ts_ms = int(message["ts_ms"])
    datetime.fromtimestamp(ts_ms / SECOND_MS, UTC)  # is there such a time?
    channels = tuple(message["channels"])
    rate_hz, uv_per_count = float(message["rate_hz"]), float(message["uv_per_count"])
    return _Second(
        message["patient_id"],
        message["device_id"],
        ts_ms,
        (rate_hz, channels, uv_per_count, message.get("reference")),
        unpacked(message["samples"], channels, rate_hz, uv_per_count),
    )


def _runs(seconds: Iterable[_Second]) -> Iterator[list[_Second]]:
    """Yield the seconds that follow one another, those in doubt left out."""
    run: list[_Second] = []
    for each in seconds:
        if run and (each[:3] == run[-1][:3]):
            continue
        if run and not _follows(each, run[-1]):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _follows(second: _Second, last: _Second) -> bool:
    same = (second.patient_id, second.device_id, second.source)
    follows = second.ts_ms == last.ts_ms + SECOND_MS
    return follows and same == (last.patient_id, last.device_id, last.source)


def _recording(run: list[_Second], first_ms: int) -> Recording:
    rate_hz, channels, uv_per_count, reference = run[0].source
    return Recording(
        name=run[0].patient_id,
        rate_hz=rate_hz,
        channels=channels,
        reference=reference,
        counts=np.concatenate([each.counts for each in run], axis=1),
        uv_per_count=np.full(len(channels), uv_per_count),
        offset_uv=np.zeros(len(channels)),
        begins_s=(run[0].ts_ms - first_ms) / SECOND_MS,
        start=datetime.fromtimestamp(first_ms / SECOND_MS, UTC).replace(tzinfo=None),
    )
