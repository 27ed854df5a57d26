"""Somebody outside hears that alarms are served, over a real HTTP server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from alerts.clock import Clock
from alerts.database import Database
from alerts.heartbeat import ALERTS, STALE_MS
from alerts.lease import Lease
from alerts.outside_watch import OutsideWatch
from alerts.pulse import Pulse
from stack.waiting import until


@dataclass
class Outside:
    """Who listens, and what they answer."""

    answers: list[int] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def outside() -> Iterator[Outside]:
    listener = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listener.heard.append(self.path)
            self.send_response(listener.answers.pop(0) if listener.answers else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        listener.url = f"http://127.0.0.1:{server.server_port}/secret-id"
        yield listener
        server.shutdown()
        thread.join()


@pytest.fixture
def watched() -> Iterator[list[OutsideWatch]]:
    """Run what a test puts in, and end it behind the test."""
    stop, threads, watches = Event(), list[Thread](), list[OutsideWatch]()

    class Running(list[OutsideWatch]):
        def append(self, watch: OutsideWatch) -> None:
            threads.append(Thread(target=watch.run, args=(stop,)))
            threads[-1].start()

    yield Running(watches)
    stop.set()
    for thread in threads:
        thread.join()


def _heard(outside: Outside, count: int) -> None:
    until(
        lambda: len(outside.heard) >= count, otherwise=lambda: f"heard {outside.heard}"
    )


def test_somebody_outside_hears_again_and_again_that_we_live(
    outside: Outside, watched: list[OutsideWatch]
) -> None:
    watched.append(OutsideWatch(outside.url, lambda: True, every_s=0.05))
    _heard(outside, 3)
    assert set(outside.heard) == {"/secret-id"}


def test_nobody_hears_anything_while_turns_or_the_database_stand_still(
    outside: Outside, watched: list[OutsideWatch]
) -> None:
    asked, lives = list[bool](), [False]

    def is_alive() -> bool:
        asked.append(True)
        return lives[0]

    watched.append(OutsideWatch(outside.url, is_alive, every_s=0.05, again_s=0.05))
    until(lambda: len(asked) > 5, otherwise=lambda: "it does not look")
    assert outside.heard == []
    lives[0] = True
    _heard(outside, 1)


def test_one_that_does_not_answer_well_is_called_again_soon_and_stops_nothing(
    outside: Outside,
    watched: list[OutsideWatch],
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside.answers = [503, 503]
    watched.append(OutsideWatch(outside.url, lambda: True, every_s=600, again_s=0.05))
    _heard(outside, 3)
    watched.append(OutsideWatch("http://127.0.0.1:1/secret", lambda: True, 600, 0.05))
    watched.append(OutsideWatch("nonsense", lambda: True, 600, 0.05))
    for odd in ("http://[", "http://127.0.0.1:99999/secret", "http://a..b/secret"):
        assert not OutsideWatch(odd, lambda: True).heard()
    until(lambda: "ConnectError" in caplog.text, otherwise=lambda: caplog.text)
    until(lambda: "UnsupportedProtocol" in caplog.text, otherwise=lambda: caplog.text)
    assert "503" in caplog.text
    assert "secret" not in caplog.text


def test_a_leader_lives_as_long_as_its_turns_are_written(database: Database) -> None:
    now_s = [0.0]
    lease = Lease(database, ALERTS)
    assert lease.take()
    pulse = Pulse(database, lease, Clock(), steady_s=lambda: now_s[0])
    assert not pulse.is_alive()
    pulse()
    now_s[0] = STALE_MS / 1000
    assert pulse.is_alive()
    now_s[0] += 0.1
    assert not pulse.is_alive()
    pulse()
    assert pulse.is_alive()
