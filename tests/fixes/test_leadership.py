"""Several services of fixes: one decides, and another takes over when it is gone."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from confluent_kafka import Producer

from fixes.broker import Pen
from fixes.cli import wish_for
from fixes.desk import Outgoing
from fixes.leadership import TRUSTED_S, Leadership, LostError
from fixes.reading import everything
from fixes.service import now_ms
from fixes.wishes import wish_message
from producers.contract import DEVICE_STATUS, PROOFS, WISHES
from stack.environment import ROOT
from stack.waiting import PATIENCE_S, until
from tests.broker import Broker, broker

pytestmark = pytest.mark.system

DEVICE: Final = "monitor"
MB: Final = 1_000_000


class Desk:
    """A service of fixes as a process of its own."""

    def __init__(self, address: str, log: Path) -> None:
        self.log = log
        with log.open("wb") as opened:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", "fixes", "serve", "--brokers", address],
                cwd=ROOT,
                stdout=opened,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    @property
    def leads(self) -> bool:
        """Whether it has said last that it leads."""
        said = [line for line in self.log.read_text().splitlines() if "leading" in line]
        return bool(said) and "not leading" not in said[-1]

    def end(self) -> None:
        """Kill it, also while it is stopped."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run a broker for all tests of this file."""
    with broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def desks(kafka: Broker, tmp_path: Path) -> Iterator[list[Desk]]:
    """Return two services, the one that leads first."""
    with ExitStack() as stack:
        both = [Desk(kafka.address, tmp_path / f"{n}.log") for n in range(2)]
        for desk in both:
            stack.callback(desk.end)
        _wait(lambda: [d.leads for d in both].count(True) == 1, "not one of two leads")
        yield sorted(both, key=lambda desk: not desk.leads)


def _wait(condition: Callable[[], bool], otherwise: str) -> None:
    until(condition, otherwise=lambda: otherwise)


def _ask(address: str) -> str:
    """Ask for a restart of a device that has just said how it is; return its name."""
    status = {
        "ts_ms": now_ms(),
        "device_id": DEVICE,
        "patient_id": "p",
        "boot_id": "first",
    }
    wish = wish_for(DEVICE, "restart", None, None, 600.0, "test")
    pen = Pen(address)
    _wait(lambda: pen.write([(DEVICE_STATUS, status)]), "the status is not taken")
    message = Outgoing(WISHES, wish_message(wish, now_ms()))
    _wait(lambda: pen.write([message]), "the wish is not taken")
    return wish.command_id


def _steps(address: str, command_id: str) -> Counter[tuple[str, int]]:
    """Count steps by state and by how often the command was sent until then.

    Whoever takes over sends it again, and says so: that is another step.
    """
    steps = everything(address, PROOFS)
    of_it = (step for step in steps if step["command_id"] == command_id)
    return Counter((step["state"], step["sent"]) for step in of_it)


def _decided(address: str) -> str:
    """Ask, and return the name of what was asked for as soon as it is decided."""
    command_id = _ask(address)
    _wait(lambda: bool(_steps(address, command_id)), f"nobody decides on {command_id}")
    return command_id


def test_one_of_two_decides(kafka: Broker, desks: list[Desk]) -> None:
    first, second = _decided(kafka.address), _decided(kafka.address)
    assert set(_steps(kafka.address, first).values()) == {1}
    assert set(_steps(kafka.address, second).values()) == {1}
    assert [desk.leads for desk in desks].count(True) == 1


def test_when_the_leader_is_killed_the_other_decides(
    kafka: Broker, desks: list[Desk]
) -> None:
    leader, other = desks
    leader.end()
    _wait(lambda: other.leads, "nobody took over")
    _decided(kafka.address)


def test_a_leader_that_was_paused_writes_nothing_after_another_leads(
    kafka: Broker, desks: list[Desk]
) -> None:
    leader, other = desks
    leader.process.send_signal(signal.SIGSTOP)
    _wait(lambda: other.leads, "nobody took over")
    first = _decided(kafka.address)
    leader.process.send_signal(signal.SIGCONT)
    _wait(lambda: leader.leads != other.leads, "both lead, or none")
    second = _decided(kafka.address)
    assert set(_steps(kafka.address, first).values()) == {1}
    assert set(_steps(kafka.address, second).values()) == {1}


def test_what_was_decided_long_after_the_lead_was_asked_for_is_not_written(
    kafka: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    leadership = Leadership(kafka.address)
    try:
        _wait(leadership.ask, "a service that is alone does not lead")
        leadership.demand()
        asked_s = leadership._asked_s  # noqa: SLF001 - a pause, without pausing
        with monkeypatch.context() as patch:
            patch.setattr("time.monotonic", lambda: asked_s + TRUSTED_S + 0.1)
            with pytest.raises(LostError):
                leadership.demand()
    finally:
        leadership.close()


def test_a_wish_that_cannot_be_unpacked_keeps_no_other_from_being_decided(
    kafka: Broker,
    desks: list[Desk],  # noqa: ARG001 - they run
) -> None:
    """An archive bomb of some 5 kB; the library unpacks 100 MB at most."""
    producer = Producer(
        {
            "bootstrap.servers": kafka.address,
            "partitioner": "murmur2_random",
            "message.max.bytes": 200 * MB,
            "compression.type": "zstd",
        }
    )
    producer.produce(WISHES.name, b" " * 150 * MB, key=DEVICE)
    assert producer.flush(PATIENCE_S) == 0
    _decided(kafka.address)
