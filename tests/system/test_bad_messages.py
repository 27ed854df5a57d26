"""Ten thousand bad messages among good ones: none stops a job, all are kept."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from zlib import crc32

import orjson
import pytest

from jobs.measurements import VITALS_10S, VITALS_RAW
from producers.contract import VITALS
from producers.validation import verdict
from stack.flink_jobs import JOBS, job_name
from tests.ward import Placed, Raw, Ward, eventually

pytestmark = pytest.mark.system

BAD: Final = 10_000
LENGTH_S: Final = 200

Message = dict[str, object]
Spoil = Callable[[Message], bytes]


def _changed(**changes: object) -> Spoil:
    return lambda message: orjson.dumps({**message, **changes})


def _without(name: str) -> Spoil:
    return lambda message: orjson.dumps(
        {key: value for key, value in message.items() if key != name}
    )


UNUSABLE: Final[dict[str, Spoil]] = {
    "not_json": lambda _: b"HR=72;SPO2=97",
    "not_json ": lambda message: orjson.dumps(message)[:-20],
    "not_json  ": lambda _: bytes(range(256)),
    "not_json   ": lambda message: orjson.dumps([1, 2, 3, str(message)]),
    "not_json    ": lambda _: b"",
    "not_json     ": lambda message: orjson.dumps(message).replace(b"97.0", b"NaN"),
    "missing patient_id": _without("patient_id"),
    "missing ts_ms": _without("ts_ms"),
    "length patient_id": _changed(patient_id="x" * 300),
    "wrong_type ts_ms": _changed(ts_ms="yesterday"),
    "absurd_time ts_ms": _changed(ts_ms=99_999_999_999_999),
    "absurd_time ts_ms ": _changed(ts_ms=-1),
}
"""Messages of which nothing can be used, by how the reason begins."""

PARTLY: Final[dict[str, Spoil]] = {
    "wrong_type heart_rate_bpm": _changed(heart_rate_bpm="fast"),
    "wrong_type heart_rate_bpm ": _changed(heart_rate_bpm=[72]),
    "implausible heart_rate_bpm": _changed(heart_rate_bpm=612),
    "implausible heart_rate_bpm ": _changed(heart_rate_bpm=0),
    "wrong_type heart_rate_bpm  ": _changed(heart_rate_bpm="70"),
}
"""Messages of which one value cannot be used."""

A_MEGABYTE: Final = ("not_allowed consciousness", _changed(consciousness="?" * 10**6))

KINDS: Final = [*UNUSABLE.items(), *PARTLY.items()]


def test_bad_messages_are_kept_with_their_reason_and_good_ones_go_through(
    ward: Ward,
) -> None:
    begin_ms = ward.begin_ms(length_s=LENGTH_S)
    restarts = ward.restarts()
    assert set(restarts) == set(map(job_name, JOBS))
    before = Counter(_kind(headers["reason"]) for _, headers in ward.rejected())
    bad = [_kind_of(number) for number in range(BAD)]
    stream = [*_good(begin_ms), *_bad(begin_ms, bad)]
    ward.write(
        _placed((raw for _, raw in sorted(stream, key=lambda each: each[0]))), VITALS
    )
    ward.let_time_pass(begin_ms + (LENGTH_S + 100) * 1000)

    expected = before + Counter(reason.strip() for reason, _ in bad)
    eventually(
        lambda: Counter(_kind(headers["reason"]) for _, headers in ward.rejected()),
        expected,
    )
    eventually(
        lambda: len(ward.points(VITALS_RAW, "good", ["spo2_pct"])), 10 * LENGTH_S
    )
    eventually(lambda: _counted(ward, "good"), 10 * LENGTH_S)
    assert _counted(ward, "bad") == len(ward.points(VITALS_RAW, "bad", ["spo2_pct"]))
    assert ward.restarts() == restarts


def test_what_is_kept_is_the_message_byte_for_byte_and_where_it_stood(
    ward: Ward,
) -> None:
    ward.begin_ms(length_s=1)
    garbage = bytes(range(256)) * 3
    ward.publish([("anybody", garbage)])
    eventually(
        lambda: garbage in [value for value, _ in ward.rejected()], expected=True
    )
    [headers] = [headers for value, headers in ward.rejected() if value == garbage]
    stood = {
        (record.partition, record.offset)
        for record in ward.read(VITALS)
        if record.value == garbage
    }
    place = int(headers["source_partition"]), int(headers["source_offset"])
    assert {place} == stood
    assert headers["source_topic"] == VITALS.name


def _placed(messages: Iterable[Raw]) -> Iterator[Placed]:
    """Yield messages; those that say no time have a partition of their own.

    They move event time there to now, and these readings are of the past.
    """
    for key, value in messages:
        _, reasons = verdict(VITALS, value, round(time.time() * 1000))
        says_when = not any("ts_ms" in reason for reason in reasons)
        others = 1 + crc32(key.encode()) % (VITALS.partitions - 1)
        yield Placed(others if says_when else 0, key, value)


def _kind(reason: str) -> str:
    return reason.split(":", maxsplit=1)[0]


def _kind_of(number: int) -> tuple[str, Spoil]:
    return A_MEGABYTE if number % 500 == 0 else KINDS[number % len(KINDS)]


def _counted(ward: Ward, patients: str) -> float:
    """Return how many saturations the 10 s windows have counted."""
    points = ward.points(VITALS_10S, patients, ["spo2_pct_count"])
    return sum(float(str(point["spo2_pct_count"])) for point in points.values())


def _message(patient_id: str, ts_ms: int) -> Message:
    return {
        "ts_ms": ts_ms,
        "patient_id": patient_id,
        "device_id": f"{patient_id}-monitor",
        "heart_rate_bpm": 70.0,
        "spo2_pct": 97.0,
    }


def _good(begin_ms: int) -> Iterator[tuple[int, Raw]]:
    for second in range(LENGTH_S):
        for patient in range(10):
            message = _message(f"good-{patient}", begin_ms + second * 1000)
            yield second, (str(message["patient_id"]), orjson.dumps(message))


def _bad(begin_ms: int, kinds: list[tuple[str, Spoil]]) -> Iterator[tuple[int, Raw]]:
    for number, (_, spoil) in enumerate(kinds):
        second = number * LENGTH_S // len(kinds)
        name = f"bad-{number}"
        yield second, (name, spoil(_message(name, begin_ms + second * 1000)))
