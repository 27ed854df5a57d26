"""What is understood of Flink's answers, told by a stand-in."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
import pytest

from alerts.flink import jobs
from alerts.watch import JobSeen

ANSWERS: dict[str, Any] = {
    "/jobs/overview": {
        "jobs": [
            {"jid": "2", "name": "a", "state": "RUNNING", "start-time": 20},
            {"jid": "1", "name": "a", "state": "FAILED", "start-time": 10},
            {"jid": "3", "name": "b", "state": "RESTARTING", "start-time": 5},
        ]
    },
    "/jobs/2/metrics?get=numRestarts": [{"id": "numRestarts", "value": "4"}],
    "/jobs/3/metrics?get=numRestarts": [],
    "/jobs/2/checkpoints": {"counts": {"completed": 12, "failed": 1}},
    "/jobs/3/checkpoints": {},
}


class Stub(BaseHTTPRequestHandler):
    """Answers as Flink does."""

    answers = ANSWERS

    def do_GET(self) -> None:
        """Answer, or say that there is nothing."""
        found = self.answers.get(self.path)
        self.send_response(404 if found is None else 200)
        self.end_headers()
        self.wfile.write(orjson.dumps(found))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """Run the stand-in."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stub) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_newest_job_of_each_name_counts(url: str) -> None:
    assert jobs(url) == {
        "a": JobSeen("RUNNING", 4, 12),
        "b": JobSeen("RESTARTING", 0, 0),
    }


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"/jobs/overview": {}},
        {"/jobs/overview": []},
        {"/jobs/overview": "x"},
        {"/jobs/overview": {"jobs": 7}},
        {"/jobs/overview": {"jobs": [{"start-time": None}, {"start-time": 1}]}},
        {"/jobs/overview": {"jobs": ["x"]}},
        ANSWERS | {"/jobs/2/checkpoints": []},
        ANSWERS | {"/jobs/2/checkpoints": {"counts": [1]}},
        ANSWERS | {"/jobs/2/metrics?get=numRestarts": [{"value": None}]},
    ],
)
def test_a_cluster_that_says_something_else_does_not_answer(
    url: str, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stub, "answers", answers)
    assert jobs(url) is None


def test_a_cluster_that_is_away_does_not_answer() -> None:
    assert jobs("http://127.0.0.1:1") is None
    assert jobs("http://127.0.0.1:99999") is None
    assert jobs("http://[") is None
