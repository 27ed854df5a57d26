"""Write the servers' configuration: the committed part, and what this machine adds."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from stack import credentials, orphans
from stack.checks import LOCALHOST
from stack.environment import ROOT
from stack.orphans import MARK
from stack.paths import Paths
from stack.servers import NATIVE, Servers
from stack.settings import PREFIX, Settings


def flink_local(settings: Settings, paths: Paths) -> dict[str, str]:
    """Return Flink's addresses, ports and folders on this machine."""
    return {
        "jobmanager.rpc.address": LOCALHOST,
        "jobmanager.rpc.port": str(settings.flink_rpc_port),
        "jobmanager.bind-host": LOCALHOST,
        "taskmanager.host": LOCALHOST,
        "taskmanager.bind-host": LOCALHOST,
        "taskmanager.numberOfTaskSlots": str(settings.flink_slots),
        "rest.bind-address": LOCALHOST,
        "web.access-control-allow-origin": settings.flink_url,
        **flink_client(settings),
        "io.tmp.dirs": str(paths.run),
        "env.pid.dir": str(paths.run),
        "env.log.dir": str(paths.logs),
        "web.log.path": str(paths.log("jobmanager")),
        "taskmanager.log.path": str(paths.log("taskmanager")),
        "execution.checkpointing.dir": flink_path(paths.checkpoints),
        "python.executable": python(),
        "python.client.executable": python(),
    }


def flink_path(path: Path) -> str:
    """Return how Flink reads a path: as it is, and nothing in it as an escape."""
    return f"file://{path}"


def flink_client(settings: Settings) -> dict[str, str]:
    """Return where ``flink run`` finds the cluster."""
    url = urlsplit(settings.flink_url)
    return {
        "rest.address": url.hostname or LOCALHOST,
        "rest.port": str(url.port or settings.flink_port),
    }


def kafka_local(settings: Settings, paths: Paths) -> dict[str, str]:
    """Return the broker's listeners and folders on this machine."""
    broker = f"PLAINTEXT://{LOCALHOST}:{settings.kafka_port}"
    controller = f"{LOCALHOST}:{settings.kafka_controller_port}"
    return {
        "listeners": f"{broker},CONTROLLER://{controller}",
        "advertised.listeners": broker,
        "controller.quorum.voters": f"1@{controller}",
        "log.dirs": str(paths.data / "kafka"),
    }


def python() -> str:
    """Return the Python that runs our functions, whatever ``.venv`` points to later."""
    return str(Path(sys.prefix).resolve() / "bin/python")


def write(settings: Settings, paths: Paths) -> None:
    """Write every server's configuration into the state folder."""
    flink = paths.conf / "flink"
    flink.mkdir(parents=True, exist_ok=True)
    for file in (NATIVE / "flink").glob("*.properties"):
        shutil.copy(file, flink)
    yaml = _joined(NATIVE / "flink/config.yaml", flink_local(settings, paths), ": ")
    (flink / "config.yaml").write_text(yaml, encoding="utf-8")
    kafka = {name: _escaped(v) for name, v in kafka_local(settings, paths).items()}
    properties = _joined(NATIVE / "kafka/kafka.properties", kafka, "=")
    (paths.conf / "kafka.properties").write_text(properties, encoding="utf-8")


def _escaped(value: str) -> str:
    """Return ``value`` as Java reads it from a file of properties: in Latin-1."""
    return "".join(each if each.isascii() else _unicode_escape(each) for each in value)


def _unicode_escape(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def named(settings: Settings, env: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that every process may know, and nothing else of ours."""
    ours = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return {k: v for k, v in env.items() if k in ours} | settings.environment()


def write_given(paths: Paths, env: Mapping[str, str]) -> None:
    """Write what only alarms and the page read, and the environment gives.

    Passwords of providers are among it: so it is in a file that those two are told
    of, and in no environment that others inherit, or print.
    """
    ours = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {k: v for k, v in env.items() if k.startswith(PREFIX) and k not in ours}
    credentials.write(paths.given, credentials.quoted(given))


def _joined(base: Path, local: Mapping[str, str], separator: str) -> str:
    lines = (f"{name}{separator}{value}\n" for name, value in local.items())
    return f"{base.read_text(encoding='utf-8')}\n# This machine.\n{''.join(lines)}"


def _job_manager_classpath(servers: Servers, env: Mapping[str, str]) -> str:
    """Return what Flink's scripts add to what they find in ``lib``, whoever's it is."""
    jars = [str(jar) for jar in servers.authorization.glob("*.jar")]
    return ":".join([*jars, *filter(None, [env.get("HADOOP_CLASSPATH")])])


def environment(
    settings: Settings, servers: Servers, paths: Paths, env: Mapping[str, str]
) -> dict[str, str]:
    """Return what every server and ``flink`` itself is started with: no secret."""
    kept = {k: v for k, v in env.items() if not k.startswith(("FLINK_", PREFIX))}
    return {
        **kept,
        **named(settings, env),
        MARK: str(paths.socket),
        "VIGIL_ROOT": str(ROOT),
        "VIGIL_PYTHON": python(),
        "VIGIL_ORPHANS": orphans.__file__,
        "VIGIL_SOCKET": str(paths.socket),
        "VIGIL_RUN": str(paths.run),
        "VIGIL_LOGS": str(paths.logs),
        "VIGIL_DATA": str(paths.data),
        "VIGIL_CONF": str(paths.conf),
        "VIGIL_NATIVE": str(NATIVE),
        "VIGIL_JAVA": str(servers.java),
        "VIGIL_KAFKA_LIBS": str(servers.kafka_libs),
        "VIGIL_FLINK": str(servers.flink_home),
        "VIGIL_JOBMANAGER_CLASSPATH": _job_manager_classpath(servers, env),
        "VIGIL_INFLUXD": str(servers.influxd),
        "FLINK_CONF_DIR": str(paths.conf / "flink"),
        "HOSTNAME": env.get("HOSTNAME", os.uname().nodename),
    }
