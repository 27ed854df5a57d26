"""The daily run comes at its hour, once at a time, and whatever becomes of it."""

import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import httpx
import pytest

from stack.environment import ROOT
from stack.errors import StackError
from stack.flink_jobs import ENDING, JOBS
from stack.flink_rest import Job
from stack.flink_run import Cluster
from stack.settings import FILES, Settings
from stack.timetable import BASELINES, Submit, daily, run, timetable
from stack.waiting import PATIENCE_S

NAME = "learn-baselines"


@dataclass
class FakeFlink:
    """A cluster that tells, each time it is asked, the next state of one job."""

    states: list[str]

    def latest(self) -> list[Job]:
        """Return the job in its next state; an empty one stands for no such job."""
        state = self.states.pop(0)
        return [Job("id", NAME, state, 0)] if state else []

    def failure(self, _: str) -> str:
        """Return a stack as Flink tells it."""
        return "java.lang.Exception: outer\n\tat x\nCaused by: no space left"


@dataclass
class FakeCluster:
    """As much of a cluster as the timetable looks at."""

    flink: FakeFlink = field(default_factory=lambda: FakeFlink([]))


def ran(*states: str, submit: Submit = lambda _, jobs: jobs, stops: int = 99) -> None:
    """Run the job on a cluster where it goes through ``states``."""
    stopped = iter([False] * stops + [True])
    cluster = cast("Cluster", FakeCluster(FakeFlink(list(states))))
    run(cluster, BASELINES, lambda: next(stopped), submit)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Keep what the timetable logs."""
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        ("2026-03-01 03:59:59", "2026-03-01 04:30:00"),
        ("2026-03-01 04:30:00", "2026-03-01 04:30:00"),
        ("2026-03-01 04:30:01", "2026-03-02 04:30:00"),
        ("2026-12-31 23:00:00", "2027-01-01 04:30:00"),
    ],
)
def test_the_hour_comes_once_a_day(now: str, comes: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    following = daily("04:30").get_next_fire_time(None, at)
    assert following == datetime.fromisoformat(comes).replace(tzinfo=UTC)


@pytest.mark.parametrize(("at", "jobs"), [("04:00", 1), ("", 0)])
def test_an_empty_hour_never_comes(at: str, jobs: int) -> None:
    assert len(timetable(at, lambda: None).get_jobs()) == jobs


@pytest.mark.parametrize("at", ["four", "25:00", "4"])
def test_an_hour_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(StackError, match=r"VIGIL_BASELINES_AT: .*does not match"):
        Settings.load({"VIGIL_BASELINES_AT": at}, FILES[:1])


def test_the_job_is_one_that_ends_and_is_not_always_running() -> None:
    assert BASELINES in ENDING
    assert not set(ENDING) & set(JOBS)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("RUNNING", "RUNNING", "FINISHED"), "finished"),
        (("RUNNING", "FAILED"), "failed: no space left"),
        (("CANCELED",), "canceled"),
        (("RUNNING", ""), "lost: Flink does not know it any more"),
    ],
)
def test_a_run_is_followed_to_its_end(
    said: pytest.LogCaptureFixture, states: tuple[str, ...], told: str
) -> None:
    ran(*states)
    assert said.messages == [f"{NAME}: {told}"]


def test_a_second_run_waits_for_the_next_day(said: pytest.LogCaptureFixture) -> None:
    ran(submit=lambda *_: [])
    assert said.messages == [f"{NAME}: runs already, so it was not started again"]


@pytest.mark.parametrize(
    "error", [StackError("no Flink answers"), httpx.ConnectError("connection refused")]
)
def test_a_failure_is_logged_and_survived(
    said: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(_: Cluster, __: list[str]) -> list[str]:
        raise error

    ran(submit=refuse)
    assert said.messages == [f"{NAME}: {error}"]
    assert said.records[0].levelname == "ERROR"


def test_a_run_is_left_to_itself_when_the_timetable_stops(
    said: pytest.LogCaptureFixture,
) -> None:
    ran("RUNNING", "RUNNING", stops=2)
    assert "left to itself" in said.messages[0]


def test_it_stops_cleanly_when_told() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "stack.timetable"],
        cwd=ROOT,
        env={**os.environ, "VIGIL_BASELINES_AT": "04:00"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if "Scheduler started" in line:
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
