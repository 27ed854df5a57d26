"""What is said of Vigil itself after what was seen of it, second by second."""

from dataclasses import replace
from typing import Any, Final

import pytest

from alerts.system import (
    BROKER_AWAY,
    FLINK_AWAY,
    JOBS,
    MANY_REJECTED,
    TROUBLES,
    VITALS_SILENT,
)
from alerts.watch import JobSeen, Sight, judge, remembered
from stack.flink_jobs import JOBS as SUBMITTED
from stack.flink_jobs import job_name

RUNNING: Final = {job.subject: JobSeen("RUNNING", 0) for job in JOBS}
DETECT: Final = JOBS[0]


def well(at_s: float) -> Sight:
    """Return a sight where all is well: ten readings a second."""
    count = 1000 + round(10 * at_s)
    return Sight(at_s=at_s, vitals=count, rejected=7, jobs=RUNNING)


def seen(length_s: int, **changes: Any) -> list[Sight]:  # noqa: ANN401 - any field
    """Return what is seen each 5 s when all is well but for ``changes``."""
    return [replace(well(at_s), **changes) for at_s in range(0, length_s + 1, 5)]


def after_well(length_s: int, **changes: Any) -> list[Sight]:  # noqa: ANN401 - any field
    """Return the same after a minute in which all was well."""
    later = [replace(s, at_s=s.at_s + 65) for s in seen(length_s, **changes)]
    return [*seen(60), *later]


def test_all_is_well() -> None:
    assert judge(seen(200)) == dict.fromkeys(TROUBLES, False)


def test_the_first_sight_says_little() -> None:
    verdicts = judge(seen(0))
    assert verdicts[VITALS_SILENT] is None
    assert verdicts[MANY_REJECTED] is None


@pytest.mark.parametrize(("length_s", "verdict"), [(0, None), (25, None), (30, True)])
def test_a_broker_that_does_not_answer_for_half_a_minute_is_away(
    length_s: int, verdict: object
) -> None:
    sights = after_well(length_s, vitals=None, rejected=None)
    verdicts = judge(sights)
    assert verdicts[BROKER_AWAY] is verdict
    assert verdicts[VITALS_SILENT] is verdicts[MANY_REJECTED] is None


@pytest.mark.parametrize(("length_s", "verdict"), [(25, None), (30, True)])
def test_a_cluster_that_does_not_answer_for_half_a_minute_is_away(
    length_s: int, verdict: object
) -> None:
    verdicts = judge(after_well(length_s, jobs=None))
    assert verdicts[FLINK_AWAY] is verdict
    assert verdicts[DETECT] is None


@pytest.mark.parametrize(("length_s", "verdict"), [(25, None), (30, True)])
def test_a_stream_that_does_not_grow_for_half_a_minute_is_silent(
    length_s: int, verdict: object
) -> None:
    assert judge(after_well(length_s, vitals=1700))[VITALS_SILENT] is verdict


def test_a_stream_that_never_spoke_is_not_silent_and_needs_no_job() -> None:
    verdicts = judge(seen(300, vitals=0, jobs={}))
    assert verdicts == dict.fromkeys(TROUBLES, False)


def test_after_the_broker_was_away_a_stream_has_its_time_to_speak_again() -> None:
    away = [*seen(5, vitals=1700), *after_well(60, vitals=None)[1:]]
    back = [replace(well(200 + s), vitals=1700) for s in range(0, 31, 5)]
    assert judge([*away, *back[:-1]])[VITALS_SILENT] is None
    assert judge([*away, *back])[VITALS_SILENT] is True


@pytest.mark.parametrize("state", ["FAILED", "RESTARTING", "CANCELED"])
@pytest.mark.parametrize(("length_s", "verdict"), [(115, None), (120, True)])
def test_a_job_that_does_not_run_for_two_minutes_is_failing(
    state: str, length_s: int, verdict: object
) -> None:
    jobs = {**RUNNING, DETECT.subject: JobSeen(state, 0)}
    verdicts = judge(after_well(length_s, jobs=jobs))
    assert verdicts[DETECT] is verdict
    assert not any(verdicts[job] for job in JOBS[1:])


def test_a_job_that_nobody_submitted_is_failing() -> None:
    assert judge(seen(120, jobs={}))[DETECT] is True


@pytest.mark.parametrize(("restarts", "verdict"), [(2, False), (3, True)])
def test_a_job_that_starts_again_and_again_is_failing(
    restarts: int, verdict: object
) -> None:
    sights = seen(60)
    again = {**RUNNING, DETECT.subject: JobSeen("RUNNING", restarts)}
    assert judge([*sights, replace(well(65), jobs=again)])[DETECT] is verdict


@pytest.mark.parametrize(
    ("rejected", "readings", "verdict"),
    [(99, 0, False), (100, 1999, True), (100, 2000, False), (101, 2000, True)],
)
def test_many_rejected_messages_are_trouble_if_they_are_a_share_of_all(
    rejected: int, readings: int, verdict: object
) -> None:
    first = Sight(at_s=0, vitals=5000, rejected=7, jobs=RUNNING)
    last = Sight(at_s=60, vitals=5000 + readings, rejected=7 + rejected, jobs=RUNNING)
    assert judge([first, last])[MANY_REJECTED] is verdict
    assert judge([first, replace(last, at_s=59.9)])[MANY_REJECTED] is None


def test_what_is_older_than_ten_minutes_is_forgotten() -> None:
    sights: list[Sight] = []
    for at_s in range(0, 1000, 5):
        sights = [*remembered([*sights, well(at_s)])]
    assert [sights[0].at_s, len(sights)] == [395, 121]


def test_every_job_of_the_stack_is_watched() -> None:
    assert {job.subject for job in JOBS} == set(map(job_name, SUBMITTED))
