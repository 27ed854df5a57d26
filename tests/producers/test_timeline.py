"""Recordings are played from now on, again and again, in order."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.outgoing import Message
from producers.recording_formats import Reading
from producers.recordings import Recording
from producers.timeline import Replay, batches, length_s, rate_hz

START_MS = 1_750_000_000_000


def table(patient: str, n: int, interval_ms: int = 1000) -> Recording:
    return Recording(
        patient,
        [{"patient_id": patient, "seq": i, "ts_ms": i * interval_ms} for i in range(n)],
    )


def sent(
    *recordings: Recording, count: int, speed: float = 1.0, loop: bool = False
) -> list[Message]:
    replay = Replay(start_ms=START_MS, speed=speed, loop=loop)
    played = batches(recordings, replay, slot_s=1.0)
    messages = (message for batch in played for message in batch.vitals)
    return list(itertools.islice(messages, count))


def parsed(messages: list[Message]) -> list[Reading]:
    return [json.loads(value) for _, value in messages]


def offsets_ms(messages: list[Message]) -> list[int]:
    return [int(str(message["ts_ms"])) - START_MS for message in parsed(messages)]


def test_the_first_reading_is_at_the_start() -> None:
    late = Recording("a", [b'{"ts_ms":1600000000500}', b'{"ts_ms":1600000001500}'])
    assert offsets_ms(sent(late, count=9)) == [0, 1000]


def test_without_loop_each_is_played_once() -> None:
    assert len(sent(table("a", 5), table("b", 3), count=99)) == 8


@given(n=st.integers(1, 6), count=st.integers(1, 30))
def test_a_loop_goes_on_where_the_last_one_ended(n: int, count: int) -> None:
    messages = sent(table("a", n), count=count, loop=True)
    assert offsets_ms(messages) == [1000 * i for i in range(count)]
    assert [message["seq"] for message in parsed(messages)] == list(range(count))


def test_recordings_are_merged_in_time() -> None:
    messages = sent(table("a", 3), table("b", 3), count=6)
    assert [key for key, _ in messages] == [b"a", b"b"] * 3


def test_speed_shortens_time() -> None:
    hourly = table("a", 4, interval_ms=3_600_000)
    assert offsets_ms(sent(hourly, count=9, speed=3600.0)) == [0, 1000, 2000, 3000]


def test_lines_that_are_no_messages_travel_as_they_are() -> None:
    bad = [b"not json", b"\xff", b"[1]", b'{"ts_ms":"x"}', b'{"ts_ms":99999999999999}']
    good = [b'{"patient_id":"a","ts_ms":1000}', b'{"patient_id":"a","ts_ms":2000}']
    messages = sent(Recording("x", [good[0], *bad, good[1]]), count=99)
    assert messages[1:-1] == [(None, line) for line in bad]
    assert offsets_ms([messages[0], messages[-1]]) == [0, 1000]


def test_disorder_is_kept() -> None:
    lines = [b'{"ts_ms":%d}' % ts_ms for ts_ms in (1000, 3000, 2000, 4000)]
    assert offsets_ms(sent(Recording("x", list(lines)), count=9)) == [
        0,
        2000,
        1000,
        3000,
    ]


def test_nothing_comes_from_an_empty_recording() -> None:
    assert sent(Recording("empty", []), count=1, loop=True) == []


def test_the_same_recordings_give_the_same_bytes() -> None:
    both = (table("a", 5), table("b", 3))
    assert sent(*both, count=50, loop=True) == sent(*both, count=50, loop=True)


def test_length_and_rate() -> None:
    both = (table("a", 5), table("b", 3, interval_ms=500))
    assert length_s(both) == 5.0
    assert rate_hz(both, speed=2.0) == pytest.approx(4.0)
