"""Each fix runs to its proof on the real stack, and each fault to its end.

Comes last: its devices speak of now, and event time never goes back to where the
readings of other tests are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from digital_twin.shadow.command import FIXES
from digital_twin.shadow.faults import FOUND, Fault
from fixes.broker import Pen
from fixes.cli import wish_for
from fixes.desk import Outgoing
from fixes.reading import everything
from fixes.service import now_ms
from fixes.wishes import wish_message
from jobs.measurements import FIX_STEPS
from producers.contract import (
    COMMANDS,
    DEVICE_STATUS,
    PROOFS,
    REPORTS,
    VERDICTS,
    WISHES,
)
from producers.contract.fixes import HOPS
from producers.schema import Topic
from stack.environment import ROOT
from stack.waiting import PATIENCE_S, until
from tests.ward import Ward, eventually
from workbench.child import Child

pytestmark = pytest.mark.system


class Asked(NamedTuple):
    """What is wrong with a device, and the fix that is asked of it."""

    fault: Fault = Fault.NONE
    action: str = "recalibrate"
    value: str | None = "5"


VALUES: Final = {"recalibrate": "5", "average": "10", "alarm": "88"} | {
    "firmware": "1.1.0",
    "restart": None,
}
GOOD: Final = "fixed-recalibrate"
LIES: Final = "fixed-lying"
FIXED: Final = {
    f"fixed-{fix.action}": Asked(action=fix.action, value=VALUES[fix.action])
    for fix in FIXES
}
FAULTY: Final = {
    f"fixed-{fault}": Asked(fault) for fault in Fault if fault is not Fault.NONE
}
ASKED: Final = FIXED | FAULTY
"""All at once, a device of its own each: together they take as long as the longest."""

REASONS: Final = {
    Fault.LOST: "no sign that it was delivered by its deadline",
    Fault.LYING: "it says applied, but the mean spo2_pct",
    Fault.CLOCK: "s behind the broker's",
    Fault.MODIFYING: "spo2_offset_pct is 3.0, not 5.0",
}
REMARKS: Final = {
    Fault.REORDERED: "delivered was heard of after applied",
    Fault.REBOOT: "sent again: the device has started anew",
}

WRONG: Final = (b"{}", b"\x00", b'{"ts_ms": "?", "state": "applied"}')
"""Messages that no reader may stumble over."""


@pytest.fixture(scope="module")
def restarts(ward: Ward) -> dict[str, int]:
    """Return how often each job had to start again before any message."""
    restarts = ward.restarts()
    assert "verify-fixes" in restarts
    return restarts


@pytest.fixture(scope="module")
def commands(
    ward: Ward, restarts: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Run all devices, ask for the fix of each; return the commands' ids."""
    assert restarts
    folder = tmp_path_factory.mktemp("devices")
    for topic in (WISHES, COMMANDS, REPORTS, DEVICE_STATUS, VERDICTS, PROOFS):
        ward.publish([("fixed", value) for value in WRONG], topic)
    children = [_device(device, folder) for device in ASKED]
    try:
        until(
            lambda: ASKED.keys() <= _said_enough(ward),
            otherwise=lambda: f"silent: {[child.death() for child in children]}",
        )
        yield {device: _ask(ward, device) for device in ASKED}
    finally:
        for child in children:
            child.stop()


def _device(device: str, folder: Path) -> Child:
    command = [sys.executable, "-m", "producers.device", "--device", device]
    command += ["--spo2-error", "-5", "--fault", ASKED[device].fault]
    return Child.start(command, os.environ, folder / f"{device}.log")


def _said_enough(ward: Ward) -> set[str]:
    """Return the devices that, with their reference, have told what they read."""
    told = {s["device_id"] for s in _said(ward, DEVICE_STATUS) if s["readings"] > 1}
    return {device for device in told if f"{device}-reference" in told}


def _said(ward: Ward, topic: Topic) -> list[dict[str, Any]]:
    """Return what is on ``topic``; devices compress as kafka-python cannot read."""
    messages = everything(ward.settings.kafka_brokers, topic)
    return [message for message in messages if "device_id" in message]


