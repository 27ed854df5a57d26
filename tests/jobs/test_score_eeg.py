"""What is scored of a stream of EEG: four seconds that follow one another.

Each patient is one case, and one Flink run answers for all of them.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from cep_patterns.catalogue import CATALOGUE
from jobs import score_eeg
from jobs.eeg_scoring import ScoreWindows
from jobs.in_process import eeg_scores_in, local_environment, read_file, write_folder
from jobs.readings import readings_view
from producers.contract import EEG, EEG_SCORES, MATCHES, VITALS
from tests.jobs.eeg_seconds import CHANNELS, StandIn, second
from tests.streams import Message, in_time, seconds, write_lines

pytestmark = pytest.mark.flink

Said = Callable[[str], list[Message]]


def _streams() -> list[list[Message]]:
    return [
        [second(t, "whole") for t in range(6)],
        [second(t, "gap") for t in (*range(4), *range(5, 10))],
        [second(t, "rate", rate_hz=128.0 if t < 4 else 256.0) for t in range(8)],
        [second(t, "scale", uv_per_count=0.5 if t < 4 else 1.0) for t in range(8)],
        [
            second(t, "names", channels=CHANNELS if t < 4 else ("Fp1", "Cz", "Pz"))
            for t in range(8)
        ],
        [second(t, "jitter") for t in (0, 1.1, 2, 2.9, 3.9)],
        [second(t, "loose") for t in (0, 1.101, 2.1, 3.1, 4.1)],
        [second(t, "overlap") for t in (0, 1, 2, 3, 3.5, 4.5, 5.5, 6.5)],
        [second(t, "twice") for t in (0, 1, 2, 3, 3, 4, 5, 6, 7)],
        [
            second(t, "broken", **({"samples": "!" * 8} if t == 1 else {}))
            for t in range(6)
        ],
        [
            second(t, "short", **({"samples": "AAAA"} if t == 1 else {}))
            for t in range(6)
        ],
        [second(t, "slow", rate_hz=50.0) for t in range(5)],
        [second(t, "two", device_id="a") for t in range(5)],
        [second(t + 0.5, "two", device_id="b") for t in range(5)],
        [second(t, "same-time", device_id="a") for t in range(5)],
        [second(t, "same-time", device_id="b") for t in range(5)],
    ]


def _unusable() -> list[Message]:
    """Return seconds of which nothing can be used, each between good ones."""
    wrong: dict[str, dict[str, object]] = {
        "no-rate": {"rate_hz": 0.0, "samples": "AAAA"},
        "no-scale": {"uv_per_count": 0.0},
        "no-names": {"channels": None},
        "odd-names": {"channels": "Cz"},
        "many-names": {"channels": [f"C{n}" for n in range(257)]},
        "long-names": {"channels": ["x" * 257 * 64]},
        "no-samples": {"samples": None},
        "no-device": {"device_id": ""},
    }
    return [
        {**second(t, name), **(changes if t == 1 else {})}
        for name, changes in wrong.items()
        for t in range(6)
    ]


def _disordered() -> list[Message]:
    """Return seconds of which one is overtaken, and one that comes too late."""
    return [second(t, "disorder") for t in (0, 1.95, 1, 3, 4, 7, 5, 8)]


@pytest.fixture(scope="module")
def said(
    tmp_path_factory: pytest.TempPathFactory,
    quick_java: None,  # noqa: ARG001 - it is started
) -> Said:
    """Return what is said of a patient, in order of time."""
    path = tmp_path_factory.mktemp("eeg") / "eeg.jsonl"
    stream = in_time(*_streams(), _unusable())
    # Later than all else, so that nobody else's time passes between them.
    late = [{**m, "ts_ms": int(str(m["ts_ms"])) + 100_000} for m in _disordered()]
    told = eeg_scores_in(write_lines([*stream, *late], path), ScoreWindows(StandIn))
    return lambda name: [each for each in told if each["patient_id"] == name]


def scored(messages: list[Message]) -> list[float | None]:
    """Return the ends of the windows that have a probability."""
    return [seconds(m["ts_ms"]) for m in messages if "probability" in m]


def test_a_second_is_said_each_time_and_scored_from_the_fourth_on(said: Said) -> None:
    assert [seconds(m["ts_ms"]) for m in said("whole")] == [1, 2, 3, 4, 5, 6]
    assert scored(said("whole")) == [4, 5, 6]


def test_a_window_is_its_four_seconds_in_order(said: Said) -> None:
    last = said("whole")[-1]
    assert last["probability"] == 0.512  # 4 s of 128 Hz
    assert last["channel_amplitude_uv"] == [1.0, 2.5, None]  # from 2 to 5 counts
    assert last["channel_probability"] == [0.512, 0.512, None]
    assert last["channel_quality"] == ["good", "good", "flat"]
    assert (last["good_channels"], last["channels"]) == (2, list(CHANNELS))
    assert (last["model"], last["threshold"]) == ("stand-in 1", 0.5)


def test_a_second_without_a_window_is_no_calm_one(said: Said) -> None:
    first = said("whole")[0]
    assert first["good_channels"] == 0
    assert first["channels"] == list(CHANNELS)
    assert not {"probability", "channel_quality", "firing_power"} & set(first)


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("gap", [4, 9, 10]),
        ("rate", [4, 8]),
        ("scale", [4, 8]),
        ("names", [4, 8]),
        ("jitter", [3.9, 4.9]),
        ("loose", [5.1]),
        ("overlap", [4, 7.5]),
        ("broken", [6]),
        ("short", [6]),
        ("slow", []),
    ],
)
def test_a_window_is_broken_by_what_does_not_follow(
    said: Said, name: str, ends: list[float]
) -> None:
    assert scored(said(name)) == ends


def test_a_second_that_comes_twice_is_said_once(said: Said) -> None:
    assert [seconds(m["ts_ms"]) for m in said("twice")] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert scored(said("twice")) == [4, 5, 6, 7, 8]


def test_two_devices_on_one_head_are_two_recordings(said: Said) -> None:
    assert scored(said("two")) == [4, 4.5, 5, 5.5]
    assert scored(said("same-time")) == [4, 4, 5, 5]


@pytest.mark.parametrize(
    "name",
    [
        *("no-rate", "no-scale", "no-samples", "no-device"),
        *("no-names", "odd-names", "many-names", "long-names"),
    ],
)
def test_an_unusable_second_is_a_gap(said: Said, name: str) -> None:
    assert [seconds(m["ts_ms"]) for m in said(name)] == [1, 3, 4, 5, 6]
    assert scored(said(name)) == [6]


def test_a_second_that_was_overtaken_counts_unless_it_comes_too_late(
    said: Said,
) -> None:
    assert scored(said("disorder")) == [104, 105]


@pytest.mark.usefixtures("quick_java")
def test_scores_and_matches_hang_on_one_chain(tmp_path: Path) -> None:
    """The model is what costs; a second copy of it would be planned unseen."""
    t_env = local_environment(score_eeg.SHARED)
    for topic in (EEG, VITALS):
        read_file(t_env, topic, write_lines([], tmp_path / topic.name))
    t_env.execute_sql(readings_view())
    for topic in (EEG_SCORES, MATCHES):
        write_folder(t_env, topic, tmp_path)
    score_eeg.observe(t_env, ScoreWindows(StandIn))
    job = t_env.create_statement_set()
    job.add_insert_sql(score_eeg.scored())
    for insert in score_eeg.detect(t_env, CATALOGUE):
        job.add_insert_sql(insert)
    plan = job.explain().partition("== Optimized Execution Plan ==")[2]
    assert plan.count("score_windows(") == 1
    assert plan.count("default_database, eeg_topic") == 1
    assert plan.count("Match(") == 1


def test_the_time_of_heart_rates_stays_behind_that_of_eeg() -> None:
    """Else EEG that begins after a silence would be late for ever."""
    a_message_is_ms, on_the_way_ms = 1000, 2000
    behind_ms = score_eeg.HEARTS.max_lateness_ms - EEG.max_lateness_ms
    assert behind_ms >= a_message_is_ms + on_the_way_ms
