"""Write a stream as a table of text; read back what the patterns say about it."""

import json
from collections.abc import Iterable
from pathlib import Path

from producers.contract import VITALS

EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z: t = 0 in every test
Message = dict[str, object]


def readings(text: str) -> list[Message]:
    """Parse a table of text; rows keep their order of arrival.

    The first column is ``t``, the event time in seconds. A dash is a missing
    value. Whatever stands after the last bar of a line is a remark. Where no
    device is named, the patient has one.
    """
    header, *body = (_cells(line) for line in text.splitlines() if "|" in line)
    return [_message(dict(zip(header, row, strict=True))) for row in body]


def _cells(line: str) -> list[str]:
    inside = line[line.index("|") + 1 : line.rindex("|")]
    return [cell.strip() for cell in inside.split("|")]


def _message(cells: dict[str, str]) -> Message:
    named = {name: _value(cell) for name, cell in cells.items() if cell != "-"}
    return message(float(named.pop("t")), **named)  # type: ignore[arg-type]


def _value(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def message(t: float, patient_id: str = "p", **columns: object) -> Message:
    """Return one message of ``vitals``, ``t`` seconds after the epoch of the tests."""
    ts_ms = EPOCH_MS + round(t * 1000)
    device = {"patient_id": patient_id, "device_id": f"{patient_id}-monitor"}
    return {"ts_ms": ts_ms, **device, **columns}


def write_lines(messages: Iterable[Message], path: Path) -> Path:
    """Write ``messages`` as JSON lines."""
    path.write_text("\n".join(map(json.dumps, messages)), encoding="utf-8")
    return path


def seconds(ts_ms: object) -> float | None:
    """Return a time in seconds after the epoch of the tests."""
    return None if ts_ms is None else (int(str(ts_ms)) - EPOCH_MS) / 1000


def assert_known_columns(messages: Iterable[Message]) -> None:
    """Refuse a test that misspells a column of the contract."""
    known = {column.name for column in VITALS.columns}
    strange = {name for each in messages for name in each} - known
    assert not strange, f"not in the contract: {sorted(strange)}"
