"""One value by the contract: what of it can be used, and what is wrong with it."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from producers.schema import Column, Suspect

MOST_FAULTS: Final = 5
"""How many are named of one message; a thousand wrong channels are one mistake."""
_SHOWN: Final = 40
_MOST_NAME: Final = 64
_MOST_BITS: Final = 128
_DECIMAL: Final = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:NaN|Infinity))"
    "[fFdD]?"
)
_HEXADECIMAL: Final = re.compile(
    r"([+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[fFdD]?"
)
_WHOLE: Final = re.compile(r"([+-]?)0*(\d{1,19})")
"""Which texts are numbers to Flink, which reads them as Java does: ``72f``, too."""
_NO_NUMBERS: Final = {"nan", "inf", "+inf", "-inf", "infinity", "-infinity"}
"""What other programs write for numbers that are none: implausible of any column."""
_BLANKS: Final = "".join(map(chr, range(33)))
_LARGEST_CHARACTER: Final = "\uffff"
"""Of those of one unit of UTF-16: a digit beyond them is none to Java."""
_FLAGS: Final = {"true": True, "false": False}
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no text may have: it ends lines, databases refuse it, or it is no character."""


class Value(NamedTuple):
    """What can be used of a value (nothing: None), and what is wrong with it."""

    usable: object = None
    reason: str = ""


def judged(column: Column, raw: object, beside: Mapping[str, object]) -> Value:
    """Return what can be used of ``raw``, which stood ``beside`` other values."""
    value = _READERS[column.sql_type](column, raw)
    if value.usable is not None and (wrong := _wrong(column, value.usable, beside)):
        return Value(None, wrong)
    return value


def _double(column: Column, raw: object) -> Value:
    if type(raw) is float or type(raw) is int:
        return Value(_as_double(raw))
    if type(raw) is not str:
        return Value(None, _wrong_type(column, raw))
    number = _number_in(text := raw.strip(_BLANKS))
    if number is None and text.lower() in _NO_NUMBERS:
        return Value(None, f"implausible {column.name}: {text}")
    return Value(number, _wrong_type(column, raw))


def _number_in(text: str) -> float | None:
    if found := _DECIMAL.fullmatch(text):
        return float(found[1].removesuffix("inity"))
    if found := _HEXADECIMAL.fullmatch(text):
        try:
            return float.fromhex(found[1])
        except OverflowError:
            return -math.inf if text.startswith("-") else math.inf
    return None


def _as_double(raw: float) -> float:
    try:
        return float(raw)
    except OverflowError:  # a whole number of 400 digits
        return math.inf if raw > 0 else -math.inf


def _whole(column: Column, raw: object) -> Value:
    if type(raw) is int:
        return Value(raw)
    if type(raw) is float and math.isfinite(raw):
        return Value(int(raw), _wrong_type(column, raw))
    number = _whole_in(raw.strip(_BLANKS)) if type(raw) is str else None
    return Value(number, _wrong_type(column, raw))


def _whole_in(text: str) -> int | None:
    found = _WHOLE.fullmatch(text)
    if found is None or max(text) > _LARGEST_CHARACTER:
        return None
    return int(found[1] + found[2])


def _text(column: Column, raw: object) -> Value:
    return Value(raw) if type(raw) is str else Value(None, _wrong_type(column, raw))


def _boolean(column: Column, raw: object) -> Value:
    flag = _FLAGS.get(raw) if type(raw) is str else None
    return Value(flag, _wrong_type(column, raw))


def _map(column: Column, raw: object) -> Value:
    """Return a map of rows, less what is unusable in them."""
    if type(raw) is not dict:
        return Value(None, _wrong_type(column, raw))
    if too_many := _too_many(column, raw):
        return Value(None, too_many)
    read = {k: _named_row(column, k, row) for k, row in raw.items()}
    usable = {k: row.usable for k, row in read.items() if row.usable is not None}
    return Value(usable, _joined(row.reason for row in read.values()))


def _named_row(column: Column, name: str, raw: object) -> Value:
    if not 0 < len(name) <= _MOST_NAME or _UNFIT.search(name):
        return Value(None, f"not_allowed {column.name}: {_shown(name)} as a name")
    return _row(column, f"{column.name}.{name}", raw)


def _row(column: Column, name: str, raw: object) -> Value:
    if type(raw) is not dict:
        return Value(None, f"wrong_type {name}: {_shown(raw)} is no ROW")
    read = {
        entry.name: judged(replace(entry, name=f"{name}.{entry.name}"), given, {})
        for entry in column.entries
        if (given := raw.get(entry.name)) is not None
    }
    usable = {k: value.usable for k, value in read.items() if value.usable is not None}
    return Value(usable, _joined(value.reason for value in read.values()))


