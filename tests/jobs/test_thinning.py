"""Thinning changes how much is sorted, and nothing that is found."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Silent
from jobs import thinning
from jobs.detect_patterns import find_in_runs
from jobs.in_process import collected, local_environment, matches_in, read_file
from jobs.readings import readings_view
from producers.contract import VITALS
from tests import reference
from tests.streams import EPOCH_MS, Message, message, write_lines

PATTERNS = [pattern for pattern in CATALOGUE if not isinstance(pattern, Silent)]
SECONDS = 150
PATIENTS = 120


def unthinned(path: Path) -> set[reference.Expected]:
    """Return the matches with every reading sorted by event time."""
    t_env = local_environment()
    read_file(t_env, VITALS, path)
    t_env.execute_sql(readings_view())
    queries = find_in_runs(t_env, PATTERNS, thinning.all_steps)
    return {_key(match) for match in collected(t_env, "\nUNION ALL\n".join(queries))}


def thinned(path: Path) -> set[reference.Expected]:
    """Return the same matches as the job finds them."""
    names = {pattern.name for pattern in PATTERNS}
    return {
        _key(match)
        for match in matches_in(path, CATALOGUE)
        if match["pattern_name"] in names
    }


def _key(match: dict[str, object]) -> reference.Expected:
    names = ("pattern_name", "phase", "device_id", "started_ms", "ended_ms")
    return tuple(match[name] for name in names)  # type: ignore[return-value]


def a_ward(seed: int, *, disorder_s: float, loss: float) -> list[Message]:
    """Return readings of many patients in order of arrival.

    Each patient flickers around the bounds at a pace of his own; values go
    missing one by one, readings alone and in gaps, and every reading is delayed
    by up to ``disorder_s``.
    """
    rng = np.random.default_rng(seed)
    arrivals = [
        (reading["ts_ms"] + rng.uniform(0, 1000 * disorder_s), reading)  # type: ignore[operator]
        for patient in range(PATIENTS)
        for reading in _a_patient(rng, f"p{patient}", loss)
    ]
    return [reading for _, reading in sorted(arrivals, key=lambda each: each[0])]


def _a_patient(rng: np.random.Generator, name: str, loss: float) -> list[Message]:
    change = rng.choice([0.01, 0.05, 0.3])
    state, silent_until, stream = "calm", 0.0, []
    for second in range(SECONDS):
        if rng.random() < change:
            state = str(rng.choice(list(_VALUES)))
        if rng.random() < 0.005:
            silent_until = second + rng.uniform(5, 20)
        if second < silent_until or rng.random() < loss:
            continue
        known = {k: v for k, v in _VALUES[state].items() if rng.random() > 0.2}
        stream.append(message(second + rng.uniform(-0.1, 0.1) + 1, name, **known))
    return stream


_VALUES: dict[str, dict[str, object]] = {
    "calm": {
        "heart_rate_bpm": 80.0,
        "spo2_pct": 97.0,
        "respiratory_rate_per_min": 14.0,
        "systolic_mmhg": 120.0,
    },
    "fast": {"heart_rate_bpm": 131.0, "spo2_pct": 90.0},
    "slow": {"heart_rate_bpm": 40.0, "spo2_pct": 89.0},
    "blue": {"heart_rate_bpm": 60.0, "spo2_pct": 80.0},
    "off": {"heart_rate_bpm": 300.0, "spo2_pct": 0.0},
    "gone": {"heart_rate_bpm": 0.0, "signal_quality_pct": 90.0},
    "still": {"respiratory_rate_per_min": 0.0, "signal_quality_pct": 90.0},
    "sport": {"heart_rate_bpm": 150.0, "activity": "exercise"},
    "cuff": {"systolic_mmhg": 85.0, "respiratory_rate_per_min": 26.0},
}


@pytest.mark.flink
@pytest.mark.usefixtures("quick_java")
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take hours
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32 - 1),
    disorder_s=st.floats(0, 0.98 * VITALS.max_lateness_ms / 1000),
    loss=st.sampled_from([0.0, 0.03, 0.3]),
)
def test_the_same_is_found_under_disorder_loss_and_gaps(
    tmp_path: Path, seed: int, disorder_s: float, loss: float
) -> None:
    ward = a_ward(seed, disorder_s=disorder_s, loss=loss)
    path = write_lines(ward, tmp_path / "vitals.jsonl")
    table = reference.usable(ward)
    expected = set().union(*(reference.matches(table, p) for p in PATTERNS))
    assert len(expected) > 50, "the ward is too calm to prove anything"
    assert unthinned(path) == expected
    assert thinned(path) == expected


@pytest.mark.flink
def test_a_silence_is_found_without_any_other_pattern(tmp_path: Path) -> None:
    seconds = {"a": range(60), "b": range(10)}
    heard = [
        message(t, name) for t in range(60) for name in seconds if t in seconds[name]
    ]
    path = write_lines(heard, tmp_path / "vitals.jsonl")
    [match] = matches_in(path, [p for p in CATALOGUE if p.name == "silent_sensor"])
    assert (match["patient_id"], match["started_ms"]) == ("b", EPOCH_MS + 10_000)
