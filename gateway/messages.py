"""What the page believes of a message: the same as everybody, by the contract.

Readings come straight from devices, so each value is judged here: what is of the
wrong type or implausible counts as missing, and a message without what it must
have, or of an absurd time, is no message. One who is further in can compare, count
and show what is left without another look.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from producers.schema import Column, Topic

Message = Mapping[str, object]

_INT: Final = 2**31
_BIGINT: Final = 2**63


def decoded(payload: bytes | None) -> Message | None:
    """Return the object that ``payload`` is; None where it is none."""
    try:
        given = orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        return None
    return given if isinstance(given, dict) else None


def usable(topic: Topic, given: Message, now_ms: int) -> Message | None:
    """Return what can be used of a message as it was ``given``; None: nothing."""
    message = {
        column.name: value
        for column in topic.columns
        if (value := _used(column, given.get(column.name))) is not None
    }
    complete = all(c.name in message for c in topic.columns if c.required)
    return message if complete and _is_timely(topic, message, now_ms) else None


def number(message: Message, name: str) -> float | None:
    """Return the number called ``name``, where the message has it."""
    value = message.get(name)
    return value if isinstance(value, int | float) else None


def text(message: Message, name: str) -> str:
    """Return the text called ``name``; empty where the message has none."""
    value = message.get(name)
    return value if isinstance(value, str) else ""


def instant(message: Message, name: str) -> int | None:
    """Return the time called ``name``, in ms, where the message has it."""
    value = number(message, name)
    return None if value is None else int(value)


def _used(column: Column, value: object) -> object:
    """Return what can be used of a value of ``column``; None where nothing can."""
    return _JUDGES[column.sql_type](column, value)


def _number(column: Column, value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value):
        return None
    if column.plausible is not None and value not in column.plausible:
        return None
    return value


def _whole(column: Column, value: object) -> float | None:
    """Return a number that the column's type can hold; JSON knows no bounds."""
    told = _number(column, value)
    beyond = _INT if column.sql_type == "INT" else _BIGINT
    return told if told is not None and -beyond <= told < beyond else None


def _text(column: Column, value: object) -> str | None:
    if not isinstance(value, str):
        return None
    fits = column.is_fitting_length(value) and column.is_allowed(value)
    return value if fits else None


def _boolean(_column: Column, value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _texts(column: Column, value: object) -> list[object] | None:
    """Return a list of texts. Each has its place: with one unusable, all are."""
    if not isinstance(value, list):
        return None
    return value if all(_text(column, each) is not None for each in value) else None


def _numbers(column: Column, value: object) -> list[object] | None:
    """Return a list of numbers, null where one is missing."""
    if not isinstance(value, list):
        return None
    known = (each for each in value if each is not None)
    return value if all(_number(column, each) is not None for each in known) else None


def _rows(column: Column, value: object) -> Message | None:
    """Return rows by their names, less what is unusable in them."""
    if not isinstance(value, dict):
        return None
    return {
        name: {
            entry.name: used
            for entry in column.entries
            if (used := _used(entry, row.get(entry.name))) is not None
        }
        for name, row in value.items()
        if isinstance(row, dict)
    }


_JUDGES: Final[Mapping[str, Callable[[Column, object], object]]] = {
    "DOUBLE": _number,
    "INT": _whole,
    "BIGINT": _whole,
    "STRING": _text,
    "BOOLEAN": _boolean,
    "MAP": _rows,
    "ARRAY<STRING>": _texts,
    "ARRAY<DOUBLE>": _numbers,
}


def _is_timely(topic: Topic, message: Message, now_ms: int) -> bool:
    at_ms = instant(message, topic.event_time)
    return at_ms is not None and topic.is_timely(at_ms, now_ms)
