"""Bytes -> the JSON object that they are, as every reader of the wire has it."""

import codecs
import hashlib
import json
import re
import sys
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
    if not odd and _is_beyond_parsers(payload, given):
        raise NotReadableError(NOT_JSON)
    return JsonObject(given, odd)


def _is_beyond_parsers(payload: bytes, values: dict[str, object]) -> bool:
    """Return whether JSON has a number or a name that not every reader takes.

    What is not short is looked through; half a megabyte of samples is one text.
    """
    if len(payload) <= _MOST_DIGITS:
        return False
    texts = (len(each) for each in values.values() if type(each) is str)
    if len(payload) - max(texts, default=0) <= _MOST_DIGITS:
        return False
    return any(map(_is_token_too_long, _LONG_TOKEN.finditer(payload)))


def _is_token_too_long(token: re.Match[bytes]) -> bool:
    if number := token["number"]:
        return _digits(number.decode()) > _MOST_DIGITS
    if not token["colon"] or len(token["text"]) <= _MOST_NAME_BYTES:
        return False
    return _name_bytes(orjson.loads(token["text"])) > _MOST_NAME_BYTES


_LONG_TOKEN: Final = re.compile(
    rb'(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")(?P<colon>\s*:)?'
    rb"|(?P<number>[-+.0-9eE]{1000,})"
)


def _leniently_read(payload: bytes) -> object:
    """Read what a device meant beyond doubt, although it did not keep to the letter."""
    try:
        return json.loads(
            _decoded(payload),
            strict=False,
            parse_constant=_refuse,
            parse_int=_whole_number,
            parse_float=_decimal_number,
            object_pairs_hook=_named,
        )
    except (ValueError, RecursionError):
        raise NotReadableError(NOT_JSON) from None


def _decoded(payload: bytes) -> str:
    encoding = json.detect_encoding(payload)
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            raise
        return _loosely_decoded(payload.removeprefix(codecs.BOM_UTF8))


def _loosely_decoded(payload: bytes) -> str:
    """Return UTF-8 as Flink's parser takes it, which looks at no more than its form.

    So it takes halves of surrogate pairs, and characters in more bytes than they need,
    as some drivers and databases write them. Each is written as an escape here: it
    ends no text. What is not even of the form stays, and is refused.
    """
    text = _MANY_BYTES.sub(_as_escape, payload.decode("latin-1"))
    return text.encode("ascii").decode()


_MANY_BYTES: Final = re.compile(
    "[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}"
)


def _as_escape(sequence: re.Match[str]) -> str:
    first, *more = map(ord, sequence.group())
    code = first & (0x3F >> len(more))
    for each in more:
        code = code << 6 | each & 0x3F
    if code > sys.maxunicode:
        code = 0xFFFD
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _whole_number(text: str) -> int:
    return int(_short_number(text))


def _decimal_number(text: str) -> float:
    return float(_short_number(text))


def _short_number(text: str) -> str:
    if _digits(text) > _MOST_DIGITS:
        raise ValueError(_MOST_DIGITS)
    return text


def _digits(number: str) -> int:
    return sum(map(str.isdigit, number))


def _named(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if any(_name_bytes(name) > _MOST_NAME_BYTES for name, _ in pairs):
        raise ValueError(_MOST_NAME_BYTES)
    return dict(pairs)


def _name_bytes(name: str) -> int:
    return len(name.encode(errors="surrogatepass"))


_MOST_DIGITS: Final = 1_000
_MOST_NAME_BYTES: Final = 50_000
"""Of a number and of a name: as many as every reader's parser takes."""


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
