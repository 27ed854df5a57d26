"""A fix runs to its proof on the real stack, and a device that lies is found.

Comes last: its devices speak of now, and event time never goes back to where the
readings of other tests are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from fixes.broker import Pen
from fixes.cli import wish_for
from fixes.desk import Outgoing
from fixes.reading import everything
from fixes.service import now_ms
from fixes.wire import wish_message
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
from stack.waiting import until
from tests.ward import Ward, eventually
from workbench.child import Child

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

GOOD: Final = "fixed-good"
LIES: Final = "fixed-lying"
FAULTS: Final = {GOOD: "none", LIES: "lying"}


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
    """Run both devices, ask for the same fix of each; return the commands' ids."""
    assert restarts
    folder = tmp_path_factory.mktemp("devices")
    for topic in (WISHES, COMMANDS, REPORTS, DEVICE_STATUS, VERDICTS, PROOFS):
        ward.publish([("fixed", value) for value in WRONG], topic)
    children = [_device(device, folder) for device in FAULTS]
    try:
        until(
            lambda: FAULTS.keys() <= _said_enough(ward),
            otherwise=lambda: f"silent: {[child.death() for child in children]}",
        )
        yield {device: _ask(ward, device) for device in FAULTS}
    finally:
        for child in children:
            child.stop()


def _device(device: str, folder: Path) -> Child:
    command = [sys.executable, "-m", "producers.device", "--device", device]
    command += ["--spo2-error", "-5", "--fault", FAULTS[device]]
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
    wish = wish_for(device, "recalibrate", "5", None, 60.0, "test")
    pen = Pen(ward.settings.kafka_brokers)
    assert pen.write([Outgoing(WISHES, wish_message(wish, now_ms()))])
    return wish.command_id


def _steps(ward: Ward, command_id: str) -> list[dict[str, Any]]:
    return [each for each in _said(ward, PROOFS) if each["command_id"] == command_id]


def _states(ward: Ward, command_id: str) -> list[str]:
    return list(dict.fromkeys(each["state"] for each in _steps(ward, command_id)))


def test_a_fix_settles_and_each_hop_has_its_time(
    ward: Ward, commands: dict[str, str]
) -> None:
    eventually(lambda: _states(ward, commands[GOOD]), list(HOPS))
    proof = _steps(ward, commands[GOOD])[-1]
    times = [proof[f"{hop}_ms"] for hop in HOPS]
    assert times == sorted(times)
    assert proof["value_before"] == pytest.approx(-5, abs=1)
    assert proof["value_after"] == pytest.approx(0, abs=1)
    assert proof["version"] == proof["reported_version"] == 1


def test_a_device_that_lies_is_found_by_its_telemetry(
    ward: Ward, commands: dict[str, str]
) -> None:
    road = ["issued", "delivered", "accepted", "applied", "failed_verification"]
    eventually(lambda: _states(ward, commands[LIES]), road)
    proof = _steps(ward, commands[LIES])[-1]
    assert proof["value_after"] == pytest.approx(-5, abs=1)
    assert proof["reason"].startswith("it says applied, but the mean spo2_pct")


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
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    proof = json.loads(done.stdout)
    assert proof["command_id"] == commands[LIES]
    assert proof["state"] == "failed_verification"
