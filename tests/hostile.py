"""Messages as nobody should send them: made of good ones, the same for each seed.

What is spoiled may still be usable: a reader decides that by the contract.
"""

import base64
import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from producers.contract import EEG
from producers.schema import MOST_MESSAGE_BYTES, Column, Topic

Message = dict[str, Any]

ODD: Final[tuple[object, ...]] = (
    None,
    True,
    0,
    -1,
    255,
    0.9,
    2**31,
    2**63,
    -(2**63) - 1,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "72",
    "1" * 400,
    "yes",
    "2 L/min",
    "a\0b",
    "line\nbreak",
    "\u2028",
    "\ud800",
    "\u202e",
    "x\\",
    "../..",
    "vigil",
    "x" * 300,
    [],
    [[]],
    [1, "a", None],
    {},
    {"value": 37.1, "unit": "Cel"},
    {"ts_ms": 1, "patient_id": "other"},
)
"""Values that some reader once took for something else, or that ended it."""

LARGE: Final = 2_000
"""One of so many messages is about as large as a message may be, or larger."""


def good(topic: Topic, now_ms: int, who: str) -> Message:
    """Return a message of ``topic`` with all its columns, each of them usable."""
    message = {each.name: _usable(each, now_ms, who) for each in topic.columns}
    if topic is EEG:
        message |= {"rate_hz": 2.0, "channels": ["Fp1"]}
        message["samples"] = base64.b64encode(bytes(4)).decode()
    return message


def _usable(column: Column, now_ms: int, who: str) -> object:
    if column.is_time:
        return now_ms
    if column.one_of:
        return column.one_of[0]
    if column.entries:
        row = {each.name: _usable(each, now_ms, who) for each in column.entries}
        return {"pulse": row}
    if column.plausible:
        return (column.plausible.above + column.plausible.below) / 2
    return {**_PLAIN, "STRING": who if column.pattern else "a text"}[column.sql_type]


_PLAIN: Final[Mapping[str, object]] = {
    "DOUBLE": 1.0,
    "INT": 1,
    "BIGINT": 1,
    "BOOLEAN": True,
    "ARRAY<STRING>": ["a"],
    "ARRAY<DOUBLE>": [1.0],
}


def hostile(topic: Topic, rng: Random, now_ms: int) -> bytes:
    """Return a message of ``topic`` with one to three things wrong with it."""
    message = good(topic, now_ms, f"hostile-{rng.randrange(10)}")
    for _ in range(rng.randint(1, 3)):
        message = _spoiled(message, rng, list(message))
    return _garbled(_written(message), rng)


def spoiled(topic: Topic, rng: Random, now_ms: int) -> bytes:
    """Return the same, with nothing wrong in its times, nor in its bytes."""
    message = good(topic, now_ms, f"spoiled-{rng.randrange(10)}")
    others = [each.name for each in topic.columns if not each.is_time]
    return _written(_spoiled(message, rng, others))


def _written(message: Message) -> bytes:
    return json.dumps(message).encode("utf-8", errors="replace")


def _spoiled(message: Message, rng: Random, names: list[str]) -> Message:
    name = rng.choice(names)
    if rng.randrange(LARGE) == 0:
        return {**message, name: "?" * rng.choice((10**6, MOST_MESSAGE_BYTES // 2))}
    if rng.randrange(8) == 0:
        return {key: value for key, value in message.items() if key != name}
    return {**message, name: rng.choice(ODD)}


def _garbled(written: bytes, rng: Random) -> bytes:
    return rng.choice(_GARBLING)(written, rng) if rng.randrange(4) == 0 else written


_GARBLING: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    lambda written, rng: written[: rng.randrange(len(written))],
    lambda written, rng: rng.randbytes(len(written) % 100),
    lambda written, _: b"\xef\xbb\xbf" + written,
    lambda written, _: b"[" + written + b"]",
    lambda written, _: written + written,
    lambda written, _: written.replace(b'": ', b'":\t', 1).replace(b"a", b"\t", 1),
    lambda written, _: written[:-1] + b', "ts_ms": 5}',
    lambda written, rng: b'{"x": ' + b"[" * rng.randrange(2_000) + written,
    lambda written, rng: written.replace(b"1", b"9" * rng.randrange(400), 1),
)
"""What goes wrong with bytes."""
