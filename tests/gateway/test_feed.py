"""Pages hear four times a second, miss nothing, and know when the broker is away."""

import asyncio
import time
from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import Any

import orjson
import pytest

from gateway.feed import EVERY_S, NOT_READ, Feed
from gateway.look import Banner, Look
from gateway.messages import Arrived
from gateway.urgency import urgency_of
from gateway.ward import Ward
from tests.gateway import small_ward


class Script:
    """A source that says what a test told it."""

    def __init__(self) -> None:
        """Say nothing until told."""
        self.trouble = ""
        self.lag = 0
        self.more: list[Arrived] = []

    def poll(self) -> Iterable[Arrived]:
        """Return what is there."""
        time.sleep(0.01)
        more, self.more = self.more, []
        return more


def told(frame: bytes) -> dict[str, Any]:
    assert frame.startswith(b"data: ")
    assert frame.endswith(b"\n\n")
    frame_json: dict[str, Any] = orjson.loads(frame.removeprefix(b"data: "))
    return frame_json


def played(
    source: Script, ward: Ward, *, says: dict[int, Any], count: int
) -> list[Any]:
    """Return the first frames of a page; after frame n the source says ``says[n]``."""

    async def follow() -> list[Any]:
        feed = Feed(ward, source, small_ward.now_ms)
        running = asyncio.create_task(feed.run())
        frames: list[Any] = []
        async for frame in feed.frames(""):
            frames.append(told(frame))
            source.more += says.get(len(frames), [])
            if len(frames) == count:
                break
        running.cancel()
        return frames

    return asyncio.run(follow())


def usual_gap_ms(frames: list[Any]) -> float:
    """Return how far apart most frames are, also where a machine halts for once."""
    return float(median(b["now_ms"] - a["now_ms"] for a, b in pairwise(frames)))


def a_ward() -> Ward:
    return Ward(lambda patient_id: ("one", patient_id))


def test_a_page_hears_the_whole_and_then_within_a_second_what_is_new() -> None:
    now_ms = small_ward.now_ms()
    says = {1: [small_ward.reading(1, now_ms)], 3: [small_ward.alarm(1, 0, now_ms)]}
    frames = played(Script(), a_ward(), says=says, count=5)
    assert [frame["whole"] for frame in frames[:2]] == [True, True]  # nobody was known
    assert frames[0]["patients"] == {}
    sections = [list(f["patients"].get("patient-00001", {})) for f in frames]
    heard = [i for i, each in enumerate(sections) if "alarms" in each]
    assert heard[0] in (1, 2)
    assert heard[-1] in (3, 4)
    assert sections[heard[-1]] == ["alarms"]
    assert usual_gap_ms(frames) < 1000
    for before, after in pairwise(frames):
        assert after["version"] >= before["version"]


def test_there_is_a_frame_even_if_nothing_happened() -> None:
    frames = played(Script(), a_ward(), says={}, count=6)
    assert len(frames) == 6
    assert usual_gap_ms(frames) < 4 * EVERY_S * 1000


def test_the_page_hears_why_nothing_comes() -> None:
    source = Script()
    source.trouble = "Kafka does not answer"
    assert played(source, a_ward(), says={}, count=1)[0]["trouble"] == source.trouble


def test_the_page_hears_that_it_does_not_show_all() -> None:
    ward = a_ward()
    ward.left_out.add("somebody", urgency_of(None, is_speaking=True), 0)
    trouble = played(Script(), ward, says={}, count=1)[0]["trouble"]
    assert trouble.startswith("1 patients are not shown")


def test_a_reader_that_fails_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.feed.AGAIN_S", 0.01)
    source = Script()
    reads = iter([RuntimeError("a client's own fault")])

    def poll() -> Iterable[Arrived]:
        for fault in reads:
            raise fault
        return [small_ward.reading(1, small_ward.now_ms())]

    monkeypatch.setattr(source, "poll", poll)
    frames = played(source, a_ward(), says={}, count=4)
    assert any("patient-00001" in frame["patients"] for frame in frames)


def test_that_nothing_can_be_read_is_said_whatever_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.feed.AGAIN_S", 0.01)
    source = Script()

    def poll() -> Iterable[Arrived]:
        msg = "a client's own fault"
        raise RuntimeError(msg)

    monkeypatch.setattr(source, "poll", poll)
    frames = played(source, a_ward(), says={}, count=4)
    assert frames[-1]["trouble"] == NOT_READ


def test_who_cannot_be_written_as_json_hides_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ward = a_ward()
    for number in (1, 2):
        ward.take(small_ward.reading(number, small_ward.now_ms()))
    odd = ward.patient("patient-00001")
    monkeypatch.setattr(odd, "_place", object())
    [frame] = played(Script(), ward, says={}, count=1)
    assert list(frame["patients"]) == ["patient-00002"]
    [banner] = frame["banners"]
    assert (banner["weight"], banner["text"][:2]) == ("grave", "1 ")


def test_the_database_puts_right_what_the_topic_said() -> None:
    ward = a_ward()
    ward.take(small_ward.alarm(1, 0, small_ward.now_ms()))
    frames: list[Any] = []

    async def follow() -> None:
        look = Look([], (Banner("look!"),))
        feed = Feed(ward, Script(), small_ward.now_ms, lambda: look)
        running = asyncio.create_task(feed.run())
        async for frame in feed.frames(""):
            frames.append(told(frame))
            if frames[-1]["gone"]:
                break
        running.cancel()

    asyncio.run(follow())
    assert frames[-1]["gone"] == ["patient-00001"]
    assert frames[-1]["banners"][0]["text"] == "look!"


def test_a_page_that_opens_between_two_frames_misses_nothing() -> None:
    """The frame that it shares with others is older than the ward is now."""

    async def follow() -> list[Any]:
        ward = a_ward()
        feed = Feed(ward, Script(), small_ward.now_ms)
        now_ms = small_ward.now_ms()
        ward.take(small_ward.reading(1, now_ms - 1000))
        one, other = feed.frames(""), feed.frames("")
        await anext(one)
        ward.take(small_ward.reading(1, now_ms))
        await anext(other)
        running = asyncio.create_task(feed.run())
        second = told(await anext(other))
        running.cancel()
        return [*second["patients"]]

    assert asyncio.run(follow()) == ["patient-00001"]
