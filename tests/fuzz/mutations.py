"""Messages that somebody might write: good ones, and good ones with something wrong.

What comes out depends on the numbers drawn alone: a seed is a test case that is kept.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

from producers.contract.columns import SYNTHETIC_PATIENT_ID, SYSTEM_PATIENT_ID
from producers.schema import Column, Topic

NOW_MS: Final = 1_767_225_600_000
"""When they all arrive."""

_GOOD_SHARE: Final = 0.2
_MOST_FAULTS: Final = 3
_IDS: Final = ("p", "q", "d-1", "d-2", "2026/00123", "m" * 64, SYNTHETIC_PATIENT_ID)
_SAMPLES: Final = "AAAAAAAAAAA="


def message_of(topic: Topic, draw: Random) -> bytes:
    """Return a message of ``topic``, as often as not one that nobody can use."""
    message = good(topic, draw)
    if draw.random() < _GOOD_SHARE:
        return _written(message)
    for _ in range(draw.randint(0, _MOST_FAULTS)):
        draw.choice(_IN_VALUES)(message, draw)
    written = _written(message)
    if draw.random() < 0.3:
        written = draw.choice(_IN_BYTES)(written, draw)
    return written


def good(topic: Topic, draw: Random) -> dict[str, Any]:
    """Return a message that is as the contract has it."""
    message = {
        column.name: _value(column, draw)
        for column in topic.columns
        if column.required or draw.random() < 0.6
    }
    if topic.event_time in message:
        message[topic.event_time] = NOW_MS - draw.randrange(5_000)
    return message


def _written(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode(errors="surrogatepass")


def _value(column: Column, draw: Random) -> object:
    if column.one_of and not column.sql_type.startswith("ARRAY"):
        return draw.choice(column.one_of)
    return _VALUES[column.sql_type](column, draw)


def _number(column: Column, draw: Random) -> float:
    limits = column.plausible
    if limits is None:
        return draw.choice((0.0, 0.5, 97.25, -3.0))
    middle = (limits.above + min(limits.below, 400)) / 2
    return round(middle * draw.uniform(0.7, 1.2), 2)


def _whole(column: Column, draw: Random) -> int:
    if column.is_time:
        return NOW_MS - draw.randrange(100_000)
    return draw.randrange(20)


def _text(column: Column, draw: Random) -> str:
    if column.name == "samples":
        return _SAMPLES
    return draw.choice(_IDS if column.pattern else ("1.2", "as it was", "ü"))


def _texts(_column: Column, draw: Random) -> list[str]:
    return [f"C{n}" for n in range(draw.choice((2, 2, 2, 19)))]


def _numbers(_column: Column, draw: Random) -> list[float | None]:
    return [draw.choice((0.5, None)) for _ in range(2)]


def _rows(column: Column, draw: Random) -> dict[str, object]:
    names = ("pulse", "spo2", "temperature")
    return {
        name: {entry.name: _value(entry, draw) for entry in column.entries}
        for name in names[: draw.randint(0, 3)]
    }


_VALUES: Final[dict[str, Callable[[Column, Random], object]]] = {
    "DOUBLE": _number,
    "BIGINT": _whole,
    "INT": _whole,
    "STRING": _text,
    "BOOLEAN": lambda _, draw: draw.random() < 0.5,
    "MAP": _rows,
    "ARRAY<STRING>": _texts,
    "ARRAY<DOUBLE>": _numbers,
}


def _nested(depth: int) -> object:
    inner: object = 1
    for _ in range(depth):
        inner = {"a": [inner]}
    return inner


_ODD: Final[tuple[object, ...]] = (
    *(None, True, False, 0, -0.0, 1, -1, 0.5, 0.97, 16.0, 127, 255, 65_535, 8_388_607),
    *(2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**63) - 1),
    *(1e300, -1e300, 5e-324, 10**20, 10**400, 10**4_000, float("nan"), float("inf")),
    *(
        NOW_MS,
        NOW_MS + 60_001,
        NOW_MS // 1_000,
        253_402_300_800_000,
        -(10**14),
    ),
    *("", " ", "72", "-1", "1e3", "nan", "1" * 400, "1" * 5_000, "true", "yes", "null"),
    *("a b", "a\nb", "a\u0000b", "a\u2028b", "a\u202eb", "\ud800", "\U0001f600", "x\\"),
    *("a,b=c d", '"; DROP TABLE alarm; --', "<b>x</b>", "../..", "x" * 64, "x" * 65),
    *(
        "x" * 10_000,
        "🦆" * 500,
        SYSTEM_PATIENT_ID,
        "all",
        "ended",
        "cleared",
        "applied",
    ),
    *([], [[]], [None], [1, "2"], ["x"] * 300, [0] * 2_000, {}, {"value": 37.1}),
    *({"id": "x"}, {"": {}}, {"a\nb": {"lowest": 1}}, {"spo2_pct": 80}, _nested(3)),
    *(_nested(300), {str(n): {} for n in range(100)}),
)


def _replace(message: dict[str, Any], draw: Random) -> None:
    message[draw.choice([*message, "note"])] = draw.choice(_ODD)


def _drop(message: dict[str, Any], draw: Random) -> None:
    if message:
        del message[draw.choice([*message])]


def _swap(message: dict[str, Any], draw: Random) -> None:
    one, other = draw.choices([*message, "note"], k=2)
    message[one], message[other] = message.get(other), message.get(one)


def _spell(message: dict[str, Any], draw: Random) -> None:
    name = draw.choice([*message, "note"])
    message[name] = str(message.get(name))


def _turn(message: dict[str, Any], draw: Random) -> None:
    items = [*message.items()]
    draw.shuffle(items)
    message.clear()
    message.update(items)


def _nudge(message: dict[str, Any], draw: Random) -> None:
    name = draw.choice([*message, "note"])
    number = message.get(name)
    if isinstance(number, int | float) and abs(number) < 1e300:
        message[name] = number * draw.choice((-1, 0.01, 0.133322, 1_000, 1e15))


_IN_VALUES: Final = (_replace, _replace, _replace, _drop, _swap, _spell, _turn, _nudge)


def _cut(written: bytes, draw: Random) -> bytes:
    return written[: draw.randrange(len(written) + 1)]


def _flip(written: bytes, draw: Random) -> bytes:
    changed = bytearray(written or b" ")
    for _ in range(draw.randint(1, 4)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _insert(written: bytes, draw: Random) -> bytes:
    at = draw.randrange(len(written) + 1)
    pieces = (b"\t", b"\x00", b"\\", b'"', b"\xff", b"\xed\xa0\x80", b"1e999", b"NaN")
    return written[:at] + draw.choice(pieces) + written[at:]


def _again(written: bytes, draw: Random) -> bytes:
    """Say a name twice, or the whole message."""
    body = written.rstrip(b"}")
    return draw.choice(
        (written + written, body + b"," + written.lstrip(b"{"), written + b" x")
    )


def _wrap(written: bytes, draw: Random) -> bytes:
    before, after = draw.choice(
        (
            (b"[", b"]"),
            (b"\xef\xbb\xbf", b""),
            (b" \r\n", b"\n\n"),
            (b'{"a":' * 1_005, b"}" * 1_005),
            (b'{"note":' + b"[" * 990 + b"]" * 990 + b"," + b'"b":', b"}"),
        )
    )
    return before + written + after


def _encode(written: bytes, draw: Random) -> bytes:
    text = written.decode(errors="replace")
    encoding = draw.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"))
    return text.encode(encoding, "replace")


def _noise(_written: bytes, draw: Random) -> bytes:
    return draw.randbytes(draw.randrange(100))


def _inflate(written: bytes, draw: Random) -> bytes:
    """Make it long; seldom so long that nobody reads it."""
    blanks = 1_100_000 if draw.random() < 0.01 else 5_000
    return b" " * blanks + written


_IN_BYTES: Final = (
    *(_cut, _flip, _flip, _insert, _insert, _again, _wrap, _encode, _noise, _inflate),
)
