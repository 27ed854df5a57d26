"""A device says what it measures and how it is, and no message makes it stop."""

import orjson
import pytest

from digital_twin.shadow.faults import CLOCK_BEHIND_S, Fault, Unit
from digital_twin.shadow.monitor import restart
from producers.bedside import STATUS_EVERY_S, Bedside, Out
from producers.contract import DEVICE_STATUS, REPORTS, VITALS
from producers.device import _readable

COMMAND = {
    "command_id": "c",
    "device_id": "d",
    "action": "recalibrate",
    "version": 1,
    "spo2_offset_pct": 2.0,
    "deadline_ms": 10_000_000,
}


def bedside(fault: Fault = Fault.NONE, seed: int = 1) -> Bedside:
    return Bedside.of("d", "p", Unit(fault), error_pct=-5.0, seed=seed)


def play(beside: Bedside, seconds: int) -> list[Out]:
    return [out for s in range(seconds) for out in beside.second([], s * 1000)]


def test_the_same_seed_says_the_same() -> None:
    assert play(bedside(), 20) == play(bedside(), 20)
    assert play(bedside(), 20) != play(bedside(seed=2), 20)


def test_both_devices_read_once_a_second_and_say_how_they_are_in_between() -> None:
    said = play(bedside(), 2 * STATUS_EVERY_S + 1)
    for device in ("d", "d-reference"):
        mine = [(topic, m) for topic, m in said if m["device_id"] == device]
        assert [m["seq"] for _, m in mine] == list(range(1, len(mine) + 1))
        statuses = [m for topic, m in mine if topic is DEVICE_STATUS]
        assert [m["ts_ms"] for m in statuses] == [0, 10_000, 20_000]
        assert [m["readings"] for m in statuses] == [1, 10, 10]
        assert sum(topic is VITALS for topic, _ in mine) == 2 * STATUS_EVERY_S + 1


def test_after_a_start_it_says_so_at_once() -> None:
    beside = bedside()
    play(beside, 3)
    beside.unit.monitor = restart(beside.unit.monitor)
    [status] = [m for t, m in beside.second([], 3000) if t is DEVICE_STATUS]
    assert (status["boot_id"], status["uptime_s"]) == ("d-2", 0.0)


def test_a_command_is_answered_and_then_done() -> None:
    beside = bedside()
    told = [
        [m["report"] for t, m in beside.second(heard, s * 1000) if t is REPORTS]
        for s, heard in enumerate([[], [COMMAND], [], []])
    ]
    assert told == [[], ["delivered", "accepted"], ["applied"], []]


def test_a_clock_that_is_behind_is_in_all_it_says_and_in_nothing_else() -> None:
    beside = bedside(Fault.CLOCK)
    said = beside.second([COMMAND], 60_000)
    behind_ms = round(CLOCK_BEHIND_S * 1000)
    for _, message in said:
        late = 0 if message["device_id"] == "d-reference" else behind_ms
        assert message["ts_ms"] == 60_000 - late


@pytest.mark.parametrize("value", [b"", b"\x00", b"{}", b"7", b'{"command_id": "c"}'])
def test_what_is_no_command_is_left_out(value: bytes) -> None:
    assert _readable(value) is None
    assert _readable(orjson.dumps(COMMAND)) == COMMAND
