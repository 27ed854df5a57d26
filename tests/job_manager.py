"""Flink's job manager alone: its REST interface, without workers or broker."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console

from stack import configuration
from stack.ending import end
from stack.flink_rest import Flink
from stack.install import install
from stack.paths import Paths
from stack.settings import Settings
from stack.waiting import until
from tests.alerts.mail_server import free_port
from tests.ward import outside

GRACE_S = 20


@dataclass(frozen=True)
class JobManager:
    """A job manager with a state folder and a port of its own."""

    settings: Settings
    temporary: Path

    @property
    def url(self) -> str:
        """Where its REST interface is."""
        return self.settings.flink_url

    def said(self) -> str:
        """Return what it has logged."""
        return Paths(self.settings.state_dir).log("jobmanager").read_text("utf-8")


def _is_over(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


@contextmanager
def job_manager(folder: Path) -> Iterator[JobManager]:
    """Run a job manager as the supervisor would."""
    own = {
        **outside(),
        "VIGIL_STATE_DIR": str(folder / "state"),
        "VIGIL_FLINK_PORT": str(free_port()),
        "VIGIL_FLINK_RPC_PORT": str(free_port()),
    }
    settings = Settings.load(own)
    servers, paths = (
        install(settings, own, Console(quiet=True)),
        Paths(folder / "state"),
    )
    paths.make()
    configuration.write(settings, paths)
    env = configuration.environment(settings, servers, paths, own)
    env["HADOOP_CLASSPATH"] = env["VIGIL_JOBMANAGER_CLASSPATH"]
    env["JAVA_TOOL_OPTIONS"] += f" -Djava.io.tmpdir={folder}"
    with paths.log("jobmanager").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [f"{servers.flink_home}/bin/jobmanager.sh", "start-foreground"],
            cwd=paths.run,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    made = JobManager(settings, folder)
    try:
        flink = Flink(settings.flink_url)
        until(
            lambda: flink.slots() is not None or _is_over(process), otherwise=made.said
        )
        assert not _is_over(process), made.said()
        yield made
    finally:
        end([psutil.Process(process.pid)], GRACE_S)
        process.wait()
