"""The real thing, in a state folder and on ports of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import psutil
import pytest
from confluent_kafka import Producer
from dotenv import dotenv_values

from producers.contract import LIMITS, MATCHES
from producers.schema import Topic
from stack import credentials, kept_topics
from stack.environment import ROOT
from stack.flink_rest import Flink, Job, authorization
from stack.orphans import of_stack
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import SERVICES, Supervisor
from stack.waiting import PATIENCE_S, until
from tests.one_stack import one_stack
from tests.ward import outside

pytestmark = pytest.mark.system

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
    """Return the cluster's REST interface, and the key to it."""
    settings = Settings.load(env)
    return Flink(settings.flink_url, settings.flink_key_file)


def test_flink_takes_no_jar_from_whoever_reaches_it(flink: Flink) -> None:
    jar = {"jarfile": ("a.jar", b"PK", "application/x-java-archive")}
    upload = httpx.post(f"{flink.url}/jars/upload", files=jar)
    run = httpx.post(f"{flink.url}/jars/a.jar/run")
    assert upload.status_code == run.status_code == httpx.codes.FORBIDDEN
    assert httpx.get(f"{flink.url}/jars").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("path", ["/overview", "/taskmanagers", "/jobs"])
def test_no_foreign_page_may_read_what_flink_says(flink: Flink, path: str) -> None:
    foreign = {"Origin": "https://foreign.example"}
    allowed = httpx.get(f"{flink.url}{path}", headers=foreign).headers
    assert allowed["Access-Control-Allow-Origin"] == flink.url


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
    submitted = stack(env, "submit", "detect_patterns", "record_vitals")
    assert submitted.returncode == 0, submitted.stdout
    assert stack(env, "cancel", "record_vitals").returncode == 0
    checkpoints = Checkpoints(flink)
    until(
        lambda: checkpoints.last("detect-patterns") > 1,
        otherwise=lambda: "no second checkpoint",
    )
    before = flink.running("detect-patterns")
    number = checkpoints.last("detect-patterns")
    os.kill(supervisor.pid("jobmanager"), signal.SIGKILL)

    _wait_until_back(flink, supervisor, but=before)
    assert checkpoints.restored("detect-patterns") >= number
    assert flink.alive() == {"detect-patterns"}


def test_a_stranger_neither_cancels_nor_stops_a_job(flink: Flink) -> None:
    job = flink.running("detect-patterns")
    assert job
    at = f"{flink.url}/jobs/{job.job_id}"
    tried = [
        httpx.patch(at),
        httpx.get(f"{at}/yarn-cancel"),
        httpx.get(f"{at}/yarn-stop"),
        httpx.post(f"{at}/stop", json={"drain": False}),
        httpx.post(f"{at}/savepoints", json={"cancel-job": True}),
        httpx.delete(f"{flink.url}/cluster"),
        httpx.post(f"{flink.url}/jobs", files={"request": b"{}"}),
    ]
    assert {answer.status_code for answer in tried} == {httpx.codes.FORBIDDEN}
    assert flink.running("detect-patterns") == job
    assert flink.tasks_run(job.job_id)


def test_a_job_that_somebody_else_cancels_comes_back(
    env: dict[str, str], supervisor: Supervisor, flink: Flink
) -> None:
    """By another way than our own: with the key, by a link."""
    before = flink.running("detect-patterns")
    assert before
    until(
        lambda: Checkpoints(flink).last("detect-patterns") > 0,
        otherwise=lambda: "the job keeps no checkpoint",
    )
    link = f"{flink.url}/jobs/{before.job_id}/yarn-cancel"
    key = authorization(Settings.load(env).flink_key_file)
    assert httpx.get(link, headers=key).is_success
    _wait_until_back(flink, supervisor, but=before)
    assert Checkpoints(flink).restored("detect-patterns") > 0


def _wait_until_back(flink: Flink, supervisor: Supervisor, but: Job | None) -> None:
    """Wait until another job than ``but`` finds patterns, with all its tasks."""

    def is_back() -> bool:
        job = flink.running("detect-patterns")
        if job is None or (but and job.job_id == but.job_id):
            return False
        with suppress(httpx.HTTPError):
            return flink.tasks_run(job.job_id)
        return False

    until(is_back, otherwise=lambda: supervisor.paths.log("keeper").read_text("utf-8"))


def secrets_of(settings: Settings) -> set[str]:
    """Return every secret of this stack; of users, each password."""
    made = dotenv_values(credentials.made_in(settings))
    users = (made.pop(credentials.USERS) or "").split(",")
    tokens = (
        settings.influx_write_token_file,
        settings.influx_read_token_file,
        settings.flink_key_file,
    )
    return {
        *(user.partition(":")[2] for user in users),
        *filter(None, made.values()),
        *(file.read_text(encoding="utf-8") for file in tokens),
    }


