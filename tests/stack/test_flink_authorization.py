"""Whoever reaches Flink's REST interface may read; to change anything takes the key."""

import re
import socket
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyflink
import pytest
from pyflink.java_gateway import get_gateway

from stack import credentials
from stack.flink_rest import Flink, authorization
from stack.waiting import PATIENCE_S
from tests.job_manager import JobManager, job_manager

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


def test_flinks_links_that_answer_nothing_are_those_that_need_the_key() -> None:
    """What a GET changes cannot be seen; but whoever reads wants an answer."""
    assert set(_links_without_an_answer()) == {
        "/jobs/:jobid/yarn-cancel",
        "/jobs/:jobid/yarn-stop",
    }


def _links_without_an_answer() -> Iterator[str]:
    """Yield the path of each GET of Flink's that is said to give no data, no file."""
    gateway = get_gateway()
    reflection, rest = gateway.jvm.java.lang.reflect, "org.apache.flink.runtime.rest"
    specification, data, file = (
        gateway.jvm.java.lang.Class.forName(f"{rest}.{name}")
        for name in (
            "handler.RestHandlerSpecification",
            "messages.MessageHeaders",
            "messages.UntypedResponseMessageHeaders",
        )
    )
    for name in _headers():
        found = gateway.jvm.java.lang.Class.forName(name)
        is_one = specification.isAssignableFrom(found)
        if not is_one or reflection.Modifier.isAbstract(found.getModifiers()):
            continue
        constructor = found.getDeclaredConstructor(_no(gateway, "Class"))
        constructor.setAccessible(True)
        made = constructor.newInstance(_no(gateway, "Object"))
        answers_nothing = not file.isAssignableFrom(found) and (
            not data.isAssignableFrom(found)
            or made.getResponseClass().getSimpleName() == "EmptyResponseBody"
        )
        if made.getHttpMethod().toString() == "GET" and answers_nothing:
            yield made.getTargetRestEndpointURL()


def _headers() -> list[str]:
    """Return the classes by which Flink describes what its interface is asked."""
    (dist,) = Path(pyflink.__path__[0]).glob("lib/flink-dist-*.jar")
    names = (name.replace("/", ".") for name in zipfile.ZipFile(dist).namelist())
    ours = re.compile(r"(org\.apache\.flink\.runtime\..*Headers)\.class")
    found = [match.group(1) for match in map(ours.fullmatch, names) if match]
    assert len(found) > 80
    return found


def _no(gateway: Any, kind: str) -> Any:  # noqa: ANN401 - Java's
    return gateway.new_array(getattr(gateway.jvm.java.lang, kind), 0)
