"""No single visitor keeps the page from others: bodies, connections, streams."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from gateway import access, connections
from gateway.bodies import MOST_BYTES
from gateway.desk import Desk
from gateway.forms import MOST_FIELDS
from gateway.streams import MOST_A_SESSION, Streams
from stack.waiting import until
from tests.gateway.small_ward import (
    PlayedSource,
    Served,
    found,
    free_port,
    notices,
    steps,
)

HALF_OPEN = 100
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _wrong_passwords_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "WRONG_COSTS_S", 0)


def form(size_bytes: int) -> bytes:
    return b"user=" + b"a" * (size_bytes - len(b"user="))


def test_a_body_of_the_size_that_is_allowed_is_read(client: TestClient) -> None:
    assert client.post("/sign-in", content=form(MOST_BYTES)).status_code == 401


def test_a_larger_one_is_refused_whether_it_says_so_or_not(client: TestClient) -> None:
    large = form(MOST_BYTES + 1)
    assert client.post("/sign-in", content=large).status_code == 413
    pieces = iter([large[:MOST_BYTES], large[MOST_BYTES:]])
    answer = client.post("/sign-in", content=pieces)
    assert answer.status_code == 413
    assert "content-length" not in answer.request.headers
    assert str(MOST_BYTES) in answer.json()["detail"]


@pytest.mark.parametrize("length", ["many", "-1", "9" * 5000])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    answer = client.post("/sign-in", headers={"Content-Length": length})
    assert answer.status_code in {400, 413}


def test_a_form_has_few_fields(client: TestClient) -> None:
    fields = [f"f{number}=1" for number in range(MOST_FIELDS + 1)]
    most = "&".join(fields[:-1])
    assert client.post("/sign-in", content=most).status_code == 401
    assert client.post("/sign-in", content="&".join(fields)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b'{"reason": "abc", "minutes": NaN}',
        b'{"reason": "abc", "minutes": Infinity}',
        b'{"reason": "abc", "minutes": 1e308}',
        b'{"reason": "abc", "minutes": 1441}',
        b'{"reason": "ab\\ud800c", "minutes": 5}',
        b'{"reason": "ab\\u0000c", "minutes": 5}',
        b'{"reason": "ab\\u2028c", "minutes": 5}',
        b'{"reason": "ab\\u202ec", "minutes": 5}',
        b'{"reason": "ab\\nc", "minutes": 5}',
    ],
)
@pytest.mark.parametrize("what", ["shelve", "acknowledge"])
def test_what_cannot_be_kept_is_refused_in_words(
    nurse: TestClient, desk: Desk, body: bytes, what: str
) -> None:
    alarm = found(desk, 1)
    json = {"content-type": "application/json"}
    path = f"/alarms/{alarm.alarm_id}/{what}"
    answer = nurse.post(path, content=body, headers=json)
    if what == "acknowledge" and b'"abc"' in body:
        assert answer.status_code == 200  # minutes mean nothing to it
        return
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)
    assert len(steps(desk)) == 1


def test_a_body_that_is_nested_without_end_is_refused(nurse: TestClient) -> None:
    json = {"content-type": "application/json"}
    body = b"[" * 30_000
    answer = nurse.post("/alarms/a/acknowledge", content=body, headers=json)
    assert answer.status_code in {400, 422}


def test_a_ward_that_is_not_there_is_not_computed(nurse: TestClient) -> None:
    answer = nurse.get("/events", params={"ward": "w1"})
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "there is no such ward",
    )


def test_there_are_so_many_streams_a_session_and_so_many_in_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.streams.MOST_AT_ONCE", MOST_A_SESSION + 1)
    streams = Streams()
    ends = [streams.begin("one") for _ in range(MOST_A_SESSION)]
    with pytest.raises(HTTPException, match="429"):
        streams.begin("one")
    streams.begin("other")
    with pytest.raises(HTTPException, match="503"):
        streams.begin("third")
    ends[0]()
    streams.begin("one")


@pytest.fixture
def served(desk: Desk) -> Iterator[str]:
    """Serve a small ward, and return its address."""
    port = free_port()
    server = Served(PlayedSource(2), port, desk)
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def visitor(served: str) -> Iterator[httpx.Client]:
    """Return somebody who has signed in to what is served."""
    with httpx.Client(base_url=served, timeout=60) as client:
        client.post("/sign-in", data={"user": "nurse", "password": "a-password"})
        yield client


class Heard:
    """What one page hears, counted in a thread."""

    def __init__(self, visitor: httpx.Client) -> None:
        """Begin to listen."""
        self.events = 0
        self._visitor = visitor
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with self._visitor.stream("GET", "/events") as stream:
            for line in stream.iter_lines():
                self.events += line.startswith("data:")
                if self._over.is_set():
                    return

    def more(self) -> None:
        """Wait for events that are newer than this call."""
        enough = self.events + 3
        until(lambda: self.events >= enough, otherwise=lambda: "nothing is heard")

    def stop(self) -> None:
        """Listen no more."""
        self._over.set()
        self._thread.join()


@contextmanager
def half_asked(address: str) -> Iterator[list[socket.socket]]:
    """Hold connections on which somebody has only begun to ask."""
    url = httpx.URL(address)
    with ExitStack() as held:
        lines = []
        for _ in range(HALF_OPEN):
            line = socket.create_connection((url.host, url.port or 80), timeout=60)
            lines.append(held.enter_context(line))
            line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        yield lines


def test_neither_a_huge_body_nor_unfinished_requests_keep_events_from_a_page(
    served: str, visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADERS_S", 3.0)
    heard = Heard(visitor)
    heard.more()
    with half_asked(served) as lines:
        heard.more()
        pieces = (b"a=1&" * (MEGABYTE // 4) for _ in range(20))
        body = b"a=1&" * (20 * MEGABYTE // 4)
        for content in (body, pieces):
            answer = httpx.post(f"{served}/sign-in", content=content, timeout=60)
            assert answer.status_code == 413
            heard.more()
        assert [line.recv(1) for line in lines] == [b""] * HALF_OPEN
    heard.more()
    heard.stop()


def test_headers_without_end_are_refused(served: str) -> None:
    url = httpx.URL(served)
    begun = b"GET /health HTTP/1.1\r\nX-Long: " + b"x" * connections.HEADERS_BYTES
    with socket.create_connection((url.host, url.port or 80), timeout=60) as line:
        line.sendall(begun)
        assert line.recv(12) == b"HTTP/1.1 400"


def test_who_closes_a_page_may_open_another(visitor: httpx.Client) -> None:
    with ExitStack() as open_ones:
        for _ in range(MOST_A_SESSION):
            stream = open_ones.enter_context(visitor.stream("GET", "/events"))
            assert stream.status_code == 200
        refused = visitor.get("/events")
        assert refused.status_code == 429
        assert "close one first" in refused.json()["detail"]

    def opened() -> bool:
        with visitor.stream("GET", "/events") as again:
            return again.status_code == 200

    until(opened, otherwise=lambda: "no place becomes free")


def test_a_request_that_was_cut_off_does_nothing(served: str, desk: Desk) -> None:
    """What had come of it would do, but nobody knows what was to come."""
    url = httpx.URL(served)
    found(desk, 1)
    link = httpx.URL(desk.links.acknowledgement(notices(desk)[0])).path
    asked = f"POST {link} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    with socket.create_connection((url.host, url.port or 80), timeout=60) as line:
        line.sendall(f"{asked}Content-Length: 9\r\n\r\na=1".encode())
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b""
    before = len(steps(desk))
    assert httpx.post(f"{served}{link}", timeout=60).status_code == 200
    assert len(steps(desk)) == before + 1
