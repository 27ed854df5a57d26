"""One recording from its own time 0, ready to be played any number of times."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import orjson

from producers.contract import TS_MS, VITALS
from producers.json_objects import NotReadableError, json_object
from producers.outgoing import Message
from producers.recording_formats import Reading
from producers.recordings import Recording, wire_bytes
from producers.values import judged

ONE_READING_MS: Final = 1_000
"""How long a recording of one single time lasts."""


@dataclass(frozen=True, slots=True)
class Step:
    """An entry that is sent at ``at_ms`` and was true at ``true_ms``.

    A line without a usable time has no ``reading`` and goes out as it is.
    """

    at_ms: int
    true_ms: int
    reading: Reading | None
    line: bytes

    @property
    def is_late(self) -> bool:
        """Whether it comes so late that no pattern sees it."""
        return self.at_ms - self.true_ms > VITALS.max_lateness_ms

    def message(self, ts_ms: int, first_seq: int) -> Message:
        """Return the message with a new time, its number counted from ``first_seq``."""
        if self.reading is None:
            return None, self.line
        moved = self.reading | {"ts_ms": ts_ms}
        if (seq := _whole(self.reading, "seq")) is not None:
            moved["seq"] = seq + first_seq
        patient = self.reading.get("patient_id")
        key = patient.encode(errors="replace") if isinstance(patient, str) else None
        return key, _written(moved)


@dataclass(frozen=True, slots=True)
class Track:
    """The steps of a recording in order.

    A device takes a reading every ``interval_ms``; ``seqs`` numbers are used up.
    """

    steps: Sequence[Step]
    interval_ms: int
    seqs: int

    @property
    def length_ms(self) -> int:
        """Return when the next loop begins: an interval after the last reading."""
        return self.steps[-1].at_ms + self.interval_ms if self.steps else 0


def track(recording: Recording) -> Track:
    """Return ``recording`` as a track that begins at 0.

    A device's readings come in the order of the file, and each when it is true, or
    with the one before it where that is later. So a file may hold one device after
    the other, though all were there at the same time. What is no reading comes with
    the entry before it.
    """
    parsed = [_parsed(entry) for entry in recording.entries]
    readings = [reading for reading in _timed(parsed) if reading is not None]
    first_ms = min(map(_ts_ms, readings), default=0)
    steps: list[Step] = []
    newest_ms: dict[tuple[str, str], int] = {}
    at_ms = 0
    for reading, entry in zip(_timed(parsed), recording.entries, strict=True):
        true_ms = at_ms if reading is None else _ts_ms(reading) - first_ms
        if reading is not None:
            device = _device(reading)
            at_ms = newest_ms[device] = max(newest_ms.get(device, 0), true_ms)
        steps.append(Step(at_ms, true_ms, reading, wire_bytes(entry)))
    steps.sort(key=lambda step: step.at_ms)
    seqs = 1 + max((_whole(each, "seq") or 0 for each in readings), default=0)
    return Track(steps, _interval_ms(readings), seqs)


def _written(reading: Reading) -> bytes:
    try:
        return orjson.dumps(reading)
    except TypeError:  # half a character, or a whole number that is too large for it
        return json.dumps(reading).encode()


def _parsed(entry: Reading | bytes) -> Reading | None:
    """Return an entry as its readers have it, with its time as the number that it is.

    A time in quotes, or with a fraction, is one to them, too.
    """
    if isinstance(entry, dict):
        return entry
    try:
        value = json_object(entry).values
    except (NotReadableError, RecursionError):
        return None
    ts_ms = judged(TS_MS, value.get("ts_ms"), value).usable
    return value if ts_ms is None else value | {"ts_ms": ts_ms}


def _timed(parsed: Sequence[Reading | None]) -> Iterator[Reading | None]:
    """Yield None for what has no time, or one absurdly far from the others'."""
    times_ms = [_whole(each, "ts_ms") for each in parsed if each is not None]
    usual_ms = median([ms for ms in times_ms if ms is not None] or [0])
    for reading in parsed:
        ts_ms = None if reading is None else _whole(reading, "ts_ms")
        near = ts_ms is not None and abs(ts_ms - usual_ms) <= VITALS.max_age_ms
        yield reading if near else None


def _interval_ms(readings: Sequence[Reading]) -> int:
    """Return how long the first device usually waits between readings."""
    first = [each for each in readings if _device(each) == _device(readings[0])]
    times_ms = sorted(set(map(_ts_ms, first)))
    gaps_ms = [later - ms for ms, later in itertools.pairwise(times_ms)]
    return round(median(gaps_ms)) if gaps_ms else ONE_READING_MS


def _device(reading: Reading) -> tuple[str, str]:
    return str(reading.get("patient_id")), str(reading.get("device_id"))


def _ts_ms(reading: Reading) -> int:
    ts_ms = _whole(reading, "ts_ms")
    return 0 if ts_ms is None else ts_ms


def _whole(reading: Reading, name: str) -> int | None:
    value = reading.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
