"""When something is said of a patient's scores, and what of it by when.

Each patient is one case, and one Flink run answers for all of them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from jobs.in_process import scores_in
from tests.scores.patients import WELL
from tests.streams import Message, message, seconds, write_lines

pytestmark = pytest.mark.flink


class Said(Protocol):
    """What is said of a patient by one score, in order of time."""

    def __call__(self, name: str, score: str = "news2") -> list[Message]:
        """Return the messages."""


MIN = 60
MEDIUM: Message = {"respiratory_rate_per_min": 26.0, "systolic_mmhg": 95.0}  # 3 + 2
HIGH: Message = MEDIUM | {"heart_rate_bpm": 115.0}  # and 2
SILENT_S = 3600


def every(step_s: int, upto_s: int, name: str, **values: object) -> Iterator[Message]:
    """Return a message every ``step_s``, the same all the time."""
    return (message(t, name, **WELL | values) for t in range(0, upto_s, step_s))


def course(name: str, *phases: tuple[int, dict[str, object]]) -> Iterator[Message]:
    """Return a message every 10 s; each phase holds until a minute of its own."""
    begin = 0
    for until_min, values in phases:
        for t in range(begin, until_min * MIN, 10):
            yield message(t, name, **WELL | values)
        begin = until_min * MIN


def steady() -> Iterator[Message]:
    """Return values that move within their bands, four minutes long."""
    for t in range(0, 4 * MIN, 5):
        yield message(t, "steady", **WELL | {"heart_rate_bpm": 60.0 + t % 30})


def sparse() -> list[Message]:
    """Return a message late in each second minute."""
    return [message(t, "sparse", **WELL) for t in (55, 2 * MIN + 35, 4 * MIN + 59)]


def crossing() -> Iterator[Message]:
    """Return a pulse that passes 90.5 in the slot from 30 s to 40 s and stays."""
    for t in range(0, 2 * MIN, 10):
        rate = 90.4 if t < 30 else 90.5
        yield message(t + 1, "crossing", **WELL | {"heart_rate_bpm": rate})


def shocked() -> Iterator[Message]:
    """Return a ratio that passes its bound within the bands of its inputs."""
    for t in range(0, MIN, 10):
        pressure = 118.0 if t < 30 else 117.0
        values = {"heart_rate_bpm": 118.0, "systolic_mmhg": pressure}
        yield message(t, "shocked", **WELL | values)


def ageing() -> Iterator[Message]:
    """Return values once, and then a device that says nothing for six minutes."""
    yield message(5, "ageing", **WELL)
    for t in range(10, 6 * MIN, 10):
        yield message(t, "ageing")


def two_devices() -> list[Message]:
    """Return two devices of a patient that share the work, and once differ a little."""
    monitor = {k: v for k, v in WELL.items() if k != "temperature_c"}
    at = {"device_id": "thermometer"}
    return [
        message(1, "two", **monitor),
        message(2, "two", temperature_c=39.0, **at),
        message(12, "two", heart_rate_bpm=88.0),
        message(12, "two", heart_rate_bpm=95.0, **at),
        message(11, "two", heart_rate_bpm=135.0, **at),
    ]


def disputed(name: str, behind_s: float, **other: float) -> list[Message]:
    """Return two devices of a well patient, of whom one says ``other``."""
    second = message(1 + behind_s, name, **WELL | other) | {"device_id": "second"}
    return [message(1, name, **WELL), second]


def disordered() -> list[Message]:
    """Return readings whose arrival differs from their order by up to 1.4 s."""
    well, ill = WELL, WELL | {"heart_rate_bpm": 135.0}
    return [
        message(1.0, "disorder", **well),
        message(10.9, "disorder", **well),
        message(9.6, "disorder", **ill),  # belongs to the slot before
        message(30.0, "disorder", **well),
        message(18.0, "disorder", heart_rate_bpm=200.0),  # too late: nobody sees it
    ]


STREAMS: Sequence[Iterator[Message] | list[Message]] = (
    steady(),
    sparse(),
    crossing(),
    shocked(),
    ageing(),
    two_devices(),
    disputed("saturation", 0, spo2_pct=84.0),
    disputed("breathing", 0, respiratory_rate_per_min=6.0),
    disputed("cold", 0, temperature_c=34.0),
    disputed("behind", 0.5, spo2_pct=84.0),
    disputed("before", -0.5, spo2_pct=84.0),
    course("worse", (10, MEDIUM), (50, HIGH), (70, MEDIUM), (75, {}), (80, MEDIUM)),
    course("later", (10, {}), (50, MEDIUM), (60, HIGH)),
    course("gone", (2, HIGH), (20, {})),
    (
        message(t, "lost", **(WELL | HIGH if t < 2 * MIN else {}))
        for t in range(0, 20 * MIN, 10)
    ),
    [
        *course("silent", (2, HIGH)),
        *(message(SILENT_S + t, "silent", **WELL | HIGH) for t in range(0, MIN, 10)),
    ],
)


@pytest.fixture(scope="module")
def said(
    tmp_path_factory: pytest.TempPathFactory,
    quick_java: None,  # noqa: ARG001 - it is started
) -> Said:
    """Return what is said of a patient by one score, in order of time."""
    folder = tmp_path_factory.mktemp("scores")
    in_order = sorted(
        (m for stream in STREAMS for m in stream), key=lambda m: int(str(m["ts_ms"]))
    )
    messages = _scored(in_order, folder / "ordered.jsonl")
    messages += _scored(disordered(), folder / "disordered.jsonl")

    def of(name: str, score: str = "news2") -> list[Message]:
        mine = (m for m in messages if m["patient_id"] == name)
        return [m for m in mine if m["score_name"] == score]

    return of


def _scored(stream: list[Message], path: Path) -> list[Message]:
    return scores_in(write_lines(stream, path))


def times(messages: list[Message]) -> list[float | None]:
    return [seconds(m["ts_ms"]) for m in messages]


def totals(messages: list[Message]) -> list[object]:
    return [m.get("total") for m in messages]


def minutes_left(messages: list[Message], at_min: int) -> float | None:
    """Return when somebody should come, in minutes of the test, as said then."""
    (then,) = (m for m in messages if seconds(m["ts_ms"]) == at_min * MIN + 10)
    by_s = seconds(then.get("respond_by_ms"))
    return None if by_s is None else (by_s - 10) / MIN


def test_a_steady_patient_is_spoken_of_once_a_minute(said: Said) -> None:
    assert times(said("steady")) == [10, 70, 130, 190]


def test_all_scores_are_said_together(said: Said) -> None:
    scores = ("news2", "news2_scale_2", "qsofa", "sirs", "shock_index")
    assert {tuple(times(said("steady", score))) for score in scores} == {
        (10, 70, 130, 190)
    }


def test_the_first_slot_with_a_reading_speaks_for_its_minute(said: Said) -> None:
    assert times(said("sparse")) == [60, 160, 300]


def test_a_change_of_band_is_said_in_its_slot(said: Said) -> None:
    assert times(said("crossing")) == [10, 40, 70]
    assert totals(said("crossing")) == [0, 1, 1]


def test_a_ratio_that_passes_its_bound_is_said_at_once(said: Said) -> None:
    assert times(said("shocked")) == [10, 40]
    marked = [m["marked"] for m in said("shocked", "shock_index")]
    assert marked == [False, True]


def test_values_grow_too_old_and_the_score_becomes_a_range(said: Said) -> None:
    ageing = said("ageing")
    assert times(ageing) == [10, 70, 130, 190, 250, 310]
    last = ageing[-1]
    assert "total" not in last
    assert (last["lowest"], last["highest"]) == (0, 9)
    assert last["missing"] == "respiration, oxygen_saturation, pulse"
    assert last["known_parts"] == 4
    parts = last["parts"]
    assert isinstance(parts, dict)
    assert parts["pulse"] == {"lowest": 0, "highest": 3, "age_s": 305.0}
    assert (last["risk_at_least"], last["risk_at_most"]) == ("low", "high")
    assert "risk" not in last


def test_devices_share_a_patient_and_where_they_differ_a_little_the_worse_counts(
    said: Said,
) -> None:
    assert times(said("two")) == [10, 20]
    assert totals(said("two")) == [1, 2]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("saturation", "oxygen_saturation"),
        ("behind", "oxygen_saturation"),
        ("before", "oxygen_saturation"),
        ("breathing", "respiration"),
        ("cold", "temperature"),
    ],
)
def test_where_devices_disagree_nobody_is_said_to_be_well(
    said: Said, name: str, part: str
) -> None:
    [only] = said(name)
    assert only.get("total") is None
    assert (only["lowest"], only["highest"], only["missing"]) == (0, 3, part)


def test_disorder_changes_nothing_and_what_is_too_late_is_not_seen(said: Said) -> None:
    assert times(said("disorder")) == [10, 20]
    assert totals(said("disorder")) == [3, 0]


def test_getting_worse_gives_nobody_more_time(said: Said) -> None:
    worse, later = said("worse"), said("later")
    assert minutes_left(worse, 0) == 60  # medium: an hour
    assert minutes_left(worse, 10) == 40  # high: half an hour from there
    assert minutes_left(later, 5) is None
    assert minutes_left(later, 10) == 70
    assert minutes_left(later, 50) == 70  # high would be due at 80


def test_a_clock_goes_on_while_its_risk_lasts_and_starts_anew_after(said: Said) -> None:
    worse = said("worse")
    assert minutes_left(worse, 49) == 40  # overdue, and still said
    assert minutes_left(worse, 50) == 60  # no longer high, medium all the time
    assert minutes_left(worse, 70) is None
    assert minutes_left(worse, 75) == 135


def test_a_risk_that_is_left_has_no_clock(said: Said) -> None:
    gone = said("gone")
    assert minutes_left(gone, 1) == 30
    assert minutes_left(gone, 2) is None
    assert all("respond_by_ms" not in m for m in gone[3:])


def test_lost_values_and_silence_stop_no_clock(said: Said) -> None:
    lost = said("lost")
    assert lost[-1]["risk_at_least"] == "low"
    assert lost[-1]["risk_at_most"] == "high"
    assert minutes_left(lost, 19) == 30
    assert minutes_left(said("silent"), 60) == 30


@pytest.mark.usefixtures("quick_java")
def test_the_same_readings_are_scored_the_same_again(tmp_path: Path) -> None:
    path = write_lines(list(course("p", (1, {}), (2, HIGH))), tmp_path / "v.jsonl")
    assert scores_in(path) == scores_in(path)
