"""Bring the servers up, take them down, wipe what they stored."""

import base64
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from producers.topics import create_topics
from stack import backup, checks, configuration, credentials, health, influxdb
from stack.credentials import InfluxAdmin
from stack.errors import StackError
from stack.paths import Paths
from stack.servers import NATIVE, Servers
from stack.settings import Settings
from stack.steps import run, step
from stack.supervision import SERVICES, Supervisor

TITLES: Final = {
    "kafka": "Kafka",
    "influxd": "InfluxDB",
    "jobmanager": "Flink job manager",
    "taskmanager": "Flink task manager",
    "alerts": "Alarms",
    "fixes": "Fixes of devices",
    "timetable": "Timetable",
    "keeper": "Keeper of the jobs",
    "gateway": "Ward page",
}

WAITING: Final = "another command starts, wipes or restores this stack: waiting for it"


def ports(settings: Settings) -> dict[str, int]:
    """Return each port the stack listens on, by the variable that sets it."""
    names = ("kafka", "kafka_controller", "flink", "flink_rpc", "influx", "gateway")
    return {f"VIGIL_{n.upper()}_PORT": getattr(settings, f"{n}_port") for n in names}


def up(
    settings: Settings, servers: Servers, env: Mapping[str, str], console: Console
) -> None:
    """Start what is not running, and return when all of it can do its work.

    Whatever this call started is stopped again if it fails or is interrupted.
    """
    supervisor = Supervisor(Paths(settings.state_dir))
    with (
        supervisor.paths.alone(lambda: console.print(WAITING)),
        _stopped_if_it_fails(supervisor, console) as was_up,
    ):
        if not was_up:
            _launch(supervisor, settings, servers, env, console)
        _wait(supervisor, settings, console)
        prepare(settings, env, console)
        sign_in = credentials.sign_in(settings)
        console.print(f"the ward page is at {settings.gateway_url}{sign_in}")


@contextmanager
def _stopped_if_it_fails(supervisor: Supervisor, console: Console) -> Iterator[bool]:
    """Yield whether the stack was up; if not, and the body fails, stop it again."""
    was_up = supervisor.is_up()
    try:
        yield was_up
    except BaseException:
        if not was_up and supervisor.survivors():
            console.print("stopping what was started")
            supervisor.shut_down()
        raise


def _launch(
    supervisor: Supervisor,
    settings: Settings,
    servers: Servers,
    env: Mapping[str, str],
    console: Console,
) -> None:
    checks.demand(checks.shared_ports(ports(settings)))
    supervisor.shut_down()  # what a killed supervisor may have left behind
    checks.demand(checks.port_problems(ports(settings)))
    backup.demand_whole(supervisor.paths)
    paths = supervisor.paths
    shutil.rmtree(paths.run, ignore_errors=True)
    paths.make()
    credentials.make(settings, env)
    credentials.make_flink_key(settings)
    configuration.write(settings, paths)
    configuration.write_given(paths, env)
    environment = configuration.environment(settings, servers, paths, env)
    if not (paths.data / "kafka/meta.properties").exists():
        with step(console, "Kafka: format its storage"):
            _format_storage(servers, paths, environment)
    (paths.data / "influxdb").mkdir(exist_ok=True)
    supervisor.launch(environment)


def _format_storage(servers: Servers, paths: Paths, env: Mapping[str, str]) -> None:
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    log = paths.log("kafka-format")
    command = [str(servers.java), "-cp", f"{servers.kafka_libs}/*"]
    command += [f"-Dlog4j2.configurationFile={NATIVE}/kafka/log4j2.yaml"]
    # In one word: an id may begin with a dash.
    command += ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}"]
    command += ["-c", str(paths.conf / "kafka.properties")]
    run(command, cwd=paths.run, env=env, log=log, tell=lambda _: None)


def _wait(supervisor: Supervisor, settings: Settings, console: Console) -> None:
    stopped = {"stopped", "exited", "fatal"}
    for process in supervisor.processes():
        if process.state in stopped:
            supervisor.start(process.name)
    for service in SERVICES:
        with step(console, TITLES[service]):
            health.wait_for(service, settings, supervisor)


def prepare(settings: Settings, env: Mapping[str, str], console: Console) -> None:
    """Create the topics, buckets and tokens that are missing."""
    admin = InfluxAdmin.load(settings, env)
    with step(console, "Topics and buckets"):
        create_topics(settings.kafka_brokers)
        backup.fill_topics(settings)
        influxdb.prepare(settings, admin)


def down(settings: Settings, console: Console) -> None:
    """Stop everything that was started, and make sure that nothing is left."""
    supervisor = Supervisor(Paths(settings.state_dir))
    with step(console, "Stop everything"):
        killed = supervisor.shut_down()
    if killed:
        console.print(f"had to kill: {', '.join(map(str, killed))}")
    if left := [process.pid for process in supervisor.survivors()]:
        msg = f"still running: {left}; stop them by hand"
        raise StackError(msg)


def reset(settings: Settings) -> list[Path]:
    """Wipe everything stored, and return what was removed; refuse while up."""
    paths = Paths(settings.state_dir)
    if not paths.state.exists():
        return []
    with paths.alone():
        if Supervisor(paths).is_up():
            msg = f"the stack in {paths.state} is running: make down first"
            raise StackError(msg)
        removed = [folder for folder in paths.folders if folder.exists()]
        for folder in removed:
            shutil.rmtree(folder)
        paths.restoring.unlink(missing_ok=True)
    return removed
