"""What of a message can be used, and what is wrong with the rest.

A *message* is unusable when it is no JSON object, lacks a required column, or
bears an absurd time: then nothing of it is used. A *value* is unusable when it
is of the wrong type or cannot be what the sensor saw: then it counts as missing
and the rest is used. A number in quotes, or a whole number with a fraction, is
used and reported. Either way a reason says which column, and what was given. In
a map each value counts for itself; its column is called ``parts.pulse.lowest``.

``jobs.readings`` says the same in SQL, for what patterns and windows read. They
differ where Flink is more lenient than JSON: it reads the objects of an array,
and an object with garbage behind it.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final, NamedTuple

import orjson

from producers.contract import TOPICS
from producers.schema import Column, Plausible, Topic

Message = dict[str, object]

_Plain = Callable[[Any], object]
_Number = Callable[[float | str], float]

_SHOWN: Final = 40


class Verdict(NamedTuple):
    """What can be used of a message (nothing: None), and what is wrong with it."""

    message: Message | None
    reasons: tuple[str, ...] = ()


class _Value(NamedTuple):
    usable: object = None
    reason: str = ""


def verdict(topic: Topic, payload: bytes | None, arrived_ms: int) -> Verdict:
    """Return what can be used of ``payload``, a message of ``topic``."""
    given = _json_object(payload)
    if given is None:
        return Verdict(None, ("not_json: the message is no JSON object",))
    message: Message = {}
    reasons: list[str] = []
    for name, plain, column in _columns(topic.name):
        if (raw := given.get(name)) is None:
            continue
        if (usable := plain(raw)) is None:
            usable, reason = _value(column, raw)
            reasons += [reason] * bool(reason)
        if usable is not None:
            message[name] = usable
    fatal = [*_missing(topic, message), *_absurd_time(topic, message, arrived_ms)]
    return Verdict(None if fatal else message, (*reasons, *fatal))


@cache
def _columns(topic_name: str) -> tuple[tuple[str, _Plain, Column], ...]:
    """Return each column with its short cut; nearly all values take it."""
    [topic] = [topic for topic in TOPICS if topic.name == topic_name]
    return tuple((column.name, _plain(column), column) for column in topic.columns)


def _plain(column: Column) -> _Plain:
    """Return what tells a value that is fine as it is; None sends it the long way."""
    if column.sql_type == "DOUBLE":
        return _plain_number(column.plausible or Plausible(-math.inf, math.inf))
    if column.sql_type == "BIGINT":
        return lambda raw: raw if type(raw) is int else None
    if column.sql_type == "STRING":
        return lambda raw: raw if _is_fit_text(column, raw) else None
    if column.sql_type == "ARRAY<STRING>":
        return lambda raw: raw if _is_fit_list(column, raw) else None
    return lambda _: None


def _is_fit_text(column: Column, raw: object) -> bool:
    return type(raw) is str and not _unfit_text(column, raw)


def _is_fit_list(column: Column, raw: object) -> bool:
    return type(raw) is list and all(_is_fit_text(column, text) for text in raw)


def _plain_number(limits: Plausible) -> _Plain:
    low, high = limits.above, limits.below
    numbers = (int, float)
    return lambda raw: float(raw) if type(raw) in numbers and low < raw < high else None


def _json_object(payload: bytes | None) -> Message | None:
    try:
        given = orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        return None
    return given if isinstance(given, dict) else None


def _missing(topic: Topic, message: Message) -> Iterator[str]:
    for column in topic.columns:
        if column.required and column.name not in message:
            yield f"missing {column.name}: every message must have one"


def _absurd_time(topic: Topic, message: Message, arrived_ms: int) -> Iterator[str]:
    ts_ms = message.get("ts_ms")
    if isinstance(ts_ms, int) and not topic.is_timely(ts_ms, arrived_ms):
        ahead_s = (ts_ms - arrived_ms) / 1000
        yield f"absurd_time ts_ms: {ahead_s:+.1f} s from its arrival"


def _value(column: Column, raw: object) -> _Value:
    value = _READERS[column.sql_type](column, raw)
    if value.usable is not None and (wrong := _wrong(column, value.usable)):
        return _Value(None, wrong)
    return value


def _double(column: Column, raw: object) -> _Value:
    if type(raw) is float:
        return _Value(raw)
    if type(raw) is int:
        return _Value(float(raw))
    if type(raw) is str:
        return _spelled(column, raw, float)
    return _Value(None, _wrong_type(column, raw))


def _whole(column: Column, raw: object) -> _Value:
    if type(raw) is int:
        return _Value(raw)
    if type(raw) is float or type(raw) is str:
        return _spelled(column, raw, int)
    return _Value(None, _wrong_type(column, raw))


def _spelled(column: Column, raw: float | str, number: _Number) -> _Value:
    """Return the number that ``raw`` stands for, and that it should not."""
    try:
        usable = number(raw)
    except (ValueError, OverflowError):
        usable = None
    return _Value(usable, _wrong_type(column, raw))


def _text(column: Column, raw: object) -> _Value:
    if type(raw) is str:
        return _Value(raw)
    spelled = str(raw) if type(raw) in (int, float) else None
    return _Value(spelled, _wrong_type(column, raw))


def _boolean(column: Column, raw: object) -> _Value:
    return _Value(raw) if type(raw) is bool else _Value(None, _wrong_type(column, raw))


def _map(column: Column, raw: object) -> _Value:
    """Return a map of rows, less what is unusable in them."""
    if type(raw) is not dict:
        return _Value(None, _wrong_type(column, raw))
    read = {k: _row(column, f"{column.name}.{k}", row) for k, row in raw.items()}
    usable = {k: row.usable for k, row in read.items() if row.usable is not None}
    return _Value(usable, _joined(row.reason for row in read.values()))


def _row(column: Column, name: str, raw: object) -> _Value:
    if type(raw) is not dict:
        return _Value(None, f"wrong_type {name}: {_shown(raw)} is no ROW")
    read = {
        entry.name: _value(replace(entry, name=f"{name}.{entry.name}"), given)
        for entry in column.entries
        if (given := raw.get(entry.name)) is not None
    }
    usable = {k: value.usable for k, value in read.items() if value.usable is not None}
    return _Value(usable, _joined(value.reason for value in read.values()))


def _texts(column: Column, raw: object) -> _Value:
    """Return a list of texts. Each has its place: with one unusable, all are."""
    if type(raw) is not list:
        return _Value(None, _wrong_type(column, raw))
    names = (f"{column.name}[{i}]" for i in range(len(raw)))
    read = [
        _listed(replace(column, name=name), n)
        for name, n in zip(names, raw, strict=True)
    ]
    fit = all(value.usable is not None for value in read)
    return _Value(raw if fit else None, _joined(value.reason for value in read))


def _listed(column: Column, raw: object) -> _Value:
    if type(raw) is not str:
        return _Value(None, f"wrong_type {column.name}: {_shown(raw)} is no STRING")
    wrong = _unfit_text(column, raw)
    return _Value(None if wrong else raw, wrong)


def _numbers(column: Column, raw: object) -> _Value:
    """Return a list of numbers, null where one is missing."""
    if type(raw) is not list or not all(n is None or _is_number(n) for n in raw):
        return _Value(None, _wrong_type(column, raw))
    return _Value([None if n is None else float(n) for n in raw])


def _is_number(raw: object) -> bool:
    return type(raw) is int or type(raw) is float


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(filter(None, reasons))


_READERS: Final[dict[str, Callable[[Column, object], _Value]]] = {
    "DOUBLE": _double,
    "BIGINT": _whole,
    "INT": _whole,
    "STRING": _text,
    "BOOLEAN": _boolean,
    "MAP": _map,
    "ARRAY<STRING>": _texts,
    "ARRAY<DOUBLE>": _numbers,
}


def _wrong(column: Column, usable: object) -> str:
    """Return what is wrong with a value of the right type, or nothing."""
    if isinstance(usable, float):
        return _implausible(column, usable)
    if isinstance(usable, str):
        return _unfit_text(column, usable)
    return ""


def _implausible(column: Column, number: float) -> str:
    limits = column.plausible
    if limits is None:
        return "" if math.isfinite(number) else f"implausible {column.name}: {number}"
    if number in limits:
        return ""
    return (
        f"implausible {column.name}: {number:g},"
        f" not between {limits.above:g} and {limits.below:g}"
    )


def _unfit_text(column: Column, text: str) -> str:
    if not column.is_fitting_length(text):
        return f"length {column.name}: {len(text)}, 1 to {column.max_length} allowed"
    if not column.is_allowed(text):
        return f"not_allowed {column.name}: {_shown(text)}, one of {column.one_of}"
    return ""


def _wrong_type(column: Column, raw: object) -> str:
    return f"wrong_type {column.name}: {_shown(raw)} is no {column.sql_type}"


def _shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
