"""The short cut for a value that is fine as it is: nearly all are.

Each returns the value, or None, which sends it the long way (``producers.values``).
"""

import re
import sys
from collections.abc import Callable
from typing import Any, Final

from producers.schema import Column, Plausible

Plain = Callable[[Any], object]


def plain(column: Column) -> Plain:
    """Return what tells a value of ``column`` that needs no second look."""
    if column.sql_type == "DOUBLE":
        return _number(column)
    if column.sql_type in {"BIGINT", "INT"}:
        return _whole(column)
    if column.one_of or column.pattern:
        return _name(column)
    return _FLAG if column.sql_type == "BOOLEAN" else _NEVER


def plain_beside_plain_text(column: Column) -> Plain:
    """Return the same, of a message in which no text can have an unfit character.

    A line break or the like must be written with a backslash: where there is none,
    half a megabyte of samples need not be looked through.
    """
    if column.sql_type == "ARRAY<STRING>":
        return _list(_text(column), column.max_items or 0)
    if column.sql_type == "STRING" and not (column.one_of or column.pattern):
        return _text(column)
    return plain(column)


def has_only_plain_text(payload: bytes) -> bool:
    """Return whether no text in ``payload`` can have an unfit character."""
    return payload.isascii() and b"\\" not in payload and b"\x7f" not in payload


def _number(column: Column) -> Plain:
    low, high = _unsuspicious(column)
    numbers = (int, float)
    return lambda raw: float(raw) if type(raw) in numbers and low < raw < high else None


_ANY_DOUBLE: Final = Plausible(-sys.float_info.max, sys.float_info.max)
"""A whole number beyond it is none: a float of it would raise."""


def _unsuspicious(column: Column) -> tuple[float, float]:
    """Return the bounds between which a number can be neither code nor other unit."""
    limits = column.plausible or _ANY_DOUBLE
    codes = [code for code in column.no_value if code in limits]
    other = [suspect.within.below for suspect in column.suspects]
    low = max([limits.above, *(bound for bound in other if bound in limits)])
    return low, min([limits.below, *codes])


def _whole(column: Column) -> Plain:
    least, most = column.whole_range[0], column.whole_range[-1]
    if limits := column.plausible:
        return lambda raw: raw if type(raw) is int and raw in limits else None
    return lambda raw: raw if type(raw) is int and least <= raw <= most else None


def _name(column: Column) -> Plain:
    if column.one_of:
        texts = frozenset(column.one_of)
        return lambda raw: raw if type(raw) is str and raw in texts else None
    matches, reserved = re.compile(column.pattern).fullmatch, column.reserved
    return lambda raw: (
        raw if type(raw) is str and matches(raw) and raw not in reserved else None
    )


def _text(column: Column) -> Plain:
    most = column.max_length or 0
    return lambda raw: raw if type(raw) is str and 0 < len(raw) <= most else None


def _list(is_plain: Plain, most: int) -> Plain:
    return lambda raw: (
        raw
        if type(raw) is list and len(raw) <= most and all(map(is_plain, raw))
        else None
    )


_FLAG: Final[Plain] = lambda raw: raw if type(raw) is bool else None  # noqa: E731
_NEVER: Final[Plain] = lambda _: None  # noqa: E731
