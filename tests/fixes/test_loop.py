"""From a wish to its proof; and each fault of a device is found, and named."""

import pytest

from digital_twin.shadow.faults import Fault
from digital_twin.shadow.stages import Stage
from tests.fixes.bench import DEVICE, started

ROAD = ["issued", "delivered", "accepted", "applied", "verified", "settled"]
LONG_S = 200


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("recalibrate", "5"),
        ("average", "10"),
        ("alarm", "88"),
        ("restart", None),
        ("firmware", "1.1.0"),
    ],
)
def test_every_fix_comes_to_its_proof(action: str, value: str | None) -> None:
    bench = started()
    command = bench.ask(action, value)
    bench.run(LONG_S)
    assert bench.states(command) == ROAD
    life = bench.life(command)
    assert not life.remarks
    assert life.sent == 1
    assert life.repeated == 0
    needed = life.command.wish.expectation
    assert needed.met_by(life.value_on_twin)
    assert life.judged
    assert needed.met_by(life.judged.observed)
    times = [life.times[Stage(hop)] for hop in ROAD]
    assert times == sorted(times)
    assert life.reported == life.command.desired


def test_a_recalibration_brings_the_device_to_the_others() -> None:
    bench = started(error_pct=-5.0)
    command = bench.ask("recalibrate", "5")
    bench.run(LONG_S)
    life = bench.life(command)
    assert life.value_before == pytest.approx(-5.0, abs=0.5)
    assert life.value_on_twin == pytest.approx(0.0, abs=0.5)
    assert life.judged
    assert life.judged.observed == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize(
    ("fault", "end", "reason", "remark"),
    [
        (Fault.LOST, "expired", "no sign that it was delivered", ""),
        (Fault.DUPLICATE, "settled", "", ""),
        (Fault.REORDERED, "settled", "", "delivered was heard of after applied"),
        (Fault.LYING, "failed_verification", "it says applied, but the mean", ""),
        (Fault.REBOOT, "settled", "", "sent again: the device has started anew"),
        (Fault.CLOCK, "failed_verification", "its clock is 20.0 s behind", ""),
        (Fault.MODIFYING, "modified", "spo2_offset_pct is 3.0, not 5.0", ""),
    ],
)
def test_every_fault_is_found(fault: Fault, end: str, reason: str, remark: str) -> None:
    bench = started(fault)
    command = bench.ask("recalibrate", "5")
    bench.run(LONG_S)
    life = bench.life(command)
    assert life.state == end
    assert reason in life.reason
    assert remark in "; ".join(life.remarks)


def test_what_comes_twice_is_done_once_and_counted() -> None:
    bench = started(Fault.DUPLICATE)
    command = bench.ask("restart")
    bench.run(LONG_S)
    assert bench.life(command).state == Stage.SETTLED
    assert bench.life(command).repeated > 0
    assert bench.bedside.unit.monitor.boot == 2, "it started anew once"


def test_a_lie_about_firmware_or_a_restart_is_found_too() -> None:
    for action, value in (("firmware", "1.1.0"), ("restart", None)):
        bench = started(Fault.LYING)
        command = bench.ask(action, value)
        bench.run(LONG_S)
        reason = bench.life(command).reason
        assert bench.life(command).state == Stage.FAILED_VERIFICATION
        assert "has changed" in reason or "is the one wanted" in reason


def test_a_command_that_was_lost_is_sent_again_when_the_device_is_back() -> None:
    """A device that was off has missed it; its next status is heard after silence."""
    bench = started()
    bench.is_on = False
    command = bench.ask("recalibrate", "5", deadline_s=600.0)
    bench.lose()
    bench.run(160)
    assert bench.states(command) == ["issued"]
    bench.is_on = True
    bench.run(LONG_S)
    life = bench.life(command)
    assert life.state == Stage.SETTLED
    assert life.remarks == ("sent again: the device was silent",)
    assert life.sent == 2


