"""Write a stream as a table of text; read back what the patterns say about it."""

import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from producers.contract import VITALS
from producers.schema import Topic

EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z: t = 0 in every test
Message = dict[str, object]

_SAID = {"yes": True, "no": False}
_SHORT = {
    "hr": "heart_rate_bpm",
    "pulse": "pulse_rate_bpm",
    "rr": "respiratory_rate_per_min",
    "spo2": "spo2_pct",
    "sbp": "systolic_mmhg",
    "temp": "temperature_c",
    "acvpu": "consciousness",
}
"""What a ward calls the columns, so that a table fits on a line."""


def readings(text: str) -> list[Message]:
    """Parse a table of text; rows keep their order of arrival.

    The first column is ``t``, the event time in seconds; the others are those of
    the contract, or what a ward calls them (``_SHORT``). A dash is a missing
    value, yes and no are true and false. Whatever stands after the last bar of a
    line is a remark. Where no device is named, the patient has one.
    """
    header, *body = (_cells(line) for line in text.splitlines() if "|" in line)
    names = [_SHORT.get(name, name) for name in header]
    return [_message(dict(zip(names, row, strict=True))) for row in body]


def _cells(line: str) -> list[str]:
    inside = line[line.index("|") + 1 : line.rindex("|")]
    return [cell.strip() for cell in inside.split("|")]


def _message(cells: dict[str, str]) -> Message:
    named = {name: _value(cell) for name, cell in cells.items() if cell != "-"}
    return message(float(named.pop("t")), **named)  # type: ignore[arg-type]


def _value(text: str) -> object:
    if text in _SAID:
        return _SAID[text]
    try:
        return float(text)
    except ValueError:
        return text


def scored_eeg(text: str) -> list[Message]:
    """Parse a table of scored seconds of EEG, and put them in order of time.

    Its columns are t, patient_id, power, seizing and lost: how many of three
    channels cannot be used, where they are too many.
    """
    return in_time(map(_scored, readings(text)))


def _scored(row: Message) -> Message:
    lost = int(float(str(row.pop("lost", 0))))
    power = row.pop("power", None)
    seen = {} if lost else {"probability": 0.5}
    channels = {"channels": ["Fp1", "Fp2", "Cz"], "good_channels": 3 - lost}
    return {**row, **seen, **channels, "firing_power": power}


def message(t: float, patient_id: str = "p", **columns: object) -> Message:
    """Return one message of ``vitals``, ``t`` seconds after the epoch of the tests."""
    ts_ms = EPOCH_MS + round(t * 1000)
    device = {"patient_id": patient_id, "device_id": f"{patient_id}-monitor"}
    return {"ts_ms": ts_ms, **device, **columns}


def in_time(*streams: Iterable[Message]) -> list[Message]:
    """Return ``streams`` as one, each message arriving when it is true."""
    return sorted(chain(*streams), key=lambda each: int(str(each["ts_ms"])))


def write_lines(messages: Iterable[Message], path: Path) -> Path:
    """Write ``messages`` as JSON lines."""
    path.write_text("\n".join(map(json.dumps, messages)), encoding="utf-8")
    return path


def seconds(ts_ms: object) -> float | None:
    """Return a time in seconds after the epoch of the tests."""
    return None if ts_ms is None else (int(str(ts_ms)) - EPOCH_MS) / 1000


def assert_known_columns(
    messages: Iterable[Message], topic: Topic = VITALS, *also: str
) -> None:
    """Refuse a test that misspells a column of the contract."""
    known = {column.name for column in topic.columns} | {*also}
    strange = {name for each in messages for name in each} - known
    assert not strange, f"not in the contract: {sorted(strange)}"
