"""What stands in the way is said in one line, with its cause and its fix."""

import os
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from stack import checks
from stack.errors import StackError

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - shutil's own shape


def program(folder: Path, name: str, says: str) -> dict[str, str]:
    """Return an environment in which ``name`` is a program that prints ``says``."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / name
    script.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    script.chmod(0o755)
    return {"PATH": str(folder)}


def test_missing_java_is_named_with_its_fix(tmp_path: Path) -> None:
    (problem,) = checks.java_problems({"PATH": str(tmp_path)})
    assert problem.startswith("Java is missing")
    assert "install JDK 17" in problem


def test_a_java_home_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (problem,) = checks.java_problems({"JAVA_HOME": f"{tmp_path}/no-jdk"})
    assert f"JAVA_HOME ({tmp_path}/no-jdk/bin/java)" in problem


def test_an_old_java_is_named_with_its_version(tmp_path: Path) -> None:
    env = program(tmp_path, "java", 'openjdk version "11.0.2" 2019-01-15')
    (problem,) = checks.java_problems(env)
    assert problem.startswith(f"Java 11 ({tmp_path}/java) is too old")


@pytest.mark.parametrize("version", ["17.0.15", "21", "25-ea"])
def test_a_young_java_is_no_problem(tmp_path: Path, version: str) -> None:
    env = program(tmp_path, "java", f'openjdk version "{version}"')
    assert checks.java_problems(env) == []


def test_java_home_goes_before_path(tmp_path: Path) -> None:
    env = program(tmp_path / "jdk/bin", "java", 'openjdk version "17"')
    env["PATH"] = program(tmp_path / "old", "java", 'java version "1.8.0_1"')["PATH"]
    env["JAVA_HOME"] = str(tmp_path / "jdk")
    assert checks.java_problems(env) == []


@pytest.mark.parametrize(
    ("text", "major"), [('java version "1.8.0_392"', 8), ("Error: no JVM", 0)]
)
def test_java_version_is_the_major_one(text: str, major: int) -> None:
    assert checks.java_version(text) == major


def test_every_missing_tool_is_named(tmp_path: Path) -> None:
    tools = {"mvn": "it fetches Kafka", "go": "it builds InfluxDB"}
    found = checks.tool_problems({"PATH": str(tmp_path)}, tools)
    assert found == [
        "mvn is missing: it fetches Kafka",
        "go is missing: it builds InfluxDB",
    ]


def test_a_full_disk_is_named_even_for_a_folder_not_made_yet(tmp_path: Path) -> None:
    asked = []

    def usage(folder: Path) -> Usage:
        asked.append(folder)
        return Usage(10, 9, 200_000_000)

    (problem,) = checks.disk_problems(tmp_path / "a/b", needed_gb=3, usage=usage)
    assert "has 0.2 GB free, 3 GB are needed" in problem
    assert "VIGIL_CACHE" in problem
    assert asked == [tmp_path]


def test_enough_disk_is_no_problem(tmp_path: Path) -> None:
    assert checks.disk_problems(tmp_path, needed_gb=0.0) == []


def test_a_busy_port_is_named_with_its_holder_and_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (problem,) = checks.port_problems({"VIGIL_FLINK_PORT": port})
    assert problem.startswith(f"port {port} is taken by ")
    assert f"(pid {os.getpid()})" in problem
    assert "set VIGIL_FLINK_PORT to a free port" in problem


def test_a_port_is_free_again_once_its_server_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert checks.port_problems({"VIGIL_KAFKA_PORT": port}) == []


def test_all_problems_are_told_together() -> None:
    with pytest.raises(StackError, match="one\ntwo"):
        checks.demand(["one", "two"])


def test_no_problem_is_no_error() -> None:
    checks.demand([])


def test_a_port_that_two_would_take_is_named_with_both() -> None:
    ports = {"VIGIL_FLINK_PORT": 8081, "VIGIL_GATEWAY_PORT": 8081, "VIGIL_X_PORT": 1}
    [said] = checks.shared_ports(ports)
    assert "8081" in said
    assert "VIGIL_FLINK_PORT and VIGIL_GATEWAY_PORT" in said
