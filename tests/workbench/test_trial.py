"""Recordings side by side: in order of time, each judged message by message."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Silent
from producers.recordings import Recording, read_all
from tests.streams import EPOCH_MS, Message, message
from workbench.episodes import episodes
from workbench.fitness import fits, fitting, notes, reads_vital_signs
from workbench.report import (
    DAY_AND_TIME,
    TIME,
    clock,
    doubts,
    moment,
    read_line,
    table,
    unusable_line,
)
from workbench.trial import Trial, in_order_of_time, trial

PATTERN = {pattern.name: pattern for pattern in CATALOGUE}
HOURLY = "HR|O2Sat|ICULOS\n80|97|1\n150|88|2\n150|88|3\n"
SECONDS = "Time [s],HR\n0,80\n1,81\n2,82\n"


def tried(*messages: Message | bytes, name: str = "a") -> Trial:
    lines = [m if isinstance(m, bytes) else orjson.dumps(m) for m in messages]
    return trial(Recording(name, lines))


def read(folder: Path, **contents: str) -> list[Trial]:
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [trial(recording) for recording in read_all([folder])]


def test_a_later_file_does_not_make_its_readings_late(tmp_path: Path) -> None:
    merged = list(in_order_of_time(read(tmp_path, a=SECONDS, b=SECONDS)))
    assert [line.at_ms for line in merged] == [0, 0, 1000, 1000, 2000, 2000]


def test_the_order_of_a_file_is_the_order_of_arrival() -> None:
    disordered = [message(t) for t in (1, 3, 2, 4)]
    lines = [line.value for line in in_order_of_time([tried(*disordered)])]
    assert lines == [orjson.dumps(each) for each in disordered]


def test_of_devices_one_after_the_other_none_makes_another_late() -> None:
    first = [message(t, patient_id="a", device_id="a", spo2_pct=97.0) for t in range(9)]
    later = [message(t, patient_id="b", device_id="b", spo2_pct=80.0) for t in range(9)]
    found = tried(*first, *later)
    assert [line.at_ms for line in found.lines] == sorted(
        EPOCH_MS + 1000 * t for t in range(9) for _ in "ab"
    )
    assert (found.late, doubts([found])) == (0, [])


def test_readings_that_come_too_late_to_count_are_counted() -> None:
    again = [*map(message, range(10)), *map(message, range(10))]
    found = tried(*again)
    assert found.late == 8, "of 0 to 7 s, behind 9 s"
    assert doubts([found]) == [
        "8 readings came 1.5 s late or more, and count in nothing"
    ]


@pytest.mark.parametrize(
    ("a_second", "unit"),
    [(1, "seconds"), (10**6, "microseconds"), (10**9, "nanoseconds"), (1000, "")],
)
def test_times_of_another_unit_are_named(a_second: int, unit: str) -> None:
    lines = [{**message(t), "ts_ms": (EPOCH_MS // 1000 + t) * a_second} for t in (0, 1)]
    found = tried(*lines)
    said = [f"a: ts_ms looks like {unit}, not milliseconds"] if unit else []
    assert doubts([found]) == said


@pytest.mark.parametrize("spelled", [str, float])
def test_times_that_every_reader_reads_are_times(
    spelled: Callable[[object], object],
) -> None:
    found = tried(
        *({**message(t), "ts_ms": spelled(message(t)["ts_ms"])} for t in (0, 1))
    )
    assert (found.unusable, found.partly) == (0, 2)
    assert (found.first_ms, found.last_ms) == (EPOCH_MS, EPOCH_MS + 1000)
    assert set(found.reasons) == {"wrong_type ts_ms"}


def test_unusable_messages_are_counted_and_left_out() -> None:
    found = tried(
        message(0, spo2_pct=97.0),
        message(1, spo2_pct=0.0),
        b"nonsense",
        b'{"ts_ms": 1}',
        message(4, spo2_pct=98.0),
    )
    assert (found.unusable, found.partly, len(found.lines)) == (2, 1, 3)
    assert found.reasons["implausible spo2_pct"] == 1
    assert found.reasons["not_json"] == 1
    assert "2 messages unusable, 1 partly: " in unusable_line([found])


def test_one_absurd_time_does_not_make_all_others_late() -> None:
    absurd = message(10**9)
    found = tried(message(0), absurd, message(1), message(2))
    assert (found.unusable, len(found.lines)) == (1, 3)
    assert found.last_ms == EPOCH_MS + 2000


def test_what_was_read_is_one_line(tmp_path: Path) -> None:
    trials = read(tmp_path, a=SECONDS, b=HOURLY)
    expected = "2 recordings: 6 readings of 2 patients, 2:00:00 long"
    assert read_line(trials) == expected
    assert unusable_line(trials) == "every message could be used"


def test_patterns_that_cannot_match_are_named_with_the_reason(tmp_path: Path) -> None:
    trials = read(tmp_path, a=SECONDS, b=HOURLY)
    [note] = notes(CATALOGUE, trials)
    assert "not tried in 1 of 2 recordings, a reading every 1:00:00" in note
    seldom = "hypotension", "hypertensive_crisis", "new_fever", "pressure_in_kpa"
    hourly = [pattern for pattern in CATALOGUE if pattern.name in seldom]
    of_vitals = [pattern for pattern in CATALOGUE if reads_vital_signs(pattern)]
    named = [pattern for pattern in CATALOGUE if f" {pattern.name}" in note]
    assert named == [pattern for pattern in of_vitals if pattern not in hourly]
    assert "more than 10 s without a reading ends a run" in note
    assert "30 s without a reading are a silence" in note
    tried = [fitting(CATALOGUE, each) for each in trials]
    assert tried == [of_vitals, hourly]


@pytest.mark.parametrize("name", ["seizure_suspected", "battery_draining_faster"])
def test_a_pattern_of_something_else_than_vital_signs_is_not_tried(
    tmp_path: Path, name: str
) -> None:
    (trial,) = read(tmp_path, a=SECONDS)
    assert not fitting([PATTERN[name]], trial)
    assert notes([PATTERN[name]], [trial]) == [
        "not tried: these recordings hold vital signs, and it reads none"
    ]


@pytest.mark.parametrize(
    ("name", "interval_ms", "expected"),
    [
        ("desaturation", 10_000, True),
        ("desaturation", 10_001, False),
        ("silent_sensor", 30_000, True),
        ("silent_sensor", 30_001, False),
    ],
)
def test_a_pattern_fits_up_to_its_longest_pause(
    name: str, interval_ms: int, *, expected: bool
) -> None:
    assert fits(PATTERN[name], interval_ms) is expected


def found(patient: str, ts_s: float, phase: str = "ongoing", **more: object) -> Message:
    return {
        "match_id": f"{patient}",
        "pattern_name": "silent_sensor",
        "severity": "medium",
        "phase": phase,
        "patient_id": patient,
        "started_ms": EPOCH_MS,
        "ended_ms": None,
        "ts_ms": EPOCH_MS + round(ts_s * 1000),
        "observed": None,
        **more,
    }


def test_a_recording_that_ends_before_others_is_no_silent_sensor() -> None:
    short = tried(message(0, "short"), message(1, "short"))
    long = tried(*(message(t, "long") for t in range(60)), name="b")
    matches = [found("short", 40), found("long", 40)]
    [kept] = episodes(matches, CATALOGUE, [short, long])
    assert kept["patient_id"] == "long"


def test_an_episode_is_one_match_with_all_that_was_said_of_it() -> None:
    one = tried(*map(message, range(100)))
    matches = [
        found("p", 60, "ended", ended_ms=EPOCH_MS + 5),
        found("p", 40, observed=3),
    ]
    [kept] = episodes(matches, CATALOGUE, [one])
    assert kept["phase"] == "ended"
    assert (kept["ended_ms"], kept["observed"]) == (EPOCH_MS + 5, 3)
    assert kept["ts_ms"] == EPOCH_MS + 60_000


def test_matches_of_patterns_that_do_not_fit_are_left_out() -> None:
    one = tried(message(0), message(100), message(200))
    assert episodes([found("p", 40)], CATALOGUE, [one]) == []
    assert isinstance(PATTERN["silent_sensor"], Silent)


def test_times_are_those_of_the_recording_or_of_the_day() -> None:
    assert moment(3_661_000, TIME) == "1:01:01"
    assert moment(EPOCH_MS + 30_000, DAY_AND_TIME) == "01-01 00:00:30"
    assert clock(100 * 3_600_000) == "100:00:00"


def test_the_table_has_a_row_a_match_with_its_unit() -> None:
    ended = found("p", 40, "ended", ended_ms=EPOCH_MS + 60_000)
    tachycardia = found(
        "q", 40, pattern_name="sustained_tachycardia", observed=142.0, severity="high"
    )
    shown = table([ended, tachycardia])
    columns = [list(column.cells) for column in shown.columns]
    assert columns[0] == ["00:00:00", "00:00:00"]
    assert columns[1] == ["00:01:00", "ongoing"]
    assert columns[5] == ["-", "142 /min"]


def test_the_table_tells_the_days_where_there_are_several() -> None:
    next_day = found("q", 0, started_ms=EPOCH_MS + 86_400_000)
    columns = [
        list(column.cells) for column in table([found("p", 0), next_day]).columns
    ]
    assert columns[0] == ["01-01 00:00:00", "01-02 00:00:00"]
