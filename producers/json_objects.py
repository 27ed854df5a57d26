"""Bytes -> the JSON object that they are, as every reader of the wire has it."""

import hashlib
import json
from typing import Any, Final, NamedTuple, NoReturn

import orjson

from producers.schema import MOST_DEPTH, MOST_MESSAGE_BYTES

NOT_JSON: Final = "not_json: the message is no JSON object"


class NotReadableError(ValueError):
    """Nothing of the message can be used; the text is the reason."""


class JsonObject(NamedTuple):
    """An object, and what is odd about the form in which it came; mostly nothing."""

    values: dict[str, object]
    odd: str = ""


def json_object(payload: bytes) -> JsonObject:
    """Return the object that ``payload`` is.

    Raises
    ------
    NotReadableError
        It is none, or longer or deeper than anybody reads.
    """
    if len(payload) > MOST_MESSAGE_BYTES:
        digest = hashlib.sha256(payload).hexdigest()
        most = f"{len(payload)} of at most {MOST_MESSAGE_BYTES} bytes"
        msg = f"too_long: {most}, SHA-256 {digest}"
        raise NotReadableError(msg)
    found = _read(payload)
    if _is_too_deep(found.values):
        msg = f"too_deep: more than {MOST_DEPTH} brackets within one another"
        raise NotReadableError(msg)
    return found


def _read(payload: bytes) -> JsonObject:
    try:
        given, odd = orjson.loads(payload), ""
    except orjson.JSONDecodeError as error:
        given, odd = _leniently_read(payload), f"not_rfc8259: {error}"
    if not isinstance(given, dict):
        raise NotReadableError(NOT_JSON)
    return JsonObject(given, odd)


def _leniently_read(payload: bytes) -> object:
    """Read what a device meant beyond doubt, although it did not keep to the letter."""
    try:
        text = payload.decode(json.detect_encoding(payload))
        return json.loads(
            text, strict=False, parse_constant=_refuse, parse_int=_whole_number
        )
    except (ValueError, RecursionError):
        raise NotReadableError(NOT_JSON) from None


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(_MOST_DIGITS)
    return int(digits)


_MOST_DIGITS: Final = 1_000
"""As many as any reader's parser takes."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _is_too_deep(values: dict[str, object]) -> bool:
    """Return whether brackets stand too deep in brackets; it looks level by level."""
    depth = 1
    level = [each for each in values.values() if type(each) in _BRACKETED]
    while level and depth <= MOST_DEPTH:
        depth += 1
        level = [each for outer in level for each in _bracketed_in(outer)]
    return depth > MOST_DEPTH


_BRACKETED: Final = {dict, list}


def _bracketed_in(outer: Any) -> list[object]:  # noqa: ANN401 - an object or a list
    inside = outer.values() if type(outer) is dict else outer
    return [each for each in inside if type(each) in _BRACKETED]
