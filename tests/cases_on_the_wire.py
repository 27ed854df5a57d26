"""What a message says and what of it is used: one table for every reader of a topic.

A :class:`Case` is a message as its bytes, the topic that it is of, and what of it must
be used: ``usable`` has every usable column and its value, and is None where nothing of
the message may be used. Each arrives at ``ARRIVED_MS``. ``reasons`` are how the reasons
begin that go with it to ``rejected``, in their order; empty where nothing is wrong.

A reader that looks at some columns alone must agree on those. One that writes no
reasons must agree on what is used. The names of the cases are sentences about the
message, for the ids of tests.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from producers.contract import DEVICE_STATUS, EEG, MATCHES, SCORES, VITALS
from producers.schema import Topic

ARRIVED_MS: Final = 1_767_225_600_000
"""2026-01-01T00:00:00Z: when each message arrives."""


class Case(NamedTuple):
    """One message, and what of it is used."""

    name: str
    topic: Topic
    payload: bytes
    usable: Mapping[str, object] | None
    reasons: tuple[str, ...] = ()


_READING: Final[Mapping[str, Any]] = {
    "ts_ms": ARRIVED_MS,
    "patient_id": "p",
    "device_id": "d",
    "heart_rate_bpm": 72.0,
    "spo2_pct": 80.0,
}
_SECOND: Final[Mapping[str, Any]] = {
    "ts_ms": ARRIVED_MS,
    "patient_id": "p",
    "device_id": "d",
    "rate_hz": 2.0,
    "channels": ["Fp1", "Fp2"],
    "uv_per_count": 0.1,
    "samples": "AAAAAAAAAAA=",
}
_MATCH: Final[Mapping[str, Any]] = {
    "match_id": "0123456789abcdef0123456789abcdef",
    "pattern_name": "apnoea",
    "rule_version": 1,
    "kind": "clinical",
    "severity": "high",
    "phase": "ongoing",
    "patient_id": "p",
    "device_id": "d",
    "started_ms": ARRIVED_MS - 20_000,
    "ts_ms": ARRIVED_MS,
}
_STATUS: Final[Mapping[str, Any]] = {
    "ts_ms": ARRIVED_MS,
    "device_id": "d",
    "patient_id": "p",
    "boot_id": "d-1",
    "uptime_s": 60.0,
}
_SCORE: Final[Mapping[str, Any]] = {
    "score_name": "news2",
    "patient_id": "p",
    "ts_ms": ARRIVED_MS,
    "lowest": 3,
}
_BASES: Final = {
    VITALS.name: _READING,
    EEG.name: _SECOND,
    MATCHES.name: _MATCH,
    DEVICE_STATUS.name: _STATUS,
    SCORES.name: _SCORE,
}
_ALL: Final = object()


def _case(
    name: str,
    *reasons: str,
    topic: Topic = VITALS,
    used: object = _ALL,
    without: str = "",
    text: bytes | None = None,
    **changes: object,
) -> Case:
    """Return a good message with ``changes``, or ``text`` in its place.

    Of it ``used`` is used: the message as changed where nothing else is said, None, or
    the values that are used instead; those ``without`` never.
    """
    message = {**_BASES[topic.name], **changes}
    payload = json.dumps(message).encode() if text is None else text
    if used is None:
        return Case(name, topic, payload, None, reasons)
    usable = {**message, **(used if isinstance(used, dict) else {})}
    left = {k: v for k, v in usable.items() if k not in without.split()}
    return Case(name, topic, payload, left, reasons)


def _one(name: str, value: object) -> dict[str, Any]:
    return {name: value}


def _around(before: bytes, after: bytes = b"", **changes: object) -> bytes:
    return before + json.dumps({**_READING, **changes}).encode() + after


def _raw(**values: str) -> bytes:
    """Return the reading with values as they are spelled, in that order at its end."""
    body = json.dumps(_READING)[:-1]
    return (body + "".join(f', "{k}": {v}' for k, v in values.items()) + "}").encode()


_FLAGS: Final = ("1", '"1"', '"yes"', '"Y"', '"2 L/min"', "2.0", '""', "{}", "[]", "0")
_NO_IDS: Final = ("12345678901234567890", "1e3", "7", "true", '{"id": "x"}', '["x"]')
_BAD_IDS: Final = (
    "",
    " ",
    "icu\nx",
    "icu\u2028x",
    "icu\u0085x",
    "a\u0000b",
    "a b",
    "x\\",
    "a,b",
    "p=1",
    "<b>",
    "\u202egnp",
    "ü",
    "-p",
    "p-",
    "/p",
    "x" * 65,
    "https://a.example/?b",
)
_GOOD_IDS: Final = ("2026/00123", "ward-3/bed-4", "x" * 64, "a.b:c_d-e", "7", "_")
_NAN: Final = ("NaN", "Infinity", "-Infinity")
_LOOSE_UTF8: Final = {
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "half of a pair": b"\xed\xa0\x80",
    "a NUL of two bytes": b"\xc0\x80",
    "a quote of two bytes": b"\xc0\xa2",
    "a slash of three bytes": b"\xe0\x80\xaf",
    "what is beyond all characters": b"\xf5\x80\x80\x80",
}
_NO_UTF8: Final = (b"\x80", b"\xfc", b"\xe2\x82", b"\xf8\x88\x80\x80\x80", b"\xff")

FORM: Final = (
    _case("is good"),
    _case("has no bytes", "not_json", text=b"", used=None),
    _case("is a list", "not_json", text=_around(b"[", b"]"), used=None),
    _case("is cut short", "not_json", text=_around(b"")[:-1], used=None),
    _case("has something behind it", "not_json", text=_around(b"", b" x"), used=None),
    _case("comes twice", "not_json", text=_around(b"", _around(b"")), used=None),
    _case(
        "has a comma too many", "not_json", text=_around(b"")[:-1] + b",}", used=None
    ),
    _case(
        "has bytes that are no UTF-8",
        "not_json",
        text=_around(b"").replace(b'"p"', b'"\xff"'),
        used=None,
    ),
    _case(
        "begins with a byte order mark",
        "not_rfc8259",
        text=_around(b"\xef\xbb\xbf"),
    ),
    _case(
        "is UTF-16",
        "not_rfc8259",
        text=_around(b"").decode().encode("utf-16"),
    ),
    _case(
        "has a tabulator as it is in a text nobody reads",
        "not_rfc8259",
        text=_raw(note='"a\tb"'),
    ),
    _case(
        "has a line break as it is in an id",
        "not_rfc8259",
        "not_allowed patient_id",
        "missing patient_id",
        text=_around(b"").replace(b'"p"', b'"p\n"'),
        used=None,
    ),
    _case(
        "has a number no double holds",
        "not_rfc8259",
        "implausible heart_rate_bpm",
        text=_around(b"").replace(b"72.0", b"1e999"),
        without="heart_rate_bpm",
    ),
    *(
        _case(
            f"has {number} as a number",
            "not_json",
            text=_raw(temperature_c=number),
            used=None,
        )
        for number in _NAN
    ),
    _case(
        "has a name twice, the last of which counts",
        text=_raw(heart_rate_bpm="99.0"),
        used={"heart_rate_bpm": 99.0},
    ),
    _case(
        "has a name twice, the last of which is null",
        text=_raw(heart_rate_bpm="null"),
        without="heart_rate_bpm",
    ),
    _case(
        "has its names in another order",
        text=json.dumps(dict(reversed(list(_READING.items())))).encode(),
    ),
    _case("has blanks and line breaks between", text=_around(b" \n\t", b"\r\n ")),
    _case(
        "is nested deeply where nobody reads",
        text=_raw(note="[" * 900 + "]" * 900),
    ),
    _case("has a column nobody knows", text=_raw(note='"ü \\u0000"')),
    *(
        _case(
            f"has {what} as bytes of a text nobody reads",
            "not_rfc8259",
            text=_raw(note='"@"').replace(b"@", loose),
        )
        for what, loose in _LOOSE_UTF8.items()
    ),
    _case(
        "has a slash of two bytes in an id",
        "not_rfc8259",
        text=_around(b"", patient_id="p@q").replace(b"@", b"\xc0\xaf"),
        used={"patient_id": "p/q"},
    ),
    *(
        _case(
            f"has {loose!r} as {what}",
            "not_json",
            text=_raw(note='"@"').replace(b'"@"' if what == "a value" else b"@", loose),
            used=None,
        )
        for what, loose in (
            *(("bytes of a text", each) for each in _NO_UTF8),
            *(("a value", each) for each in _LOOSE_UTF8.values()),
        )
    ),
    _case("has a number of 1,000 digits", text=_raw(note="-1." + "0" * 997 + "e10")),
    _case("has a name of 50,000 characters", text=_raw(**{r"\u006b" * 50_000: "1"})),
    _case("has a text of 5,000 digits", text=_raw(note='"' + "1" * 5_000 + '"')),
    *(
        _case(f"has {what}", "not_json", text=text, used=None)
        for what, text in (
            ("a number of 1,001 digits", _raw(note="-1." + "0" * 998 + "e10")),
            ("a whole number of 1,001 digits", _raw(note="1" * 1_001)),
            ("such a number in a list", _raw(note="[1." + "0" * 1_000 + "]")),
            ("a name of 50,010 characters", _raw(**{"k" * 50_010: "1"})),
            ("such a name within", _raw(note='{"' + "k" * 50_010 + '": 1}')),
        )
    ),
)

NESTED: Final = (
    *(
        _case(
            f"has {value} for a number, and more behind it",
            "wrong_type temperature_c",
            text=(
                f'{{"ts_ms": {ARRIVED_MS}, "patient_id": "p", "device_id": "d",'
                f' "temperature_c": {value}, "heart_rate_bpm": 72.0, "spo2_pct": 80}}'
            ).encode(),
        )
        for value in (
            '{"value": 37.1, "unit": "Cel"}',
            '{"spo2_pct": 99, "patient_id": "q"}',
            "[]",
            "{}",
            "[37.1, 37.2]",
            "[{}]",
            '[[{"a": [1]}]]',
        )
    ),
    _case(
        "has an object before its time",
        "wrong_type temperature_c",
        text=(
            b'{"temperature_c": {"ts_ms": 1}, '
            + json.dumps(_READING).encode().removeprefix(b"{")
        ),
    ),
)

IDS: Final = (
    *(_case(f"has {each!r} as patient", patient_id=each) for each in _GOOD_IDS),
    *(_case(f"has {each!r} as device", device_id=each) for each in _GOOD_IDS),
    *(
        _case(
            f"has {each[:30]!r} as {name}, of {len(each)} characters",
            "length" if not 0 < len(each) <= 64 else "not_allowed",
            f"missing {name}",
            used=None,
            **_one(name, each),
        )
        for name in ("patient_id", "device_id")
        for each in _BAD_IDS
    ),
    *(
        _case(
            f"has {each} as {name}, which is no text",
            f"wrong_type {name}",
            f"missing {name}",
            text=_raw(**_one(name, each)),
            used=None,
        )
        for name in ("patient_id", "device_id")
        for each in _NO_IDS
    ),
    _case(
        "speaks for Vigil itself",
        "reserved patient_id",
        "missing patient_id",
        patient_id="vigil",
        used=None,
    ),
    _case("is of the synthetic patient", patient_id="vigil-synthetic"),
)

FLAGS: Final = (
    _case("breathes oxygen", on_oxygen=True),
    _case("breathes air", on_oxygen=False),
    *(
        _case(
            f"has {flag} as a flag",
            "wrong_type on_oxygen",
            text=_raw(on_oxygen=flag),
        )
        for flag in _FLAGS
    ),
    *(
        _case(
            f'has "{word}" in quotes as a flag',
            "wrong_type on_oxygen",
            on_oxygen=word,
            used={"on_oxygen": word == "true"},
        )
        for word in ("true", "false")
    ),
    *(
        _case(
            f"has {word!r} as consciousness",
            "not_allowed consciousness",
            consciousness=word,
            without="consciousness",
        )
        for word in ("a", "AVPU", "X", " A")
    ),
    _case(
        "says that the patient does what nobody knows",
        "not_allowed activity",
        activity="x" * 100_000,
        without="activity",
    ),
)


def _number(name: str, value: object, *reasons: str, used: object = None) -> Case:
    """Return a reading with one number; used as ``used``, if at all."""
    changed = _one(name, value)
    if used is None:
        return _case(f"has {value!r} as {name}", *reasons, without=name, **changed)
    told = {name: used}
    return _case(f"has {value!r} as {name}", *reasons, used=told, **changed)


def _pressure(rates: dict[str, float], *, in_kpa: bool) -> Case:
    said: dict[str, Any] = {
        "heart_rate_bpm": None,
        **rates,
        "systolic_mmhg": 16.0,
        "diastolic_mmhg": 10.7,
    }
    units = ("unit systolic_mmhg", "unit diastolic_mmhg") if in_kpa else ()
    wrong = ["pulse_rate_bpm"] if rates.get("pulse_rate_bpm") == 0 else []
    dropped = [*wrong, *(("systolic_mmhg", "diastolic_mmhg") if in_kpa else ())]
    dropped += [] if "heart_rate_bpm" in rates else ["heart_rate_bpm"]
    return _case(
        f"has a pressure of 16 over 10.7 beside {rates}",
        *(f"implausible {name}" for name in wrong),
        *units,
        without=" ".join(dropped),
        **said,
    )


NUMBERS: Final = (
    _number("heart_rate_bpm", 72, used=72.0),
    _number("heart_rate_bpm", "72", "wrong_type", used=72.0),
    _number("heart_rate_bpm", " 72.5 ", "wrong_type", used=72.5),
    _number("heart_rate_bpm", "7.2e1", "wrong_type", used=72.0),
    *(
        _number("heart_rate_bpm", each, "wrong_type")
        for each in ("", "fast", "72 bpm", "1_00", "٧٢", True, [72], {"bpm": 72})
    ),
    *(
        _number("heart_rate_bpm", each, "wrong_type", used=72.0)
        for each in ("72f", "72.0D", "0x1.2p6", "+072", "\u000072\u000b", "7.2e1d")
    ),
    *(
        _number("heart_rate_bpm", each, "implausible")
        for each in ("nan", "inf", "NaN", "Infinity", "-Infinity", "1e999", "0x1p9999")
    ),
    *(
        _number("heart_rate_bpm", each, "wrong_type")
        for each in (
            "0x48",
            "72L",
            "72ff",
            "\u00a072",
            "\uff17\uff12",
        )
    ),
    _number("heart_rate_bpm", 0, "implausible"),
    _number("heart_rate_bpm", 0.1, used=0.1),
    _number("heart_rate_bpm", 300, "implausible"),
    _number("heart_rate_bpm", 299.5, used=299.5),
    _number("heart_rate_bpm", 127, used=127.0),
    _number("heart_rate_bpm", 254, used=254.0),
    _number("heart_rate_bpm", 255, "no_value"),
    _number("heart_rate_bpm", "255", "no_value"),
    _number("heart_rate_bpm", 256, used=256.0),
    _number("pulse_rate_bpm", 255, "no_value"),
    _number("spo2_pct", 100, used=100.0),
    _number("spo2_pct", 100.1, "implausible"),
    _number("spo2_pct", 127, "no_value"),
    _number("spo2_pct", 255, "no_value"),
    _number("spo2_pct", 0.97, "unit"),
    _number("spo2_pct", 1, "unit"),
    _number("spo2_pct", 1.5, used=1.5),
    _number("spo2_pct", 30, used=30.0),
    _number("respiratory_rate_per_min", 255, "no_value"),
    _number("respiratory_rate_per_min", 69.9, used=69.9),
    _number("systolic_mmhg", 255, used=255.0),
    _number("systolic_mmhg", 65_535, "no_value"),
    _number("systolic_mmhg", 8_388_607, "no_value"),
    _number("systolic_mmhg", -100, "no_value"),
    _number("systolic_mmhg", 40, used=40.0),
    _number("systolic_mmhg", 39.9, "unit"),
    _number("systolic_mmhg", 16.0, "unit"),
    _number("systolic_mmhg", 5, used=5.0),
    _number("diastolic_mmhg", 20, used=20.0),
    _number("temperature_c", 98.6, "unit"),
    _number("temperature_c", 255, "no_value"),
    _number("temperature_c", 49.9, used=49.9),
    _number("temperature_c", 50, "implausible"),
    _number("signal_quality_pct", 0, used=0.0),
    _number("signal_quality_pct", 100, used=100.0),
    _number("signal_quality_pct", 100.5, "implausible"),
    _number("signal_quality_pct", 255, "no_value"),
    _number("signal_quality_pct", 0.9, "unit"),
    _number("signal_quality_pct", 1, used=1.0),
    _number("signal_quality_pct", -1, "no_value"),
    _pressure({"heart_rate_bpm": 72.0}, in_kpa=True),
    _pressure({"pulse_rate_bpm": 72.0}, in_kpa=True),
    _pressure({"pulse_rate_bpm": 72.0, "heart_rate_bpm": 140.0}, in_kpa=True),
    _pressure({"pulse_rate_bpm": 30.0, "heart_rate_bpm": 72.0}, in_kpa=False),
    _pressure({"pulse_rate_bpm": 0.0, "heart_rate_bpm": 72.0}, in_kpa=False),
    *(
        _case(
            f"has a pressure of 16 beside a pulse of {pulse!r} and a heart rate of 72",
            f"{what} pulse_rate_bpm",
            *(["unit systolic_mmhg"] * in_kpa),
            pulse_rate_bpm=pulse,
            systolic_mmhg=16.0,
            without="pulse_rate_bpm" + " systolic_mmhg" * in_kpa,
        )
        for pulse, what, in_kpa in (
            ("inf", "implausible", True),
            ("", "wrong_type", True),
            ("Infinity", "implausible", False),
        )
    ),
    _pressure({"heart_rate_bpm": 121.0}, in_kpa=False),
    _pressure({"heart_rate_bpm": 49.0}, in_kpa=False),
    _pressure({}, in_kpa=False),
    _number("seq", 2**63 - 1, used=2**63 - 1),
    _number("seq", 2**63, "range"),
    _number("seq", -(2**63), used=-(2**63)),
    _number("seq", "7", "wrong_type", used=7),
    _number("seq", "1" * 30, "wrong_type"),
    _number("seq", 1e300, "range"),
)

_NO_TIME: Final = ("missing ts_ms",)
_AHEAD: Final = 60_000
_AGE: Final = 28 * 86_400_000

TIMES: Final = (
    _case("is a minute ahead", ts_ms=ARRIVED_MS + _AHEAD),
    _case("is 28 days old", ts_ms=ARRIVED_MS - _AGE),
    _case(
        "is more than a minute ahead",
        "absurd_time ts_ms",
        ts_ms=ARRIVED_MS + _AHEAD + 1,
        used=None,
    ),
    _case(
        "is more than 28 days old",
        "absurd_time ts_ms",
        ts_ms=ARRIVED_MS - _AGE - 1,
        used=None,
    ),
    *(
        _case(
            f"has {str(each)[:30]!r} as time, of {len(str(each))} characters",
            reason,
            *_NO_TIME,
            text=_raw(ts_ms=json.dumps(each)),
            used=None,
        )
        for each, reason in (
            (2**62, "absurd_time ts_ms"),
            (2**63, "absurd_time ts_ms"),
            (-(2**63), "absurd_time ts_ms"),
            (1e300, "absurd_time ts_ms"),
            ("1" * 400, "wrong_type ts_ms"),
            ("1" * 4_300, "wrong_type ts_ms"),
            ("2026-01-01T00:00:00Z", "wrong_type ts_ms"),
            (True, "wrong_type ts_ms"),
            ({}, "wrong_type ts_ms"),
            ([ARRIVED_MS], "wrong_type ts_ms"),
            ("", "wrong_type ts_ms"),
        )
    ),
    _case(
        "has a time of 400 digits that are a number",
        "not_rfc8259",
        "absurd_time ts_ms",
        *_NO_TIME,
        text=_raw(ts_ms="1" * 400),
        used=None,
    ),
    _case(
        "has a time of 4,000 digits that are a number",
        "not_json",
        text=_raw(ts_ms="1" * 4_000),
        used=None,
    ),
    _case(
        "has its time in seconds", "absurd_time", ts_ms=ARRIVED_MS // 1000, used=None
    ),
    _case(
        "has its time in quotes",
        "wrong_type ts_ms",
        ts_ms=str(ARRIVED_MS),
        used={"ts_ms": ARRIVED_MS},
    ),
    *(
        _case(
            f"has {spelled!r} as its time",
            "wrong_type ts_ms",
            ts_ms=spelled,
            used={"ts_ms": ARRIVED_MS},
        )
        for spelled in (
            f" +{ARRIVED_MS}\u0000",
            "0" * 30 + str(ARRIVED_MS),
            "".join(chr(0xFF10 + int(digit)) for digit in str(ARRIVED_MS)),
        )
    ),
    *(
        _case(
            f"has {spelled!r} as its time, which is none",
            "wrong_type ts_ms",
            *_NO_TIME,
            ts_ms=spelled,
            used=None,
        )
        for spelled in (
            f"{ARRIVED_MS}.0",
            f"{ARRIVED_MS}L",
            "1.7672256e12",
            f"\u2003{ARRIVED_MS}",
            "".join(chr(0x1D7CE + int(digit)) for digit in str(ARRIVED_MS)),
        )
    ),
    _case(
        "has a time with a fraction",
        "wrong_type ts_ms",
        ts_ms=ARRIVED_MS + 0.5,
        used={"ts_ms": ARRIVED_MS},
    ),
    _case("has no time", *_NO_TIME, ts_ms=None, used=None),
)

_NAMES: Final = [f"C{n}" for n in range(256)]

EEG_CASES: Final = (
    _case("is a good second", topic=EEG),
    _case("has 256 channels", topic=EEG, channels=_NAMES),
    *(
        _case(
            f"has channels that are {what}",
            reason,
            "missing channels",
            topic=EEG,
            channels=channels,
            used=None,
        )
        for what, channels, reason in (
            ("too many", [*_NAMES, "one more"], "too_many channels"),
            ("100,000 zeros", [0] * 100_000, "too_many channels"),
            ("numbers", [0] * 200, "wrong_type channels[0]"),
            ("a text", "Fp1", "wrong_type channels"),
            ("without a name", ["Fp1", ""], "length channels[1]"),
            ("long names", ["Fp1", "x" * 65], "length channels[1]"),
            ("names with a line break", ["Fp1", "a\nb"], "not_allowed channels[1]"),
        )
    ),
    _case(
        "has 400 digits as time",
        "wrong_type ts_ms",
        *_NO_TIME,
        topic=EEG,
        ts_ms="1" * 400,
        used=None,
    ),
)

FOUND: Final = (
    _case("is a good match", topic=MATCHES),
    *(
        _case(
            f"is a match without {name}",
            f"missing {name}",
            topic=MATCHES,
            text=json.dumps({k: v for k, v in _MATCH.items() if k != name}).encode(),
            used=None,
        )
        for name in _MATCH
        if name != "rule_version"
    ),
    *(
        _case(
            f"is a match of a {name} from a later version",
            f"not_allowed {name}",
            f"missing {name}",
            topic=MATCHES,
            used=None,
            **_one(name, "unheard-of"),
        )
        for name in ("severity", "kind", "phase")
    ),
    *(
        _case(
            f"is a match that began at {started_ms}",
            "absurd_time started_ms",
            "missing started_ms",
            topic=MATCHES,
            started_ms=started_ms,
            used=None,
        )
        for started_ms in (2**63 - 1, 2**63, 253_402_300_800_000, -(2**63))
    ),
    _case(
        "is a match of a pattern with a name of 1.0 MB",
        "length pattern_name",
        "missing pattern_name",
        topic=MATCHES,
        pattern_name="x" * 1_000_000,
        used=None,
    ),
    _case(
        "is a match of a rule beyond 32 bits",
        "range rule_version",
        topic=MATCHES,
        rule_version=2**31,
        without="rule_version",
    ),
    _case(
        "is a match of a rule before the first",
        "implausible rule_version",
        topic=MATCHES,
        rule_version=-1,
        without="rule_version",
    ),
    _case(
        "is a match whose extreme has 400 digits",
        "not_rfc8259",
        "implausible observed",
        topic=MATCHES,
        observed=10**400,
        without="observed",
    ),
    _case("is a good score", topic=SCORES),
    _case(
        "is a score of too many parts",
        "too_many parts",
        topic=SCORES,
        parts={f"part_{n}": {"lowest": 0} for n in range(65)},
        without="parts",
    ),
    _case("is a good status", topic=DEVICE_STATUS),
    _case(
        "is a status with a battery of 255",
        "implausible battery_pct",
        topic=DEVICE_STATUS,
        battery_pct=255.0,
        without="battery_pct",
    ),
)

CASES: Final = (*FORM, *NESTED, *IDS, *FLAGS, *NUMBERS, *TIMES, *EEG_CASES, *FOUND)
"""Every case there is."""


def cases_of(topic: Topic) -> tuple[Case, ...]:
    """Return the cases of one topic."""
    return tuple(case for case in CASES if case.topic.name == topic.name)
