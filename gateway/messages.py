"""What the page believes of a message: the same as everybody, by the contract.

Readings come straight from devices, so each value is judged here: what is of the
wrong type or implausible counts as missing, and a message without what it must
have, or of an absurd time, is no message.
"""

import math
from collections.abc import Mapping
from typing import Final

import orjson

from producers.schema import Column, Topic

Message = Mapping[str, object]

_NUMBERS: Final = frozenset({"DOUBLE", "INT", "BIGINT"})


def usable(topic: Topic, payload: bytes | None, now_ms: int) -> Message | None:
    """Return what can be used of ``payload``; None where nothing can."""
    try:
        given = orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        return None
    if not isinstance(given, dict):
        return None
    message = {
        column.name: given[column.name]
        for column in topic.columns
        if column.name in given and _is_usable(column, given[column.name])
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


def _is_usable(column: Column, value: object) -> bool:
    if column.sql_type in _NUMBERS:
        return _is_plausible(column, value)
    if column.sql_type == "STRING":
        return (
            isinstance(value, str)
            and column.is_fitting_length(value)
            and column.is_allowed(value)
        )
    return value is not None


def _is_plausible(column: Column, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if not math.isfinite(value):
        return False
    return column.plausible is None or value in column.plausible


def _is_timely(topic: Topic, message: Message, now_ms: int) -> bool:
    at_ms = instant(message, topic.event_time)
    return at_ms is not None and topic.is_timely(at_ms, now_ms)