def _ask(ward: Ward, device: str) -> str:
    asked = ASKED[device]
    wish = wish_for(device, asked.action, asked.value, None, 60.0, "test")
    pen = Pen(ward.settings.kafka_brokers)
    assert pen.write([Outgoing(WISHES, wish_message(wish, now_ms()))])
    return wish.command_id


def _steps(ward: Ward, command_id: str) -> list[dict[str, Any]]:
    return [each for each in _said(ward, PROOFS) if each["command_id"] == command_id]


def _states(ward: Ward, command_id: str) -> list[str]:
    return list(dict.fromkeys(each["state"] for each in _steps(ward, command_id)))


def _end(ward: Ward, command_id: str) -> dict[str, Any]:
    """Return the newest step of a command."""
    return _steps(ward, command_id)[-1]


@pytest.mark.parametrize("device", FIXED)
def test_every_fix_settles_and_each_hop_has_its_time(
    ward: Ward, commands: dict[str, str], device: str
) -> None:
    eventually(lambda: _states(ward, commands[device]), list(HOPS))
    proof = _end(ward, commands[device])
    times = [proof[f"{hop}_ms"] for hop in HOPS]
    assert times == sorted(times)
    assert proof["action"] == ASKED[device].action
    assert proof["lowest"] <= proof["value_after"] <= proof["highest"]
    assert proof["version"] == proof["reported_version"] == 1


def test_a_recalibration_takes_the_error_away(
    ward: Ward, commands: dict[str, str]
) -> None:
    eventually(lambda: _states(ward, commands[GOOD]), list(HOPS))
    proof = _end(ward, commands[GOOD])
    assert proof["value_before"] == pytest.approx(-5, abs=1)
    assert proof["value_after"] == pytest.approx(0, abs=1)


@pytest.mark.parametrize("device", FAULTY)
def test_every_fault_comes_to_its_end(
    ward: Ward, commands: dict[str, str], device: str
) -> None:
    fault, command_id = ASKED[device].fault, commands[device]
    eventually(lambda: _states(ward, command_id)[-1:], [FOUND[fault]])
    proof = _end(ward, command_id)
    assert REASONS.get(fault, "") in proof.get("reason", "")
    assert REMARKS.get(fault, "") in proof.get("remarks", "")
    assert (proof["sent"] > 1) == (fault is Fault.REBOOT)
    assert (proof["repeated"] > 0) == (fault in {Fault.DUPLICATE, Fault.REBOOT})


@pytest.mark.parametrize("device", ["fixed-restart", "fixed-firmware", "fixed-reboot"])
def test_who_starts_anew_does_so_once_even_if_it_is_told_again(
    ward: Ward, commands: dict[str, str], device: str
) -> None:
    """Its status may be heard before its report: then the desk sends once more."""
    eventually(lambda: _states(ward, commands[device])[-1:], ["settled"])
    boots = {
        status["boot_id"]
        for status in _said(ward, DEVICE_STATUS)
        if status["device_id"] == device
    }
    assert boots == {f"{device}-1", f"{device}-2"}


def test_a_device_that_lies_is_found_by_its_telemetry(
    ward: Ward, commands: dict[str, str]
) -> None:
    road = ["issued", "delivered", "accepted", "applied", "failed_verification"]
    eventually(lambda: _states(ward, commands[LIES]), road)
    assert _end(ward, commands[LIES])["value_after"] == pytest.approx(-5, abs=1)


def test_each_step_is_stored(ward: Ward, commands: dict[str, str]) -> None:
    def stored() -> set[str]:
        of = f"patient-of-{GOOD}"
        found = (
            ward.points(FIX_STEPS, of, ["command_id"], state=hop) and hop
            for hop in HOPS
        )
        return {str(each) for each in found if each}

    assert commands
    eventually(stored, set(HOPS))


@pytest.mark.usefixtures("commands")
def test_what_is_wrong_stops_nothing(ward: Ward, restarts: dict[str, int]) -> None:
    assert ward.restarts() == restarts


def test_the_proof_is_printed(commands: dict[str, str]) -> None:
    command = [sys.executable, "-m", "digital_twin.proof", commands[LIES][:8], "--json"]
    done = subprocess.run(  # noqa: S603 - our own command line
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    proof = json.loads(done.stdout)
    assert proof["command_id"] == commands[LIES]
    assert proof["state"] == "failed_verification"
