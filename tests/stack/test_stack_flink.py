"""Jobs are sent with all they need, resume where they were, and fail legibly."""

import os
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from stack.environment import ROOT
from stack.errors import StackError
from stack.flink_jobs import JOBS, REFUSED, job_name, submit
from stack.flink_rest import Flink, Job
from stack.flink_run import (
    PACKAGES,
    Cluster,
    archive,
    client_headers,
    command_line,
    newest_checkpoint,
    options,
    root_cause,
)
from stack.servers import find
from stack.settings import FILES, Settings

SETTINGS = Settings.load({}, FILES[:1])
CLUSTER = Cluster(SETTINGS, find(SETTINGS, {}), {})

PYTHON_ERROR = """$ flink run -py job.py
Traceback (most recent call last):
  File "job.py", line 1, in <module>
    import nothing
ModuleNotFoundError: No module named 'nothing'
08:34:05,155 ERROR org.apache.flink.client.python.PythonDriver [] - Run failed
java.lang.RuntimeException: Python process exits with code: 1
Caused by: java.lang.RuntimeException: Python process exits with code: 1
"""
JAVA_ERROR = """$ flink run -py job.py
py4j.protocol.Py4JJavaError: An error occurred while calling o8.execute.
: org.apache.flink.table.api.ValidationException: SQL validation failed.
\tat org.apache.flink.Somewhere
Caused by: org.apache.calcite.SqlException: Column 'x' not found in any table
\tat org.apache.calcite.Somewhere
08:34:05,155 ERROR org.apache.flink.client.python.PythonDriver [] - Run failed
Caused by: java.lang.RuntimeException: Python process exits with code: 1
"""
CLIENT_ERROR = """$ flink run -py job.py
08:34:05,155 ERROR org.apache.flink.client.cli.CliFrontend [] - Fatal error
java.net.ConnectException: Connection refused
"""


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (PYTHON_ERROR, "ModuleNotFoundError: No module named 'nothing'"),
        (
            JAVA_ERROR,
            "org.apache.calcite.SqlException: Column 'x' not found in any table",
        ),
        (CLIENT_ERROR, "java.net.ConnectException: Connection refused"),
        ("", "nothing said"),
    ],
)
def test_root_cause_is_what_went_wrong_first(output: str, line: str) -> None:
    assert root_cause(output) == line


def test_a_refused_checkpoint_is_recognised() -> None:
    said = "Failed to rollback to checkpoint/savepoint file:/x. Cannot map ..."
    assert REFUSED.search(said)
    assert not REFUSED.search(JAVA_ERROR)


def test_the_archive_holds_the_jobs_packages_and_nothing_else(tmp_path: Path) -> None:
    packed = archive(ROOT, tmp_path / "build/vigil.zip")
    names = zipfile.ZipFile(packed).namelist()
    assert {name.split("/")[0] for name in names} <= set(PACKAGES)
    assert "producers/contract/__init__.py" in names
    assert not [name for name in names if "__pycache__" in name]


def test_the_newest_whole_checkpoint_is_resumed(tmp_path: Path) -> None:
    for age_s, name in enumerate(("new/chk-3", "old/chk-9")):
        metadata = tmp_path / name / "_metadata"
        metadata.parent.mkdir(parents=True)
        metadata.write_bytes(b"whole")
        os.utime(metadata, (1000 - age_s, 1000 - age_s))
    (tmp_path / "new/chk-4").mkdir()  # begun, never finished
    (tmp_path / "new/chk-5").mkdir()
    (tmp_path / "new/chk-5/_metadata").touch()  # the power was cut
    assert newest_checkpoint(tmp_path) == tmp_path / "new/chk-3"


def test_a_job_that_never_ran_has_no_checkpoint(tmp_path: Path) -> None:
    assert newest_checkpoint(tmp_path / "none") is None


def test_each_job_keeps_its_own_checkpoints() -> None:
    folders = {CLUSTER.checkpoints(job_name(job)) for job in JOBS}
    assert len(folders) == len(JOBS)


def test_what_finds_alarms_is_submitted_first() -> None:
    assert JOBS[0] == "detect_patterns"


def test_flink_gets_our_python_for_client_and_workers() -> None:
    line = command_line(CLUSTER, {}, Path("z.zip"))
    python = line[line.index("-pyexec") + 1]
    assert line[line.index("-pyclientexec") + 1] == python
    assert Path(python).exists()


def test_a_checkpoint_is_taken_over_unless_fresh(tmp_path: Path) -> None:
    settings = Settings.load({"VIGIL_STATE_DIR": str(tmp_path)}, FILES[:1])
    cluster = Cluster(settings, CLUSTER.servers, {})
    metadata = cluster.checkpoints("a") / "1f/chk-3/_metadata"
    metadata.parent.mkdir(parents=True)
    metadata.write_bytes(b"whole")
    keep = {"execution.checkpointing.dir": cluster.checkpoints("a").as_uri()}
    assert options(cluster, "a", fresh=True) == keep
    assert options(cluster, "a", fresh=False) == keep | {
        "execution.state-recovery.path": metadata.parent.as_uri(),
        "execution.state-recovery.claim-mode": "CLAIM",
    }


