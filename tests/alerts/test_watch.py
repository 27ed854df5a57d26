"""What is said of Vigil itself after what was seen of it, second by second."""

from dataclasses import replace
from typing import Any, Final

import pytest

from alerts.system import (
    ALARMS_BEHIND,
    BROKER_AWAY,
    CHAIN_BROKEN,
    CHECKPOINTS_OLD,
    DISK_FILLING,
    DISK_NEARLY_FULL,
    FIXES_AWAY,
    FIXES_GROUP,
    FLINK_AWAY,
    INFLUX_AWAY,
    INPUTS,
    JOBS,
    JOBS_BEHIND,
    MANY_REJECTED,
    PAGE_AWAY,
    TROUBLES,
    VITALS_SILENT,
    Trouble,
)
from alerts.watch import GIB, DiskSeen, JobSeen, Point, Sight, judge, remembered
from fixes.leadership import GROUP
from producers.contract import TOPICS
from producers.progress import Place
from stack.flink_jobs import JOBS as SUBMITTED
from stack.flink_jobs import job_name

RUNNING: Final = {job.subject: JobSeen("RUNNING", 0) for job in JOBS}
DETECT: Final = JOBS[0]


def well(at_s: float) -> Sight:
    """Return a sight where all is well: ten readings a second."""
    count = 1000 + round(10 * at_s)
    point = Point(count, count)
    return Sight(
        at_s=at_s,
        vitals=count,
        rejected=7,
        jobs={name: replace(job, checkpoints=count) for name, job in RUNNING.items()},
        usable=count,
        streamed=True,
        unread={Place("matches", number): point for number in range(2)},
        committed={job: {Place(INPUTS[job], 0): point} for job in RUNNING},
        disk=DiskSeen(50 * GIB, 100 * GIB),
        influx=True,
        page=True,
        fixes=True,
        chain_s=at_s % 60,
    )


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
    sights = after_well(length_s, vitals=None, rejected=None, usable=None)
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
def test_a_stream_is_silent_when_nothing_usable_came_for_half_a_minute(
    length_s: int, verdict: object
) -> None:
    """However many messages came that nobody can use."""
    assert judge(after_well(length_s, usable=1700))[VITALS_SILENT] is verdict


def test_nobody_can_tell_whether_a_stream_is_silent_that_was_not_read() -> None:
    assert judge(after_well(60, usable=None))[VITALS_SILENT] is None


def test_a_stream_that_never_spoke_is_not_silent_and_needs_no_job() -> None:
    verdicts = judge(seen(300, vitals=0, usable=0, jobs={}, streamed=False))
    assert verdicts == dict.fromkeys(TROUBLES, False)


def test_a_broker_that_lost_all_it_had_is_silent_and_still_needs_its_jobs() -> None:
    """That there was a stream is remembered elsewhere."""
    verdicts = judge(seen(300, vitals=0, usable=0, jobs={}))
    assert verdicts[VITALS_SILENT] is True
    assert verdicts[DETECT] is True


def test_after_the_broker_was_away_a_stream_has_its_time_to_speak_again() -> None:
    away = [*seen(5, usable=1700), *after_well(60, vitals=None, usable=None)[1:]]
    back = [replace(well(200 + s), usable=1700) for s in range(0, 31, 5)]
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


def _unread(at_s: float, left: int) -> dict[Place, Point]:
    """Return two partitions, of one of which the last messages are not read."""
    end = round(10 * at_s)
    return {
        Place("matches", 0): Point(end, end),
        Place("matches", 1): Point(end - left, end),
    }


@pytest.mark.parametrize(("length_s", "verdict"), [(55, None), (60, True)])
def test_alarms_are_behind_where_one_partition_is_not_read_for_a_minute(
    length_s: int, verdict: object
) -> None:
    """As after one message that nobody can read."""
    sights = [
        replace(
            each,
            unread={**(each.unread or {}), Place("matches", 1): Point(3, 4)},
        )
        for each in seen(length_s)
    ]
    assert judge(sights)[ALARMS_BEHIND] is verdict


