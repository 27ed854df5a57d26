"""A real broker alone, that a test may kill and start again."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from producers.topics import create_topics
from stack import configuration
from stack.health import kafka_answers
from stack.paths import Paths
from stack.servers import NATIVE, Servers, find
from stack.settings import Settings
from stack.waiting import PATIENCE_S, until
from tests.alerts.mail_server import free_port
from tests.ward import outside

JAVA: Final = "-Xms256m -Xmx256m -XX:TieredStopAtLevel=1"
CLUSTER: Final = "dmlnaWwtdGVzdC1jbHVzdA"


@dataclass
class Broker:
    """A broker with a folder of its own; what it stored survives its death."""

    settings: Settings
    servers: Servers
    env: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return self.settings.kafka_brokers

    def format(self) -> None:
        """Make its storage."""
        options = ["format", f"--cluster-id={CLUSTER}", "-c", self._properties]
        made = self._started("kafka.tools.StorageTool", *options)
        assert made.wait(PATIENCE_S) == 0

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = self._started("kafka.Kafka", self._properties)
        until(
            lambda: kafka_answers(self.address),
            otherwise=lambda: f"no broker: see {self._paths.log('kafka')}",
        )

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def _paths(self) -> Paths:
        return Paths(self.settings.state_dir)

    @property
    def _properties(self) -> str:
        return str(self._paths.conf / "kafka.properties")

    def _started(self, *words: str) -> subprocess.Popen[bytes]:
        log4j = f"-Dlog4j2.configurationFile={NATIVE}/kafka/log4j2.yaml"
        libs = f"{self.servers.kafka_libs}/*"
        command = [str(self.servers.java), *JAVA.split(), log4j, "-cp", libs]
        with self._paths.log("kafka").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own words
                [*command, *words],
                cwd=self._paths.run,
                env=dict(self.env),
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """Run a broker on free ports, with all topics; needs ``make install``."""
    own = {
        **outside(),
        "VIGIL_STATE_DIR": str(folder),
        "VIGIL_KAFKA_PORT": str(free_port()),
        "VIGIL_KAFKA_CONTROLLER_PORT": str(free_port()),
    }
    settings = Settings.load(own)
    servers, paths = find(settings, own), Paths(settings.state_dir)
    paths.make()
    configuration.write(settings, paths)
    env = configuration.environment(settings, servers, paths, own)
    running = Broker(settings, servers, env)
    running.format()
    running.start()
    try:
        create_topics(settings.kafka_brokers)
        yield running
    finally:
        running.kill()