def test_only_the_difference_is_sent() -> None:
    bench = started()
    first = bench.ask("recalibrate", "5")
    bench.run(LONG_S)
    second = bench.ask("alarm", "88")
    bench.run(LONG_S)
    [one, two] = bench.commands
    assert one["command_id"] == first
    assert (one["version"], one["based_on"]) == (1, 0)
    assert one["spo2_offset_pct"] == 5.0
    assert not {"spo2_alarm_pct", "averaging_s", "firmware"} & one.keys()
    assert two["command_id"] == second
    assert (two["version"], two["based_on"]) == (2, 1)
    assert two["spo2_alarm_pct"] == 88.0
    assert "spo2_offset_pct" not in two


def test_another_desk_sends_the_difference_too() -> None:
    bench = started()
    bench.lose()
    bench.ask("recalibrate", "5")
    bench.restart_desk()
    first, again = bench.commands
    assert again == {**first, "ts_ms": again["ts_ms"]}


def test_what_came_to_nothing_is_not_desired_any_more() -> None:
    bench = started(Fault.LOST)
    bench.ask("recalibrate", "5")
    bench.run(100)
    bench.bedside.unit.fault = Fault.NONE
    command = bench.ask("alarm", "88")
    bench.run(LONG_S)
    life = bench.life(command)
    assert life.state == Stage.SETTLED
    assert life.command.desired.version == 2
    assert life.command.desired.settings["spo2_offset_pct"] == 0.0


@pytest.mark.parametrize(
    ("action", "value", "more", "why"),
    [
        ("recalibrate", "-5", {}, "on the twin the mean spo2_pct"),
        ("recalibrate", "12", {}, "the twin rejects it: spo2_offset_pct is 10 at"),
        ("average", "1", {}, "on the twin the noise of heart_rate_bpm"),
        ("alarm", "88", {"based_on": 3}, "it rests on version 3, and version 0 is"),
    ],
)
def test_a_fix_that_must_not_be_sent_is_not(
    action: str, value: str, more: dict[str, int], why: str
) -> None:
    bench = started()
    command = bench.ask(action, value, **more)
    bench.run(30)
    assert bench.states(command) == ["refused"]
    assert why in bench.life(command).reason
    assert bench.commands == []


def test_a_device_that_nobody_heard_is_not_fixed() -> None:
    bench = started()
    bench.is_on = False
    bench.run(200)
    command = bench.ask("recalibrate", "5")
    assert f"no status of {DEVICE} was heard lately" in bench.life(command).reason


def test_a_newer_command_takes_the_place_of_an_open_one() -> None:
    bench = started()
    first = bench.ask("recalibrate", "4")
    bench.run(3)
    second = bench.ask("recalibrate", "5")
    bench.run(LONG_S)
    assert bench.life(first).state == Stage.SUPERSEDED
    assert bench.life(first).reason == f"by {second}"
    assert bench.life(second).state == Stage.SETTLED


def test_a_desk_that_dies_is_taken_over_at_any_time() -> None:
    """Nothing is lost, and what was sent already is not done again."""
    for after_s in (0, 1, 2, 3, 20, 40):
        bench = started()
        command = bench.ask("restart")
        bench.run(after_s)
        bench.restart_desk()
        bench.run(LONG_S)
        assert bench.life(command).state == Stage.SETTLED
        assert bench.bedside.unit.monitor.boot == 2


def test_drift_from_what_was_settled_raises_a_condition_until_it_is_back() -> None:
    bench = started()
    bench.ask("recalibrate", "5")
    bench.run(LONG_S)
    assert bench.matches == []
    settled = bench.bedside.unit.monitor
    bench.bedside.unit.monitor = type(settled)()
    bench.run(30)
    bench.restart_desk()
    bench.run(30)
    bench.bedside.unit.monitor = settled
    bench.run(30)
    began, ended = bench.matches
    assert (began["pattern_name"], began["phase"]) == ("settings_drift", "ongoing")
    assert began["observed"] == 1.0
    assert ended["phase"] == "ended"
    assert began["match_id"] == ended["match_id"]
    assert began["started_ms"] == ended["started_ms"]