def _texts(column: Column, raw: object) -> Value:
    """Return a list of texts. Each has its place: with one unusable, all are."""
    if type(raw) is not list:
        return Value(None, _wrong_type(column, raw))
    if too_many := _too_many(column, raw):
        return Value(None, too_many)
    wrong = [_unfit_item(column, i, each) for i, each in enumerate(raw)]
    return Value(None if any(wrong) else raw, _joined(wrong))


def _unfit_item(column: Column, index: int, raw: object) -> str:
    if type(raw) is str and not _unfit_text(column, raw):
        return ""
    item = replace(column, name=f"{column.name}[{index}]")
    if type(raw) is str:
        return _unfit_text(item, raw)
    return f"wrong_type {item.name}: {_shown(raw)} is no STRING"


def _numbers(column: Column, raw: object) -> Value:
    """Return a list of numbers, null where one is missing."""
    if type(raw) is not list or not all(n is None or _is_number(n) for n in raw):
        return Value(None, _wrong_type(column, raw))
    if too_many := _too_many(column, raw):
        return Value(None, too_many)
    return Value([None if n is None else float(n) for n in raw])


def _is_number(raw: object) -> bool:
    return (type(raw) is int or type(raw) is float) and math.isfinite(_as_double(raw))


def _too_many(column: Column, raw: list[object] | dict[str, object]) -> str:
    most = column.max_items
    if most is None or len(raw) <= most:
        return ""
    return f"too_many {column.name}: {len(raw)}, at most {most} allowed"


def _joined(reasons: Iterable[str]) -> str:
    faults = [reason for reason in reasons if reason]
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"and {len(faults) - MOST_FAULTS} more"]
    return "; ".join(faults)


_READERS: Final[dict[str, Callable[[Column, object], Value]]] = {
    "DOUBLE": _double,
    "BIGINT": _whole,
    "INT": _whole,
    "STRING": _text,
    "BOOLEAN": _boolean,
    "MAP": _map,
    "ARRAY<STRING>": _texts,
    "ARRAY<DOUBLE>": _numbers,
}


def _wrong(column: Column, usable: object, beside: Mapping[str, object]) -> str:
    """Return what is wrong with a value of the right type, or nothing."""
    if type(usable) is float:
        return _misleading(column, usable, beside) or _implausible(column, usable)
    if type(usable) is int:
        return _out_of_range(column, usable) or _implausible(column, usable)
    if type(usable) is str:
        return _unfit_text(column, usable)
    return ""


def _misleading(column: Column, number: float, beside: Mapping[str, object]) -> str:
    """Return what else a number means than it says, if anything."""
    if number in column.no_value:
        return f"no_value {column.name}: {number:g} stands for no value"
    for suspect in column.suspects:
        if _is_suspect(suspect, number, beside):
            return f"unit {column.name}: {number:g} looks like {suspect.looks_like}"
    return ""


def _is_suspect(suspect: Suspect, number: float, beside: Mapping[str, object]) -> bool:
    return number in suspect.within and all(
        _first_number(each.columns, beside) in each.within for each in suspect.beside
    )


def _first_number(names: Iterable[str], beside: Mapping[str, object]) -> float:
    """Return the first of ``names`` that is a number; else one that is nowhere."""
    for name in names:
        read = _double(_ANY_NUMBER, beside.get(name)).usable
        if isinstance(read, float):
            return read
    return math.nan


_ANY_NUMBER: Final = Column(name="", sql_type="DOUBLE", doc="what it is held against")


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


def _out_of_range(column: Column, number: int) -> str:
    if number in column.whole_range:
        return ""
    if column.is_time:
        years = "is not in the years 1900 to 2199"
        return f"absurd_time {column.name}: {_digits(number)} {years}"
    return f"range {column.name}: {_digits(number)} is no {column.sql_type}"


def _digits(number: int) -> str:
    """Return a number that may have more digits than Python writes out."""
    return f"{number}" if number.bit_length() <= _MOST_BITS else "a number too large"


def _unfit_text(column: Column, text: str) -> str:
    name = column.name
    if not column.is_fitting_length(text):
        return f"length {name}: {len(text)}, 1 to {column.max_length} allowed"
    if not column.is_allowed(text):
        return f"not_allowed {name}: {_shown(text)}, one of {column.one_of}"
    if column.pattern and not re.fullmatch(column.pattern, text):
        return f"not_allowed {name}: {_shown(text)} does not match {column.pattern}"
    if text in column.reserved:
        return f"reserved {name}: {_shown(text)} is nobody's to use here"
    if _UNFIT.search(text):
        return f"not_allowed {name}: {_shown(text)} has characters that are no text"
    return ""


def _wrong_type(column: Column, raw: object) -> str:
    return f"wrong_type {column.name}: {_shown(raw)} is no {column.sql_type}"


def _shown(raw: object) -> str:
    """Return the beginning of what was given, however long, deep or odd it is."""
    try:
        text = repr(raw[: _SHOWN + 1] if isinstance(raw, str | list) else raw)
    except (RecursionError, ValueError):  # too deep, or too many digits
        return f"a {type(raw).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
