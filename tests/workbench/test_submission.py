"""Jobs are submitted behind the view; only our own are taken back."""

import threading
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from stack import flink_jobs
from stack.errors import StackError
from stack.flink_run import Cluster
from stack.waiting import PATIENCE_S
from stack.wishes import Wish, Wishes
from workbench.submission import NAMES, Submission

OURS = [job for job in flink_jobs.JOBS if job != "record_results"]


@dataclass
class FakeFlink:
    """A cluster on which some jobs run already."""

    alive: set[str] = field(default_factory=set)

    def running(self, name: str) -> bool:
        """Return whether a job of that name runs."""
        return name in self.alive


@dataclass
class FakeCluster:
    """As much of a cluster as a submission looks at."""

    flink: FakeFlink = field(default_factory=FakeFlink)
    wishes: Wishes = field(default_factory=lambda: Wishes(Path("/nowhere")))


@pytest.fixture
def cancelled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the jobs that are cancelled instead of being cancelled."""
    jobs: list[str] = []

    def cancel(_cluster: object, asked: list[str]) -> list[str]:
        jobs.extend(asked)
        return [flink_jobs.job_name(job) for job in asked]

    monkeypatch.setattr(flink_jobs, "cancel", cancel)
    return jobs


def cluster(*alive: str) -> Cluster:
    return cast("Cluster", FakeCluster(FakeFlink(set(alive))))


def test_states_are_flinks_as_soon_as_it_has_any(cancelled: list[str]) -> None:
    go = threading.Event()
    submission = Submission(cluster("record-results"), lambda _: go.wait(PATIENCE_S))
    seen = {
        "record-vitals": "canceled",
        "detect-patterns": "running",
        "score-patients": "created",
        "record-results": "running",
        "score-eeg": "created",
        "watch-devices": "created",
        "verify-fixes": "created",
    }
    assert submission.states(seen) == seen | {"record-vitals": "submitting"}
    assert submission.detects(seen)
    submission.demand()
    go.set()
    submission.undo(Console(file=StringIO()), servers_stop=False)
    submission.demand()
    assert cancelled == OURS
    assert submission.states({}) == dict.fromkeys(NAMES, "gone")


def test_only_our_own_jobs_are_cancelled(cancelled: list[str]) -> None:
    said = Console(file=StringIO(), record=True)
    submission = Submission(cluster("record-results"), lambda _: [])
    submission.undo(said, servers_stop=False)
    assert cancelled == OURS
    expected = [f"cancelled {flink_jobs.job_name(job)}" for job in OURS]
    assert said.export_text().splitlines() == expected


def test_jobs_on_their_way_go_down_with_the_servers(cancelled: list[str]) -> None:
    go = threading.Event()
    submission = Submission(cluster(), lambda _: go.wait(PATIENCE_S))
    submission.undo(Console(file=StringIO()), servers_stop=True)
    go.set()
    assert cancelled == []


@pytest.mark.usefixtures("cancelled")
def test_a_job_that_cannot_run_is_told() -> None:
    def refuse(_: Cluster) -> None:
        msg = "detect-patterns does not run: no slot"
        raise StackError(msg)

    submission = Submission(cluster(), refuse)
    submission.undo(Console(file=StringIO()), servers_stop=False)
    with pytest.raises(StackError, match="no slot"):
        submission.demand()


def test_a_job_that_was_to_run_is_not_ours_to_cancel(
    cancelled: list[str], tmp_path: Path
) -> None:
    """It may be on its way back, after a reboot, when the demo begins."""
    kept = Wishes(tmp_path)
    kept.say("record_results", Wish.RUN)
    kept.say("score_eeg", Wish.REST)
    behind = cast("Cluster", FakeCluster(wishes=kept))
    submission = Submission(behind, lambda _: None)
    submission.undo(Console(file=StringIO()), servers_stop=False)
    assert cancelled == OURS