def test_no_secret_stands_in_a_log_a_plan_or_a_process(
    env: dict[str, str], supervisor: Supervisor
) -> None:
    """A job was cancelled before this: its workers ended, and Beam says so."""
    secrets, paths = secrets_of(Settings.load(env)), supervisor.paths
    assert min(map(len, secrets)) >= 16
    seen = {
        str(file): file.read_text("utf-8", "replace")
        for folder in (paths.logs, paths.plans, paths.conf, paths.run, paths.wishes)
        for file in folder.rglob("*")
        if file.is_file()
    }
    assert str(paths.log("taskmanager")) in seen
    assert any(name.startswith(str(paths.plans)) for name in seen)
    for process in supervisor.survivors():
        seen[str(process)] = f"{process.cmdline()} {process.environ()}"
    leaks = [(name, s) for name, text in seen.items() for s in secrets if s in text]
    assert leaks == []


def test_what_cannot_be_made_again_comes_back_from_a_backup(
    env: dict[str, str], supervisor: Supervisor, flink: Flink, tmp_path: Path
) -> None:
    """The job of a test before runs, and this one's broker and database are wiped."""
    settings, file = Settings.load(env), tmp_path / "vigil.backup"
    number = Checkpoints(flink).last("detect-patterns")
    secrets = secrets_of(settings)
    for topic, message in ((LIMITS, LIMIT), (MATCHES, MATCH)):
        _publish(settings, topic, message)
    _store(settings, "kept value=42")
    until(lambda: _alarms(settings) == 1, otherwise=lambda: "no alarm was made")
    saved = stack(env, "backup", str(file))
    assert saved.returncode == 0, saved.stdout
    assert stack(env, "down").returncode == 0
    assert stack(env, "reset").returncode == 0
    restored = stack(env, "restore", str(file))
    assert restored.returncode == 0, restored.stdout
    brought_up = stack(env, "up")
    assert brought_up.returncode == 0, brought_up.stdout

    assert secrets_of(settings) == secrets
    assert _alarms(settings) == 1
    kept = tmp_path / "topics"
    kept.mkdir()
    assert kept_topics.write(settings.kafka_brokers, kept)[LIMITS.name] == 1
    assert "42" in _queried(settings, 'r._measurement == "kept"')
    _wait_until_back(flink, supervisor, but=None)
    assert Checkpoints(flink).restored("detect-patterns") >= number


NOW = "now"
LIMIT: dict[str, object] = {
    "patient_id": "patient-1",
    "pattern_name": "sustained_tachycardia",
    "limit_value": 130.0,
    "ts_ms": NOW,
}
MATCH: dict[str, object] = {
    "match_id": "m-1",
    "pattern_name": "apnoea",
    "kind": "clinical",
    "severity": "high",
    "phase": "ongoing",
    "patient_id": "patient-1",
    "device_id": "device-1",
    "source": "detect_patterns",
    "started_ms": NOW,
    "ts_ms": NOW,
}


def _publish(settings: Settings, topic: Topic, message: dict[str, object]) -> None:
    now = {name: round(time.time() * 1000) for name, at in message.items() if at == NOW}
    message = {**message, **now}
    producer = Producer(
        {
            "bootstrap.servers": settings.kafka_brokers,
            "partitioner": "murmur2_random",
        }
    )
    producer.produce(topic.name, orjson.dumps(message), topic.key_of(message))
    assert producer.flush(PATIENCE_S) == 0


def _alarms(settings: Settings) -> int:
    """Return how many alarms of the patient there are."""
    file = settings.state_dir / "data/alarms.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as read:
        query = "SELECT count(*) FROM alarm WHERE patient_id = 'patient-1'"
        return int(read.execute(query).fetchone()[0])


def _store(settings: Settings, line: str) -> None:
    token = settings.influx_write_token_file.read_text(encoding="utf-8")
    httpx.post(
        f"{settings.influx_url}/api/v2/write",
        params={"org": settings.influx_org, "bucket": "readings"},
        headers={"Authorization": f"Token {token}"},
        content=line,
    ).raise_for_status()


def _queried(settings: Settings, condition: str) -> str:
    flux = f"""from(bucket: "readings") |> range(start: -1h)
        |> filter(fn: (r) => {condition})"""
    answer = httpx.post(
        f"{settings.influx_url}/api/v2/query",
        params={"org": settings.influx_org},
        headers={
            "Authorization": f"Token {settings.influx_read_token_file.read_text()}"
        },
        json={"query": flux},
    )
    return answer.raise_for_status().text


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
