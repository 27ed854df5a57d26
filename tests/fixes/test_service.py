"""What the broker brings is heard; what is no message of its topic stops nothing."""

import json

import orjson
import pytest

from fixes.broker import decoded
from fixes.desk import Desk, Outgoing
from fixes.proofs import life_of, proof_message, proofs_in
from fixes.service import turn
from producers.consumer import Record
from producers.contract import (
    COMMANDS,
    DEVICE_STATUS,
    PROOFS,
    REPORTS,
    VERDICTS,
    WISHES,
)
from producers.schema import Topic
from producers.setting_aside import SetAside
from tests.digital_twin.shadow.lives import issued
from tests.fixes.bench import DEVICE, Bench, started
from tests.streams import EPOCH_MS

HOUR_MS = 3_600_000


def record(topic: Topic, payload: bytes, at_ms: int = EPOCH_MS) -> Record:
    """Return a message as it is read."""
    return Record(topic.name, 0, 7, payload, b"key", at_ms)


def heard(
    bench: Bench, topic: Topic, message: object, payload: bytes = b""
) -> list[SetAside]:
    """Let the desk hear one message as it comes from the broker."""
    given = payload or orjson.dumps(message)
    return turn(
        bench.desk, list(decoded([record(topic, given, bench.now_ms)])), bench.now_ms
    )


def wish(bench: Bench, action: str, **more: object) -> dict[str, object]:
    """Return a wish as anybody who reaches the broker may write it."""
    return {
        "ts_ms": bench.now_ms,
        "command_id": "c",
        "device_id": DEVICE,
        "action": action,
        **more,
    }


@pytest.mark.parametrize("topic", [WISHES, REPORTS, VERDICTS])
@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b'{"command_id": 7}', b'{"ts_ms": ' + b"9" * 400 + b"}"],
)
def test_what_makes_no_sense_is_set_aside_with_its_reason(
    topic: Topic, payload: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    bench = started()
    [aside] = turn(bench.desk, list(decoded([record(topic, payload)])), EPOCH_MS)
    headers = dict(aside.headers)
    assert not bench.desk.out
    assert aside.value == payload
    assert headers["reason"]
    assert (headers["source_topic"], headers["source_offset"]) == (
        topic.name.encode(),
        b"7",
    )
    assert f"set aside a message of {topic.name}" in caplog.text


def test_what_cannot_even_be_unpacked_is_set_aside_and_named() -> None:
    unreadable = record(WISHES, b"")._replace(unreadable="decompression failed")
    [aside] = turn(started().desk, list(decoded([unreadable])), EPOCH_MS)
    assert b"decompression failed" in dict(aside.headers)["reason"]


def test_a_message_that_fails_all_the_same_writes_nothing_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: Desk, *_: object) -> None:
        self.out.append(Outgoing(COMMANDS, {}))
        raise RecursionError

    bench = started()
    command = bench.ask("restart")
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "_decided", fails)
        [aside] = heard(bench, WISHES, wish(bench, "restart"))
    assert b"unreadable: " in dict(aside.headers)["reason"]
    assert not bench.desk.out
    bench.run(60)
    assert bench.life(command).state == "settled"


@pytest.mark.parametrize(
    ("action", "more", "why"),
    [
        ("alarm", {"spo2_alarm_pct": -50}, "implausible spo2_alarm_pct"),
        ("alarm", {"spo2_alarm_pct": 79.9}, "may be 80 to 100, and 79.9 was asked for"),
        ("alarm", {"spo2_alarm_pct": 101}, "implausible spo2_alarm_pct"),
        ("alarm", {}, "alarm needs spo2_alarm_pct"),
        ("average", {"averaging_s": -5}, "implausible averaging_s"),
        ("restart", {"spo2_alarm_pct": 85}, "restart does not change spo2_alarm_pct"),
        ("restart", {"deadline_s": 1e308}, "implausible deadline_s"),
        ("restart", {"deadline_s": -1}, "implausible deadline_s"),
    ],
)
def test_a_wish_beyond_its_bounds_is_refused_and_nothing_is_sent(
    action: str, more: dict[str, object], why: str
) -> None:
    bench = started()
    heard(bench, WISHES, wish(bench, action, **more))
    written = {topic.name for topic, _ in bench.desk.out}
    assert written == {PROOFS.name}
    assert why in bench.desk.lives["c"].reason


def test_at_its_bounds_a_wish_is_granted() -> None:
    for alarm_pct in (80, 100):
        bench = started()
        heard(bench, WISHES, wish(bench, "alarm", spo2_alarm_pct=alarm_pct))
        assert bench.desk.lives["c"].state == "issued"


def test_who_asks_has_no_say_in_how_it_will_be_judged() -> None:
    bench = started()
    theirs = {"lowest": -1e9, "highest": 1e9, "settle_s": 0, "window_s": 1e9}
    heard(bench, WISHES, wish(bench, "recalibrate", spo2_offset_pct=5, **theirs))
    needed = bench.desk.lives["c"].command.wish.expectation
    assert (needed.lowest, needed.highest, needed.window_s) == (-2.0, 2.0, 20.0)


@pytest.mark.parametrize(
    "odd",
    [
        {"remarks": 5},
        {"deadline_ms": "x"},
        {"sent": "x"},
        {"window_s": 1e9},
        {"state": "odd"},
        {"version": 2**70},
        {"reported_version": []},
    ],
)
def test_an_odd_proof_does_not_end_a_desk_that_starts(odd: dict[str, object]) -> None:
    proof = {**proof_message(issued(), ts_ms=EPOCH_MS), **odd}
    payload = json.dumps(proof).encode()  # orjson writes no number beyond 64 bits
    told = decoded([record(PROOFS, payload)])
    known = [each.message for each in told if each.message is not None]
    desk = Desk()
    desk.remember(proofs_in(known), EPOCH_MS)
    desk.pass_time(EPOCH_MS + HOUR_MS)
    for life in desk.lives.values():
        assert life_of(proof_message(life, EPOCH_MS)) == life


def test_a_device_whose_clock_is_hours_off_is_heard_all_the_same() -> None:
    bench = started()
    status = {
        "ts_ms": bench.now_ms + 2 * HOUR_MS,
        "patient_id": "p2",
        "device_id": "ahead",
        "boot_id": "b",
    }
    heard(bench, DEVICE_STATUS, status)
    assert bench.desk.heard.newest["ahead"].at_ms == bench.now_ms


def test_a_command_goes_to_the_partition_of_its_device() -> None:
    bench = started()
    bench.ask("restart")
    [command] = bench.commands
    assert COMMANDS.key_of(command) == b"monitor"
    proof = bench.written[PROOFS.name][-1]
    expected = b'{"device_id":"monitor","command_id":"%s"}'
    assert PROOFS.key_of(proof) == expected % proof["command_id"].encode()


def test_the_same_heard_again_changes_nothing() -> None:
    """A desk that died before it could say how far it had read hears it all again."""
    bench = started()
    command = bench.ask("recalibrate", "5")
    bench.run(200)
    before = bench.life(command)
    told = dict(bench.written)
    written = {name: len(messages) for name, messages in told.items()}
    for wish in bench.wishes:
        bench.desk.hear(WISHES.name, wish, bench.now_ms)
    assert not bench.desk.out
    assert bench.life(command) == before
    assert written == {name: len(m) for name, m in bench.written.items()}
