"""What is committed and what this machine adds never contradict one another."""

import configparser
import os
import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stack import configuration
from stack.errors import StackError
from stack.paths import Paths
from stack.servers import NATIVE, find
from stack.settings import FILES, Settings
from stack.supervision import SERVICES, Supervisor

SETTINGS = Settings.load({}, FILES[:1])
SUPERVISORD = NATIVE / "supervisord.conf"
YEAR_S = 365 * 24 * 3600
ODD = "My vigils (1)/jürgen/日本"
"""What somebody may call the folder of their clone."""


def keys(file: Path, separator: str) -> list[str]:
    """Return the names set in a flat file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split(separator)[0] for line in lines if line and line[0] != "#"]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Return the folders of a stack that was never up."""
    made = Paths(tmp_path / "state")
    made.make()
    return made


@pytest.mark.parametrize(
    ("name", "separator"), [("flink/config.yaml", ":"), ("kafka.properties", "=")]
)
def test_nothing_is_set_twice(paths: Paths, name: str, separator: str) -> None:
    configuration.write(SETTINGS, paths)
    names = keys(paths.conf / name, separator)
    assert len(names) == len(set(names))


def test_everything_listens_on_this_machine_only(paths: Paths) -> None:
    flink = configuration.flink_local(SETTINGS, paths)
    hosts = {v for k, v in flink.items() if k.endswith(("host", "address"))}
    assert hosts == {"127.0.0.1"}
    listeners = configuration.kafka_local(SETTINGS, paths)["listeners"]
    assert set(re.findall(r"//([^:]+):", listeners)) == {"127.0.0.1"}


def test_the_job_manager_asks_for_the_key_and_keeps_what_others_add(
    tmp_path: Path, paths: Paths
) -> None:
    env = {"VIGIL_CACHE": str(tmp_path), "HADOOP_CLASSPATH": "/opt/a.jar"}
    settings = Settings.load(env, FILES[:1])
    servers = find(settings, env)
    servers.authorization.mkdir()
    (servers.authorization / "authorization.jar").touch()
    given = configuration.environment(settings, servers, paths, env)
    assert given["VIGIL_JOBMANAGER_CLASSPATH"].split(":") == [
        f"{servers.authorization}/authorization.jar",
        "/opt/a.jar",
    ]
    assert given["VIGIL_FLINK_KEY_FILE"] == str(settings.flink_key_file)


def test_what_is_stored_lies_in_the_state_folder(paths: Paths) -> None:
    flink = configuration.flink_local(SETTINGS, paths)
    kafka = configuration.kafka_local(SETTINGS, paths)
    assert flink["execution.checkpointing.dir"] == f"file://{paths.checkpoints}"
    assert Path(kafka["log.dirs"]).is_relative_to(paths.data)


def test_the_supervisor_finds_every_variable_it_expands(paths: Paths) -> None:
    text = SUPERVISORD.read_text(encoding="utf-8")
    wanted = set(re.findall(r"%\(ENV_(\w+)\)s", text))
    given = configuration.environment(SETTINGS, find(SETTINGS, {}), paths, {})
    assert wanted <= set(given)


def test_the_supervisor_keeps_every_service_alive() -> None:
    conf = configparser.RawConfigParser()
    conf.read(SUPERVISORD)
    for service in SERVICES:
        program = conf[f"program:{service}"]
        assert program["autorestart"] == "true"
        assert program["killasgroup"] == "true"
        tries = int(program["startretries"])
        assert sum(range(tries)) > YEAR_S  # each try waits a second longer
        assert program["stdout_logfile"].endswith(f"/{service}.log")


def test_flink_settings_of_another_cluster_do_not_leak_in(paths: Paths) -> None:
    env = {"FLINK_CONF_DIR": "/elsewhere", "FLINK_LIB_DIR": "/elsewhere", "HOME": "/h"}
    given = configuration.environment(SETTINGS, find(SETTINGS, {}), paths, env)
    assert given["FLINK_CONF_DIR"] == str(paths.conf / "flink")
    assert "FLINK_LIB_DIR" not in given
    assert given["HOME"] == "/h"


def test_the_socket_fits_whatever_the_state_folder_is_called(tmp_path: Path) -> None:
    deep = Paths(tmp_path / ("a-long-name" * 20))
    assert len(str(deep.socket)) < 100
    assert deep.socket != Paths(tmp_path).socket


def test_the_socket_lies_where_nobody_else_can_put_one() -> None:
    with TemporaryDirectory(prefix="v-") as folder:  # short enough for a socket
        paths = Paths(Path(folder) / "state")
        paths.make()
        assert paths.socket.is_relative_to(paths.state)
        assert paths.state.stat().st_mode & 0o077 == 0


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Return a stack whose own folder is too deep for a socket."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Paths(tmp_path / ("a-long-name" * 20))


def test_a_socket_elsewhere_lies_in_a_folder_of_ours(deep: Paths) -> None:
    deep.make()
    assert deep.socket.parent.stat().st_mode & 0o077 == 0
    assert not deep.socket.is_relative_to(deep.state)


@pytest.mark.parametrize("kind", ["everybody may write", "a link"])
def test_a_folder_that_is_not_ours_is_refused(deep: Paths, kind: str) -> None:
    folder = deep.state.parent / f"vigil-{os.geteuid()}"
    if kind == "a link":
        folder.symlink_to(deep.state.parent)
    else:
        folder.mkdir()
        folder.chmod(0o777)
    with pytest.raises(StackError, match="is not ours alone"):
        Supervisor(deep).is_up()


def test_what_is_stored_is_the_owners_alone(paths: Paths) -> None:
    assert paths.state.stat().st_mode & 0o077 == 0


def test_the_supervisor_takes_a_path_with_blanks_for_one_word() -> None:
    conf = configparser.RawConfigParser()
    conf.read(SUPERVISORD)
    for service in SERVICES:
        command = conf[f"program:{service}"]["command"]
        here = re.sub(r"%\(ENV_VIGIL_\w+_PORT\)s", "1", command)
        there = re.sub(r"%\(ENV_\w+\)s", "/a b", here)
        words = shlex.split(re.sub(r"%\(ENV_\w+\)s", "/ab", here))
        assert [each.replace("/a b", "/ab") for each in shlex.split(there)] == words


def test_flink_reads_a_path_as_it_is(tmp_path: Path) -> None:
    """Escaped, it is another folder: jobs would never find their checkpoints."""
    odd = Paths(tmp_path / ODD)
    told = configuration.flink_local(SETTINGS, odd)["execution.checkpointing.dir"]
    assert told == f"file://{odd.checkpoints}"


def test_kafka_reads_a_path_as_it_is(tmp_path: Path) -> None:
    odd = Paths(tmp_path / ODD)
    odd.make()
    configuration.write(SETTINGS, odd)
    lines = (odd.conf / "kafka.properties").read_bytes().splitlines()
    [told] = [line for line in lines if line.startswith(b"log.dirs=")]
    assert told.isascii()
    assert told.decode("unicode_escape") == f"log.dirs={odd.data / 'kafka'}"


@pytest.mark.parametrize("unfit", [",", ":", "#", '"', "'", "$", "%", ";", "\n", "\\"])
def test_a_folder_that_servers_misread_is_refused(unfit: str) -> None:
    with pytest.raises(StackError, match=r"VIGIL_STATE_DIR: .* name another") as error:
        Settings.load({"VIGIL_STATE_DIR": f"/a{unfit}b"}, FILES[:1])
    assert "\n" not in str(error.value)
    assert Settings.load({"VIGIL_STATE_DIR": f"/{ODD}"}, FILES[:1])
