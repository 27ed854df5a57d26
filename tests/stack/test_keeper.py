"""What is to run and does not is submitted again, and never in a tight loop."""

import errno
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import cast

import httpx
import pytest

from stack.errors import StackError
from stack.flink_jobs import JOBS, cancel, job_name
from stack.flink_rest import Job
from stack.flink_run import Cluster
from stack.keeper import LONGEST_PAUSE_S, PAUSE_S, STEADY_S, Keeper
from stack.wishes import Wish, Wishes

FAILURES = 6
"""After so many, the next pause is longer than a job must run to be well."""


@dataclass
class FakeFlink:
    """A cluster of which a test says what runs."""

    names: set[str] = field(default_factory=set)
    answers: bool = True

    def slots(self) -> int | None:
        """Return some slots, if it is there."""
        return 16 if self.answers else None

    def alive(self) -> set[str]:
        """Return what runs."""
        if not self.answers:
            msg = "refused"
            raise httpx.ConnectError(msg)
        return self.names

    def running(self, name: str) -> Job | None:
        """Return the job of that name."""
        return Job(name, name, "RUNNING", 0) if name in self.names else None

    def cancel(self, name: str) -> None:
        """End it."""
        self.names.discard(name)


@dataclass
class Stage:
    """A keeper of a cluster whose jobs do as a test says, and a clock."""

    wishes: Wishes
    flink: FakeFlink = field(default_factory=FakeFlink)
    now_s: float = 1000.0
    sent: list[list[str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    ends_at_once: set[str] = field(default_factory=set)

    def submit(self, _: Cluster, jobs: list[str]) -> list[str]:
        """Run ``jobs``, up to the first that is broken."""
        self.sent.append(jobs)
        for job in jobs:
            if job in self.broken:
                msg = f"{job} does not run"
                raise StackError(msg)
            if job not in self.ends_at_once:
                self.flink.names.add(job_name(job))
        return jobs

    @property
    def cluster(self) -> Cluster:
        """As much of a cluster as the keeper looks at."""
        return cast("Cluster", self)

    def keeper(self, *, unspoken: bool = False) -> Keeper:
        """Return a keeper that has not looked yet."""
        return Keeper(self.cluster, lambda: self.now_s, self.submit, unspoken=unspoken)

    def times_sent(self, keeper: Keeper, length_s: int) -> list[float]:
        """Let the keeper look each second; return when it submitted."""
        times = []
        for _ in range(length_s):
            before = len(self.sent)
            keeper.look()
            times += [self.now_s] * (len(self.sent) - before)
            self.now_s += 1
        return times


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return a cluster on which nothing runs, and of which nothing is wanted."""
    return Stage(Wishes(tmp_path / "wishes"))


def want(stage: Stage, *jobs: str) -> None:
    for job in jobs:
        stage.wishes.say(job, Wish.RUN)


def test_jobs_that_are_gone_come_back_with_one_client(stage: Stage) -> None:
    want(stage, "record_vitals", "detect_patterns")
    stage.keeper().look()
    assert stage.sent == [["detect_patterns", "record_vitals"]]


def test_what_runs_is_left_alone(stage: Stage) -> None:
    want(stage, "detect_patterns", "score_eeg")
    stage.flink.names = {"score-eeg"}
    keeper = stage.keeper()
    keeper.look()
    keeper.look()
    assert stage.sent == [["detect_patterns"]]


def test_a_cancelled_job_stays_cancelled(stage: Stage) -> None:
    want(stage, "score_eeg")
    stage.flink.names = {"score-eeg"}
    assert cancel(stage.cluster, ["score_eeg"]) == ["score-eeg"]
    stage.times_sent(stage.keeper(unspoken=True), 3)
    assert "score_eeg" not in {job for jobs in stage.sent for job in jobs}


def test_nothing_is_sent_that_nobody_ever_submitted(stage: Stage) -> None:
    stage.keeper().look()
    assert stage.sent == []


def test_in_containers_all_jobs_run_by_themselves(stage: Stage) -> None:
    stage.keeper(unspoken=True).look()
    assert stage.sent == [list(JOBS)]


@pytest.mark.parametrize("kind", ["broken", "ends_at_once"])
def test_a_job_that_fails_at_once_is_tried_less_and_less_often(
    stage: Stage, kind: str
) -> None:
    want(stage, "score_eeg")
    getattr(stage, kind).add("score_eeg")
    times = stage.times_sent(stage.keeper(), 3600)
    pauses = [b - a for a, b in pairwise(times)]
    assert pauses[:3] == [PAUSE_S, 2 * PAUSE_S, 4 * PAUSE_S]
    assert pauses == sorted(pauses)
    assert max(pauses) == LONGEST_PAUSE_S


def test_a_broken_job_holds_back_no_other(stage: Stage) -> None:
    want(stage, "detect_patterns", "record_vitals", "score_patients")
    stage.broken.add("detect_patterns")
    stage.times_sent(stage.keeper(), round(PAUSE_S) + 1)
    assert stage.flink.names == {"record-vitals", "score-patients"}


@pytest.mark.parametrize(
    ("ran_s", "waits"), [(STEADY_S - 5, True), (STEADY_S + 5, False)]
)
def test_a_job_that_ran_for_long_comes_back_at_once(
    stage: Stage, ran_s: float, *, waits: bool
) -> None:
    want(stage, "score_eeg")
    stage.broken.add("score_eeg")
    keeper = stage.keeper()
    while len(stage.sent) < FAILURES:
        stage.times_sent(keeper, 1)
    stage.broken.clear()
    while not stage.flink.names:
        stage.times_sent(keeper, 1)
    stage.times_sent(keeper, round(ran_s))
    stage.flink.names.clear()
    assert bool(stage.times_sent(keeper, 1)) != waits


def test_a_cluster_that_does_not_answer_is_sent_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    want(stage, "score_eeg")
    stage.flink.answers = False
    keeper = stage.keeper()
    stage.times_sent(keeper, 5)
    assert stage.sent == []
    stage.flink.answers = True
    keeper.look()
    assert stage.sent == [["score_eeg"]]
    assert [said for said in caplog.messages if said.startswith("Flink ")] == [
        "Flink is away, or no slot is",
        "Flink is there",
    ]


def test_what_is_submitted_and_what_fails_is_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    want(stage, "score_eeg")
    stage.broken.add("score_eeg")
    stage.keeper().look()
    assert caplog.messages == [
        "not running, and submitted again: score-eeg",
        "not submitted: score_eeg does not run",
    ]


@pytest.mark.parametrize("text", ["", "perhaps"])
def test_a_wish_that_cannot_be_read_is_none(stage: Stage, text: str) -> None:
    want(stage, "score_eeg")
    (stage.wishes.folder / "score_eeg").write_text(text, encoding="utf-8")
    assert stage.wishes.of("score_eeg") is None


def test_a_full_disk_is_logged_and_tried_less_and_less_often(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would die of it, and the next one would try at once."""
    want(stage, *JOBS[:1])

    def full(_: Cluster, jobs: list[str]) -> list[str]:
        stage.sent.append(jobs)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stage, "submit", full)
    times = stage.times_sent(stage.keeper(), 60)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == sorted(gaps)
    assert gaps[0] >= PAUSE_S


def test_wishes_that_cannot_be_read_end_no_keeper(stage: Stage) -> None:
    stage.wishes.folder.touch()  # a file where the folder should be
    stage.keeper().look()
    assert stage.sent == []
