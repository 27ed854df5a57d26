"""An installed server is used; anything else is found in the cache."""

from pathlib import Path

import pytest

from stack.servers import Servers, find, key, named_problems
from stack.settings import FILES, Settings


def located(tmp_path: Path, **env: str) -> Servers:
    """Return where the servers are on a machine with nothing but ``env``."""
    bare = {"PATH": f"{tmp_path}/bin", "VIGIL_CACHE": str(tmp_path / "cache"), **env}
    return find(Settings.load(bare, FILES[:1]), bare)


def program(path: Path, says: str = "") -> Path:
    """Write a program that prints ``says``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_bare_machine_uses_the_cache_and_pyflinks_own_flink(tmp_path: Path) -> None:
    servers = located(tmp_path)
    assert servers.influxd.is_relative_to(tmp_path / "cache")
    assert servers.kafka_libs.is_relative_to(tmp_path / "cache")
    assert (servers.flink_home / "bin/flink").exists()


def test_variables_name_servers(tmp_path: Path) -> None:
    servers = located(
        tmp_path,
        VIGIL_INFLUXD="/opt/influxd",
        VIGIL_KAFKA_HOME="/opt/kafka",
        VIGIL_FLINK_HOME="/opt/flink",
    )
    assert servers.influxd == Path("/opt/influxd")
    assert servers.kafka_libs == Path("/opt/kafka/libs")
    assert servers.flink_home == Path("/opt/flink")


def test_a_variable_that_leads_nowhere_is_named() -> None:
    settings = Settings.load({"VIGIL_FLINK_HOME": "/nowhere"}, FILES[:1])
    assert named_problems(settings) == [
        "VIGIL_FLINK_HOME=/nowhere has no bin/flink: correct or unset VIGIL_FLINK_HOME"
    ]


@pytest.mark.parametrize(
    ("version", "used"), [("InfluxDB v2.7.6 (git: x)", True), ("InfluxDB v1.8", False)]
)
def test_influxd_on_path_is_used_if_it_is_a_2(
    tmp_path: Path, version: str, *, used: bool
) -> None:
    installed = program(tmp_path / "bin/influxd", version)
    assert (located(tmp_path).influxd == installed) == used


@pytest.mark.parametrize(("jar", "used"), [("4.1.0", True), ("2.8.0", False)])
def test_kafka_on_path_is_used_if_it_is_a_4(
    tmp_path: Path, jar: str, *, used: bool
) -> None:
    program(tmp_path / "bin/kafka-server-start.sh")
    (tmp_path / "libs").mkdir()
    (tmp_path / f"libs/kafka-server-{jar}.jar").touch()
    assert (located(tmp_path).kafka_libs == tmp_path / "libs") == used


@pytest.mark.parametrize(("jar", "used"), [("2.3.1", True), ("1.20.0", False)])
def test_flink_on_path_is_used_if_its_version_is_ours(
    tmp_path: Path, jar: str, *, used: bool
) -> None:
    program(tmp_path / "bin/flink")
    (tmp_path / "lib").mkdir()
    (tmp_path / f"lib/flink-dist-{jar}.jar").touch()
    assert (located(tmp_path).flink_home == tmp_path) == used


def test_a_key_tells_names_and_contents_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("same", encoding="utf-8")
    two.write_text("same", encoding="utf-8")
    assert key(one) != key(two)
    assert key(one, two) == key(two, one)
    before = key(one)
    one.write_text("other", encoding="utf-8")
    assert key(one) != before
