"""An install is whole or not there, and says in one line why it failed."""

from pathlib import Path

import pytest
from rich.console import Console

from stack.errors import StackError
from stack.install import UNFINISHED, install, problems
from stack.servers import find
from stack.settings import FILES, Settings

JAVA_17 = "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n"
MAVEN_THAT_FAILS = """#!/bin/sh
echo '[INFO] Scanning'
echo '[ERROR] no route to repository'
exit 1
"""
MAVEN_THAT_WORKS = """#!/bin/sh
for option; do case $option in -DoutputDirectory=*) folder=${option#*=};; esac; done
mkdir -p "$folder" && touch "$folder/some.jar"
"""


@pytest.fixture(autouse=True)
def flink_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep these installs away from the Flink that other tests are running."""
    (tmp_path / "pyflink/lib").mkdir(parents=True)
    monkeypatch.setattr("stack.install.pyflink_home", lambda: tmp_path / "pyflink")


@pytest.fixture
def quiet() -> Console:
    """Return a console whose text can be read back."""
    return Console(record=True, width=200)


def machine(tmp_path: Path, **programs: str) -> dict[str, str]:
    """Return the environment of a machine on which just ``programs`` are installed."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    for name, script in programs.items():
        (folder / name).write_text(script, encoding="utf-8")
        (folder / name).chmod(0o755)
    path = f"{folder}:/usr/bin:/bin" if programs else str(folder)
    return {"PATH": path, "VIGIL_CACHE": str(tmp_path / "cache")}


def settings_of(env: dict[str, str]) -> Settings:
    """Return the example's settings, with those of ``env``."""
    return Settings.load(env, FILES[:1])


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    env = machine(tmp_path)
    settings = settings_of(env)
    found = problems(settings, find(settings, env), env)
    names = [problem.split(" is missing")[0] for problem in found]
    assert names == ["Java", "mvn", "go", "cargo", "gcc", "pkg-config"]


def test_go_and_rust_are_not_asked_for_where_influxd_is(tmp_path: Path) -> None:
    env = machine(tmp_path)
    influxd = tmp_path / "influxd"
    influxd.touch()
    env["VIGIL_INFLUXD"] = str(influxd)
    settings = settings_of(env)
    found = problems(settings, find(settings, env), env)
    assert [problem.split(" is missing")[0] for problem in found] == ["Java", "mvn"]


def test_a_failing_step_is_one_line_with_its_log(
    tmp_path: Path, quiet: Console
) -> None:
    env = machine(tmp_path, java=JAVA_17, mvn=MAVEN_THAT_FAILS)
    env["VIGIL_INFLUXD"] = str(tmp_path / "bin/java")
    with pytest.raises(StackError) as error:
        install(settings_of(env), env, quiet)
    log = tmp_path / "cache/logs/install-kafka.log"
    line = f"mvn failed: [ERROR] no route to repository (whole log: {log})"
    assert str(error.value) == line
    assert "Scanning" in log.read_text(encoding="utf-8")


def test_a_failed_step_leaves_nothing_behind(tmp_path: Path, quiet: Console) -> None:
    env = machine(tmp_path, java=JAVA_17, mvn=MAVEN_THAT_FAILS)
    env["VIGIL_INFLUXD"] = str(tmp_path / "bin/java")
    with pytest.raises(StackError):
        install(settings_of(env), env, quiet)
    left = {path.name for path in (tmp_path / "cache").iterdir()}
    assert left == {"install.lock", "logs"}


def test_what_a_killed_install_left_is_swept_up(tmp_path: Path, quiet: Console) -> None:
    env = machine(tmp_path, java=JAVA_17, mvn=MAVEN_THAT_WORKS)
    env["VIGIL_INFLUXD"] = str(tmp_path / "bin/java")
    leftover = tmp_path / "cache" / f"{UNFINISHED}abc" / "target"
    leftover.mkdir(parents=True)
    install(settings_of(env), env, quiet)
    assert not leftover.exists()


def test_a_second_install_does_nothing(tmp_path: Path, quiet: Console) -> None:
    env = machine(tmp_path, java=JAVA_17, mvn=MAVEN_THAT_WORKS)
    env["VIGIL_INFLUXD"] = str(tmp_path / "bin/java")
    servers = install(settings_of(env), env, quiet)
    assert (servers.kafka_libs / "some.jar").exists()
    assert "Kafka broker: done" in quiet.export_text()
    install(settings_of(env), env, quiet)
    assert quiet.export_text() == ""
