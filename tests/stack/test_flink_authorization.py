"""Whoever reaches Flink's REST interface may read; to change anything takes the key."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from stack import credentials
from stack.environment import ROOT
from stack.errors import StackError
from stack.flink_rest import Flink, authorization
from stack.paths import Paths
from stack.servers import find
from stack.waiting import PATIENCE_S
from tests.job_manager import JobManager, job_manager
from tests.ward import outside

pytestmark = pytest.mark.system

JOB = f"/jobs/{'0' * 32}"
"""A job that does not exist: who may cancel it is told that it is not found."""
CHANGES = [
    ("PATCH", JOB),
    ("PATCH", f"/v1{JOB}/"),
    ("PATCH", f"{JOB}?mode=cancel"),
    ("PATCH", f"{JOB}/rescaling"),
    ("PUT", f"{JOB}/resource-requirements"),
    ("POST", f"{JOB}/stop"),
    ("POST", f"{JOB}/savepoints"),
    ("POST", f"{JOB}/checkpoints"),
    ("POST", "/jobs"),
    ("POST", "/jars/upload"),
    ("POST", "/jobmanager/profiler"),
    ("POST", "/savepoint-disposal"),
    ("POST", "/overview"),
    ("DELETE", "/datasets/1"),
    ("DELETE", "/cluster"),
    ("DELETE", "//v1//cluster/"),
    ("delete", "/cluster"),
    ("get", f"{JOB}/yarn-cancel"),
    ("GeT", "/overview"),
    ("TRACE", "/overview"),
    ("GET", f"{JOB}/yarn-cancel"),
    ("HEAD", f"{JOB}/yarn-cancel"),
    ("GET", f"{JOB}/yarn-stop"),
    ("GET", f"/v1{JOB}/yarn-cancel"),
    ("GET", f"//v1{JOB}/yarn-cancel//"),
    ("GET", f"{JOB}//yarn-cancel"),
    ("GET", f"{JOB}/yarn-cancel?a=b"),
    ("GET", f"{JOB}/yarn-cancel%3Fa=b"),
    ("GET", f"{JOB}/yarn-cancel;a=b"),
    ("GET", f"{JOB}/yarn-cancel#a"),
    ("GET", f"{JOB}/%79arn-cancel"),
    ("GET", f"{JOB}/yarn%2Dcancel"),
    ("GET", f"{JOB}/%2579arn%252Dcancel"),
    ("GET", f"{JOB}%2Fyarn-cancel"),
    ("GET", f"{JOB}/YARN-CANCEL"),
    ("GET", f"http://127.0.0.1{JOB}/yarn-cancel"),
    ("GET", f"{JOB}/%zz"),
]


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    """Run a job manager that has no key."""
    with job_manager(tmp_path_factory.mktemp("flink")) as running:
        yield running


@pytest.fixture
def key(flink: JobManager) -> Iterator[dict[str, str]]:
    """Make the key, return its header, and remove it again."""
    file = flink.settings.flink_key_file
    credentials.make_flink_key(flink.settings)
    yield authorization(file)
    file.unlink()


def request(
    method: str, path: str, *more: str, body: bytes = b"", last: bool = True
) -> bytes:
    """Return a request as it is on the wire; it may be the ``last`` of a connection."""
    ends = "close" if last else "keep-alive"
    length = f"Content-Length: {len(body)}"
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Connection: {ends}"]
    return "\r\n".join([*lines, length, *more, "", ""]).encode() + body


def connection(flink: JobManager) -> socket.socket:
    """Return a connection to the REST interface."""
    place = urlsplit(flink.url)
    address = (place.hostname or "", place.port or 0)
    return socket.create_connection(address, timeout=PATIENCE_S)


def answers(flink: JobManager, sent: bytes) -> list[int]:
    """Return each status that is answered until the connection is closed."""
    with connection(flink) as opened:
        opened.sendall(sent)
        said = opened.makefile("rb").read()
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", said)]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_stranger_changes_nothing_however_they_write_it(
    flink: JobManager, key: dict[str, str], method: str, path: str
) -> None:
    assert key
    assert answers(flink, request(method, path)) == [HTTPStatus.FORBIDDEN]
    assert Flink(flink.url).slots() is not None


def test_another_key_is_none(flink: JobManager, key: dict[str, str]) -> None:
    right = key["Authorization"].removeprefix("Bearer ")
    other = "a" if right[-1] != "a" else "b"
    for wrong in (
        "",
        "Bearer",
        "Bearer ",
        right,
        f"Basic {right}",
        f"Bearer {right[:-1]}",
        f"Bearer {right[:-1]}{other}",
        f"Bearer {right}{other}",
        f"Bearer {right} {right}",
    ):
        header = f"Authorization: {wrong}"
        assert answers(flink, request("PATCH", JOB, header)) == [HTTPStatus.FORBIDDEN]


@pytest.mark.parametrize("header", ["", "Authorization: Bearer ", "Authorization: "])
def test_where_there_is_no_key_nobody_changes_anything(
    flink: JobManager, header: str
) -> None:
    for text in (None, "", " \n"):
        if text is not None:
            flink.settings.flink_key_file.write_text(text)
        more = (header,) if header else ()
        assert answers(flink, request("PATCH", JOB, *more)) == [HTTPStatus.FORBIDDEN]
    flink.settings.flink_key_file.unlink()
    assert f"={flink.settings.flink_key_file}: all changes are refused" in flink.said()


def test_with_the_key_flink_does_what_is_asked(
    flink: JobManager, key: dict[str, str]
) -> None:
    """It knows no such job, which only Flink itself can say."""
    asked = [("PATCH", JOB), ("GET", f"{JOB}/yarn-cancel")]
    with httpx.Client(base_url=flink.url, headers=key) as client:
        answered = [client.request(*each) for each in asked]
    assert {answer.status_code for answer in answered} == {HTTPStatus.NOT_FOUND}


def test_a_key_made_anew_is_the_one_that_counts(flink: JobManager) -> None:
    file = flink.settings.flink_key_file
    for text in ("first-key-of-this-test", "second-key-of-this-test"):
        file.write_text(text)
        answer = httpx.patch(f"{flink.url}{JOB}", headers=authorization(file))
        assert answer.status_code == HTTPStatus.NOT_FOUND
    old = {"Authorization": "Bearer first-key-of-this-test"}
    assert httpx.patch(f"{flink.url}{JOB}", headers=old).is_client_error
    file.unlink()


def test_the_refusal_says_what_to_do(flink: JobManager) -> None:
    answer = httpx.delete(f"{flink.url}/cluster")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    (said,) = answer.json()["errors"]
    assert "Authorization: Bearer KEY" in said
    with pytest.raises(
        StackError, match="Changes need the key of VIGIL_FLINK_KEY_FILE"
    ):
        Flink(flink.url).cancel("0" * 32)
    assert answer.headers["Access-Control-Allow-Origin"] == flink.url


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/", "/overview", "/v1/jobs/overview", "/taskmanagers", "/jobmanager/metrics"],
)
def test_everybody_may_read(flink: JobManager, method: str, path: str) -> None:
    answer = httpx.request(method, f"{flink.url}{path}")
    assert answer.status_code != HTTPStatus.FORBIDDEN
    assert answer.is_success or method != "GET"


def test_the_key_is_not_in_what_flink_says_and_logs(
    flink: JobManager, key: dict[str, str]
) -> None:
    secret = key["Authorization"].removeprefix("Bearer ")
    httpx.patch(f"{flink.url}{JOB}", headers=key)
    for path in ("/jobmanager/config", "/jobmanager/environment"):
        assert secret not in httpx.get(f"{flink.url}{path}").raise_for_status().text
    assert secret not in flink.said()


def test_who_was_let_in_once_needs_the_key_again(
    flink: JobManager, key: dict[str, str]
) -> None:
    """On one connection, one request after another."""
    with httpx.Client(base_url=flink.url) as client:
        asked = [{}, key, {}, key]
        answered = [client.patch(JOB, headers=each).status_code for each in asked]
    assert answered == [HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND] * 2


def test_nothing_is_done_that_comes_behind_what_was_refused(
    flink: JobManager, key: dict[str, str]
) -> None:
    header = f"Authorization: {key['Authorization']}"
    behind = request("PATCH", JOB, header, last=False) + request(
        "DELETE", "/cluster", header
    )
    first = request("PATCH", JOB, body=b"{}", last=False)
    assert answers(flink, first + behind) == [HTTPStatus.FORBIDDEN]
    mixed = request("GET", "/overview", last=False) + request("DELETE", "/cluster")
    assert answers(flink, mixed)[-1] == HTTPStatus.FORBIDDEN
    assert Flink(flink.url).slots() is not None


def test_an_upload_is_refused_before_anything_of_it_is_stored(
    flink: JobManager,
) -> None:
    before = _files(flink.temporary)
    part = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    body = part + bytes(1 << 20)
    whole = request("POST", "/jobs", "Content-Type: multipart/form-data; boundary=x")
    begun = whole.replace(b"Content-Length: 0", b"Content-Length: 9999999") + body
    with connection(flink) as opened:
        opened.sendall(begun)
        assert opened.recv(1 << 16).startswith(b"HTTP/1.1 403 ")
        assert _files(flink.temporary) == before


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_flink_gets_through_by_the_line_of_the_readme(
    flink: JobManager, key: dict[str, str]
) -> None:
    """There is no such job: Flink itself says so to whoever gets through."""
    assert key
    readme = (ROOT / "README.md").read_text("utf-8")
    lines: list[str] = re.findall(r"(?m)^export FLINK_REST_CLIENT_HEADERS=.*$", readme)
    [line] = lines
    file = str(flink.settings.flink_key_file)
    given = line.replace(".vigil/data/flink.key", file)
    assert "Changes need the key" in _cancelled(flink, "")
    assert "Job could not be found" in _cancelled(flink, given)


def _cancelled(flink: JobManager, before: str) -> str:
    """Return what ``flink cancel`` says, in a shell where ``before`` was typed."""
    settings = flink.settings
    home = find(settings, os.environ).flink_home
    done = subprocess.run(  # noqa: S602 - our own line, and the README's
        f"{before}\n{home}/bin/flink cancel {JOB.rpartition('/')[2]}",
        shell=True,
        env={
            **outside(),
            "FLINK_CONF_DIR": str(Paths(settings.state_dir).conf / "flink"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout
