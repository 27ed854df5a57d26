"""The whole demo: an alarm is told within a minute or so, and nothing is left.

Its readings are of now, so that the synthetic patient goes the whole way beside them.
"""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from alerts.database import Database
from alerts.heartbeat import ALERTS, last
from stack.environment import ROOT
from stack.orphans import of_stack
from stack.paths import Paths
from stack.waiting import PATIENCE_S, until
from tests.one_stack import one_stack
from tests.ward import outside
from workbench.demo import app

WHOLE_S = 2 * PATIENCE_S
"""Servers are started and all jobs submitted before anything is found."""
PORTS = ("KAFKA", "KAFKA_CONTROLLER", "FLINK", "FLINK_RPC", "INFLUX", "GATEWAY")


def free_ports() -> dict[str, str]:
    """Return a port for each server that nobody listens on."""
    with_sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in PORTS}
    ports = {
        f"VIGIL_{name}_PORT": str(server.getsockname()[1])
        for name, server in with_sockets.items()
    }
    for server in with_sockets.values():
        server.close()
    return ports


@contextmanager
def demo(state: Path, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the demo with servers of its own; its lines go to ``output``."""
    env = {**outside(), **free_ports(), "VIGIL_STATE_DIR": str(state)}
    command = [sys.executable, "-m", "workbench.demo", "--devices", "50"]
    with output.open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command, cwd=ROOT, env=env, stdout=lines, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_for_line(process: subprocess.Popen[bytes], output: Path, words: str) -> None:
    """Wait for a line that ``words`` match; fail as soon as nobody will write it."""

    def found() -> bool:
        return bool(
            re.search(words, output.read_text("utf-8", "replace"), re.MULTILINE)
        )

    def why() -> str:
        return f"no {words!r} in: {output.read_text('utf-8', 'replace')}"

    until(
        lambda: found() or process.poll() is not None, otherwise=why, timeout_s=WHOLE_S
    )
    assert found(), why()


def way_was_open(state: Path) -> bool:
    """Return whether the synthetic patient came through: readings, match, notice."""
    database = Database.open(f"sqlite:///{state}/data/alarms.db")
    try:
        with database.reading() as session:
            beat = last(session, ALERTS)
    finally:
        database.close()
    return beat is not None and beat.synthetic_ms is not None


@pytest.mark.system
def test_alarms_are_told_and_nothing_is_left_running(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    with one_stack(), demo(state, output) as process:
        # Not the first one: who is slow finds ends before beginnings.
        wait_for_line(process, output, " alarm .* ongoing$")
        until(
            lambda: way_was_open(state),
            otherwise=lambda: "the synthetic patient never became a notice",
            timeout_s=WHOLE_S,
        )
        mark = str(Paths(state).socket)
        running = of_stack(mark)
        assert len(running) >= 5
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
    said = output.read_text(encoding="utf-8")
    for expected in ("stopped the readings", "Stop everything", "nothing that was"):
        assert expected in said
    assert of_stack(mark) == []
    assert not [each for each in running if psutil.pid_exists(each.pid)]


def test_an_unknown_scenario_is_refused_before_anything_is_started() -> None:
    result = CliRunner().invoke(app, ["--scenario", "asystole"])
    assert result.exit_code == 1
    assert "demo: scenario asystole: there is no such scenario" in result.output


def test_a_source_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--source", str(tmp_path)])
    assert result.exit_code == 1
    assert "no recording found" in " ".join(result.output.split())
