"""The real thing, in a state folder and on ports of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from stack.environment import ROOT
from stack.flink_rest import Flink
from stack.orphans import of_stack
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import SERVICES, Supervisor
from stack.waiting import until
from tests.one_stack import one_stack
from tests.ward import outside

pytestmark = pytest.mark.system

NO_JOB = "0" * 32
NAMES = ("KAFKA", "KAFKA_CONTROLLER", "FLINK", "FLINK_RPC", "INFLUX", "GATEWAY")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def stack(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line."""
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "stack", *arguments],
        cwd=ROOT,
        env={**env, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Bring a whole stack up, and take it down again."""
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    env = {
        **outside(),
        "VIGIL_STATE_DIR": str(tmp_path_factory.mktemp("state")),
        **{f"VIGIL_{name}_PORT": str(port) for name, port in ports.items()},
    }
    with one_stack():
        done = stack(env, "up")
        assert done.returncode == 0, done.stdout
        yield env
        stack(env, "down")


@pytest.fixture
def supervisor(env: dict[str, str]) -> Supervisor:
    """Return the supervisor of the stack under test."""
    return Supervisor(Paths(Path(env["VIGIL_STATE_DIR"])))


def test_status_shows_every_service_up(env: dict[str, str]) -> None:
    done = stack(env, "status")
    assert done.returncode == 0
    for service in SERVICES:
        assert service in done.stdout


def test_up_again_changes_nothing(env: dict[str, str], supervisor: Supervisor) -> None:
    before = [process.pid for process in supervisor.processes()]
    assert stack(env, "up").returncode == 0
    assert [process.pid for process in supervisor.processes()] == before


def test_nothing_listens_beyond_this_machine(supervisor: Supervisor) -> None:
    addresses = {
        connection.laddr.ip
        for process in supervisor.survivors()
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_reset_is_refused_while_it_runs(env: dict[str, str]) -> None:
    done = stack(env, "reset")
    assert done.returncode == 1
    assert "is running: make down first" in done.stdout


@pytest.mark.parametrize("service", ["influxd", "kafka"])
def test_a_killed_server_comes_back(
    env: dict[str, str], supervisor: Supervisor, service: str
) -> None:
    killed = supervisor.pid(service)
    os.kill(killed, signal.SIGKILL)
    until(
        lambda: killed not in {p.pid for p in supervisor.processes()},
        otherwise=lambda: f"{service} is still {killed}",
    )
    assert stack(env, "up").returncode == 0
    assert supervisor.pid(service) != killed


def test_a_new_task_manager_takes_the_place_of_a_killed_one(
    env: dict[str, str], supervisor: Supervisor
) -> None:
    settings = Settings.load(env)
    flink, slots = Flink(settings.flink_url), settings.flink_slots
    (before,) = flink.workers()
    os.kill(supervisor.pid("taskmanager"), signal.SIGKILL)
    until(
        lambda: not flink.workers() & {before} and flink.slots() == slots,
        otherwise=lambda: (
            f"before: {before}, now: {flink.workers()}, {flink.slots()} slots"
        ),
    )


@pytest.fixture
def flink(env: dict[str, str]) -> Flink:
    """Return the cluster's REST interface."""
    return Flink(Settings.load(env).flink_url)


def test_flink_takes_no_jar_from_whoever_reaches_it(flink: Flink) -> None:
    jar = {"jarfile": ("a.jar", b"PK", "application/x-java-archive")}
    refused = httpx.post(f"{flink.url}/jars/upload", files=jar)
    assert refused.status_code == httpx.codes.NOT_FOUND
    assert httpx.get(f"{flink.url}/jars").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("path", ["/overview", "/taskmanagers", "/jobs"])
def test_no_foreign_page_may_read_what_flink_says(flink: Flink, path: str) -> None:
    foreign = {"Origin": "https://foreign.example"}
    allowed = httpx.get(f"{flink.url}{path}", headers=foreign).headers
    assert allowed["Access-Control-Allow-Origin"] == flink.url


def test_no_link_cancels_a_job(flink: Flink) -> None:
    """A page of anybody's may send a GET; any other verb asks for leave first."""
    paths = ("yarn-cancel", "yarn-stop")
    said = {
        httpx.get(f"{flink.url}/jobs/{NO_JOB}/{path}").status_code for path in paths
    }
    assert said == {httpx.codes.NOT_FOUND}


@dataclass(frozen=True)
class Checkpoints:
    """What Flink says of a job's checkpoints."""

    flink: Flink

    def last(self, name: str) -> int:
        """Return the number of the last whole one of the job that runs; 0: none."""
        return self._latest(name, "completed")

    def restored(self, name: str) -> int:
        """Return the number of that from which it went on."""
        return self._latest(name, "restored")

    def _latest(self, name: str, kind: str) -> int:
        job = self.flink.running(name)
        if job is None:
            return 0
        answer = httpx.get(f"{self.flink.url}/jobs/{job.job_id}/checkpoints")
        found = answer.json().get("latest", {}).get(kind)
        return int(found["id"]) if found else 0


def test_jobs_come_back_by_themselves_when_the_job_manager_dies(
    env: dict[str, str], supervisor: Supervisor, flink: Flink
) -> None:
    submitted = stack(env, "submit", "detect_patterns", "watch_devices")
    assert submitted.returncode == 0, submitted.stdout
    assert stack(env, "cancel", "watch_devices").returncode == 0
    checkpoints = Checkpoints(flink)
    until(
        lambda: checkpoints.last("detect-patterns") > 1,
        otherwise=lambda: "no second checkpoint",
    )
    before = flink.running("detect-patterns")
    number = checkpoints.last("detect-patterns")
    os.kill(supervisor.pid("jobmanager"), signal.SIGKILL)

    def is_back() -> bool:
        job = flink.running("detect-patterns")
        return job is not None and job != before and flink.tasks_run(job.job_id)

    until(is_back, otherwise=lambda: supervisor.paths.log("keeper").read_text("utf-8"))
    assert checkpoints.restored("detect-patterns") >= number
    assert flink.alive() == {"detect-patterns"}


def test_a_busy_port_is_named_and_nothing_is_started(
    env: dict[str, str], tmp_path: Path
) -> None:
    done = stack({**env, "VIGIL_STATE_DIR": str(tmp_path)}, "up")
    assert done.returncode == 1
    assert f"port {env['VIGIL_KAFKA_PORT']} is taken by java (pid " in done.stdout
    assert of_stack(str(Paths(tmp_path).socket)) == []


def test_what_was_stored_survives_down_and_up(env: dict[str, str]) -> None:
    cluster_id = Path(env["VIGIL_STATE_DIR"], "data/kafka/meta.properties").read_text()
    assert stack(env, "down").returncode == 0
    assert stack(env, "up").returncode == 0
    kept = Path(env["VIGIL_STATE_DIR"], "data/kafka/meta.properties").read_text()
    assert kept == cluster_id


def test_down_leaves_nothing_running(
    env: dict[str, str], supervisor: Supervisor
) -> None:
    assert stack(env, "down").returncode == 0
    assert supervisor.survivors() == []
    assert stack(env, "status").returncode == 1
    assert stack(env, "down").returncode == 0


def test_reset_wipes_what_was_stored(env: dict[str, str]) -> None:
    done = stack(env, "reset")
    assert done.returncode == 0
    assert "removed" in done.stdout
    assert list(Path(env["VIGIL_STATE_DIR"]).iterdir()) == []