def test_a_foreign_flink_gets_along_what_it_has_not(tmp_path: Path) -> None:
    servers, home = CLUSTER.servers, tmp_path / "flink"
    for part, jar in (
        (tmp_path / "cache" / servers.connector.name, "flink-sql-kafka-5.0.0-2.2.jar"),
        (tmp_path / "cache" / servers.flat_json.name, "flink-flat-json-1.jar"),
        (home / "lib", "flink-sql-kafka-4.0.0-2.0.jar"),
    ):
        part.mkdir(parents=True)
        (part / jar).touch()
    env = {"VIGIL_FLINK_HOME": f"{home}", "VIGIL_CACHE": f"{tmp_path}/cache"}
    settings = Settings.load(env, FILES[:1])
    cluster = Cluster(settings, find(settings, env), env)
    line = command_line(cluster, {}, Path("z.zip"))
    (jars,) = [option for option in line if option.startswith("-Dpipeline.jars=")]
    assert jars.endswith("flink-flat-json-1.jar")
    assert "kafka" not in jars


def test_flink_run_is_given_the_key_as_the_header_of_its_requests(
    tmp_path: Path,
) -> None:
    settings = Settings.load({"VIGIL_FLINK_KEY_FILE": f"{tmp_path}/key"}, FILES[:1])
    (tmp_path / "key").write_text("a-key\n")
    header = {"FLINK_REST_CLIENT_HEADERS": "Authorization:Bearer a-key"}
    assert client_headers(settings) == header


@pytest.mark.parametrize("nothing", [None, "", "\n"])
def test_without_a_key_no_header_is_sent(tmp_path: Path, nothing: str | None) -> None:
    """A cluster of somebody's own may need none."""
    settings = Settings.load({"VIGIL_FLINK_KEY_FILE": f"{tmp_path}/key"}, FILES[:1])
    if nothing is not None:
        (tmp_path / "key").write_text(nothing)
    assert client_headers(settings) == {}


def test_a_job_that_does_not_exist_is_named() -> None:
    with pytest.raises(StackError, match=r"no such job in .*jobs: one, two"):
        submit(CLUSTER, ["one", "two"])


@pytest.mark.parametrize(
    ("state", "over"), [("RUNNING", False), ("RESTARTING", False), ("FAILED", True)]
)
def test_a_restarting_job_is_not_over(state: str, *, over: bool) -> None:
    assert Job("id", "name", state, 0).is_over == over


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_of_jobs_hides_a_package(package: str) -> None:
    """``flink run -py jobs/x.py`` looks for packages in ``jobs`` first.

    A folder without ``__init__.py`` gives way to the package of its name.
    """
    assert not (ROOT / "jobs" / package / "__init__.py").exists()


class _Another(BaseHTTPRequestHandler):
    """A server that is no Flink, on Flink's port."""

    says = b""

    def do_GET(self) -> None:
        """Say something else."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("says", [b"<html>", b"\xff", b"null", b"[]", b"{}"])
def test_another_server_in_flinks_place_is_no_flink(
    says: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Another, "says", says)
    with HTTPServer(("127.0.0.1", 0), _Another) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        flink = Flink(f"http://127.0.0.1:{server.server_port}")
        assert flink.slots() is None
        assert flink.workers() == set()
        assert flink.latest() == []
        with pytest.raises(httpx.HTTPError, match="no Flink answers"):
            flink.alive()
        server.shutdown()


@pytest.mark.parametrize("state", ["FINISHED", "FAILED", "CANCELED", "SUSPENDED"])
def test_a_job_that_never_runs_again_is_over(state: str) -> None:
    assert Job("1", "score-eeg", state, 0).is_over


def test_a_checkpoint_is_named_as_flink_reads_paths(tmp_path: Path) -> None:
    """Escaped, it is another folder: the job would begin anew, in silence."""
    odd = tmp_path / "My vigils (1)/jürgen"
    settings = SETTINGS.model_copy(update={"state_dir": odd})
    cluster = Cluster(settings, find(SETTINGS, {}), {})
    metadata = cluster.checkpoints("score-eeg") / "1/chk-7/_metadata"
    metadata.parent.mkdir(parents=True)
    metadata.write_bytes(b"x")
    told = options(cluster, "score-eeg", fresh=False)
    assert told["execution.state-recovery.path"] == f"file://{metadata.parent}"
    folder = f"file://{odd}/checkpoints/score-eeg"
    assert told["execution.checkpointing.dir"] == folder
