"""Find the servers: named by a variable, on PATH, or built into the user's cache."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from stack import checks
from stack.environment import ROOT, files
from stack.settings import Settings

NATIVE: Final = ROOT / "docker/native"
KAFKA_POM: Final = NATIVE / "kafka/pom.xml"
CONNECTOR_POM: Final = NATIVE / "flink/connector/pom.xml"
FLAT_JSON_POM: Final = NATIVE / "flink/flat_json/pom.xml"
AUTHORIZATION_POM: Final = NATIVE / "flink/authorization/pom.xml"
INFLUXDB_MODULE: Final = NATIVE / "influxdb"

FLINK_VERSION: Final = "2.3"
INFLUXDB_VERSION: Final = re.compile(r"InfluxDB v?2\.")


@dataclass(frozen=True, slots=True)
class Servers:
    """Where each part is, or will be once it is installed."""

    java: Path
    kafka_libs: Path
    flink_home: Path
    connector: Path
    flat_json: Path
    authorization: Path
    influxd: Path


def find(settings: Settings, env: Mapping[str, str]) -> Servers:
    """Return where every part is, whether or not it exists yet."""
    cache = settings.cache
    return Servers(
        java=Path(checks.java(env)),
        kafka_libs=_kafka_home(settings, env) / "libs",
        flink_home=_flink_home(settings, env),
        connector=cache / f"flink-connector-{key(CONNECTOR_POM)}",
        flat_json=cache / f"flink-flat-json-{key(*files(FLAT_JSON_POM.parent))}",
        authorization=cache
        / f"flink-authorization-{key(*files(AUTHORIZATION_POM.parent))}",
        influxd=_influxd(settings, env),
    )


def key(*made_of: Path) -> str:
    """Return a short hash of the names and contents of some files."""
    digest = hashlib.sha256()
    for file in sorted(made_of):
        digest.update(f"{file.name}:{file.stat().st_size}:".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def without_version(jar: Path) -> str:
    """Return what a jar is, whatever its version."""
    return re.split(r"-\d", jar.stem)[0]


def pyflink_home() -> Path:
    """Return the Flink distribution inside the Python package."""
    spec = find_spec("pyflink")
    return Path((spec and spec.origin) or "pyflink/__init__.py").resolve().parent


def named_problems(settings: Settings) -> checks.Problems:
    """Say which of the variables that name a server lead nowhere."""
    expected = {
        "VIGIL_KAFKA_HOME": (settings.kafka_home, "libs"),
        "VIGIL_FLINK_HOME": (settings.flink_home, "bin/flink"),
        "VIGIL_INFLUXD": (settings.influxd, ""),
    }
    return [
        f"{name}={value} has no {inside or 'such program'}: correct or unset {name}"
        for name, (value, inside) in expected.items()
        if value and not (Path(value) / inside).exists()
    ]


def _kafka_home(settings: Settings, env: Mapping[str, str]) -> Path:
    if settings.kafka_home:
        return Path(settings.kafka_home)
    for name in ("kafka-server-start.sh", "kafka-server-start"):
        home = _home_of(name, env)
        if home and any(home.glob("libs/kafka-server-4.*.jar")):
            return home
    return settings.cache / f"kafka-{key(KAFKA_POM)}"


def _flink_home(settings: Settings, env: Mapping[str, str]) -> Path:
    if settings.flink_home:
        return Path(settings.flink_home)
    home = _home_of("flink", env)
    if home and any(home.glob(f"lib/flink-dist-{FLINK_VERSION}.*.jar")):
        return home
    return pyflink_home()


def _influxd(settings: Settings, env: Mapping[str, str]) -> Path:
    if settings.influxd:
        return Path(settings.influxd)
    found = shutil.which("influxd", path=checks.path(env))
    if found and INFLUXDB_VERSION.search(_version(found)):
        return Path(found)
    made_of = (f for f in INFLUXDB_MODULE.iterdir() if f.is_file())
    return settings.cache / f"influxdb-{key(*made_of)}" / "influxd"


def _home_of(program: str, env: Mapping[str, str]) -> Path | None:
    found = shutil.which(program, path=checks.path(env))
    return Path(os.path.realpath(found)).parent.parent if found else None


def _version(influxd: str) -> str:
    done = subprocess.run(  # noqa: S603 - found on the user's PATH
        [influxd, "version"], capture_output=True, text=True, check=False
    )
    return done.stdout