@pytest.mark.parametrize(("left", "verdict"), [(600, False), (601, True)])
def test_alarms_are_behind_that_are_read_but_come_a_minute_late(
    left: int, verdict: object
) -> None:
    sights = [replace(each, unread=_unread(each.at_s, left)) for each in seen(200)]
    assert judge(sights)[ALARMS_BEHIND] is verdict


@pytest.mark.parametrize(("left", "verdict"), [(1800, False), (1801, True)])
def test_a_job_that_runs_minutes_behind_is_in_trouble(
    left: int, verdict: object
) -> None:
    place = Place(INPUTS[DETECT.subject], 0)
    sights = [
        replace(
            each,
            committed={
                **(each.committed or {}),
                DETECT.subject: {
                    place: Point(round(10 * each.at_s) - left, round(10 * each.at_s))
                },
            },
        )
        for each in seen(300)
    ]
    verdicts = judge(sights)
    behind, *others = JOBS_BEHIND
    assert verdicts[behind] is verdict
    assert not any(verdicts[each] for each in others)


def test_a_job_that_does_not_run_is_failing_and_not_behind_as_well() -> None:
    verdicts = judge(after_well(400, jobs={}, committed={}))
    assert verdicts[DETECT] is True
    assert not any(verdicts[each] for each in (*JOBS_BEHIND, *CHECKPOINTS_OLD))


@pytest.mark.parametrize(("length_s", "verdict"), [(295, None), (300, True)])
def test_a_job_that_runs_without_a_new_checkpoint_for_five_minutes_is_in_trouble(
    length_s: int, verdict: object
) -> None:
    jobs = {**RUNNING, DETECT.subject: JobSeen("RUNNING", 0, 44)}
    verdicts = judge(after_well(length_s, jobs=jobs))
    assert verdicts[CHECKPOINTS_OLD[0]] is verdict


@pytest.mark.parametrize(
    ("disk", "filling", "nearly_full"),
    [
        (DiskSeen(10 * GIB, 100 * GIB), False, False),
        (DiskSeen(10 * GIB - 1, 100 * GIB), True, False),
        (DiskSeen(5 * GIB - 1, 100 * GIB), True, True),
        (DiskSeen(5 * GIB, 10 * GIB), False, False),
        (DiskSeen(5 * GIB - 1, 10 * GIB), True, False),
        (DiskSeen(1 * GIB, 10 * GIB), True, False),
        (DiskSeen(1 * GIB - 1, 10 * GIB), True, True),
        (None, None, None),
    ],
)
def test_a_disk_that_fills_is_said_before_it_is_full(
    disk: DiskSeen | None, filling: object, nearly_full: object
) -> None:
    verdicts = judge([replace(well(0), disk=disk)])
    assert verdicts[DISK_FILLING] is filling
    assert verdicts[DISK_NEARLY_FULL] is nearly_full


@pytest.mark.parametrize(
    ("part", "trouble"),
    [("influx", INFLUX_AWAY), ("page", PAGE_AWAY), ("fixes", FIXES_AWAY)],
)
@pytest.mark.parametrize(("length_s", "verdict"), [(55, None), (60, True)])
def test_a_part_that_does_not_answer_for_a_minute_is_away(
    part: str, trouble: Trouble, length_s: int, verdict: object
) -> None:
    assert judge(after_well(length_s, **{part: False}))[trouble] is verdict
    assert judge(after_well(length_s, **{part: None}))[trouble] is False


@pytest.mark.parametrize(
    ("chain_s", "verdict"), [(180, False), (181, True), (None, False)]
)
def test_a_reading_that_never_becomes_a_notice_is_a_broken_chain(
    chain_s: float | None, verdict: object
) -> None:
    assert judge([replace(well(0), chain_s=chain_s)])[CHAIN_BROKEN] is verdict


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


def test_what_each_job_reads_and_where_fixes_agree_are_called_so_by_them() -> None:
    assert set(INPUTS.values()) <= {topic.name for topic in TOPICS}
    assert FIXES_GROUP == GROUP
