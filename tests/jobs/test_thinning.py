"""Thinning changes how much is sorted, and nothing that is found."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Adjustable, Held, Silent
from jobs.detect_patterns import ALL, in_runs
from jobs.in_process import (
    collected,
    local_environment,
    matches_in,
    read_file,
    write_versions,
)
from jobs.parts import parts
from jobs.readings import readings_view
from jobs.signals import SIGNALS
from producers.contract import LIMITS, VITALS
from tests import reference
from tests.examples import drawn
from tests.streams import EPOCH_MS, Message, message, write_lines

PATTERNS = [
    pattern
    for pattern in CATALOGUE
    if not isinstance(pattern, Silent) and pattern.signal in SIGNALS
]
LATENESS_S = VITALS.max_lateness_ms / 1000
SECONDS = 150
PATIENTS = 120
WARDS = 3


class Ward(NamedTuple):
    """How the readings of one ward come: from ``seed``, late, and some never."""

    seed: int
    disorder_s: float
    loss: float


A_WARD = st.builds(
    Ward,
    seed=st.integers(0, 2**32 - 1),
    disorder_s=st.floats(0.9 * LATENESS_S, 0.98 * LATENESS_S),
    loss=st.sampled_from([0.0, 0.03, 0.3]),
)


def unthinned(path: Path, limits: list[Message]) -> set[reference.Expected]:
    """Return the matches with every reading sorted by event time."""
    t_env = local_environment()
    read_file(t_env, VITALS, path)
    write_versions(t_env, LIMITS, limits, path.parent)
    t_env.execute_sql(readings_view())
    queries = in_runs(t_env, parts(PATTERNS), ALL)
    return set(map(reference.said, collected(t_env, "\nUNION ALL\n".join(queries))))


def thinned(path: Path, limits: list[Message]) -> set[reference.Expected]:
    """Return the same matches as the job finds them."""
    names = {pattern.name for pattern in PATTERNS}
    found = map(reference.said, matches_in(path, CATALOGUE, limits=limits))
    return {match for match in found if match.pattern in names}


def arriving(wards: list[Ward]) -> list[Message]:
    """Return readings of many patients in order of arrival.

    Each patient flickers around the bounds at a pace of his own; values go
    missing one by one, readings alone and in gaps, and every reading is delayed
    by up to the ward's ``disorder_s``.
    """
    arrivals = [
        (reading["ts_ms"] + rng.uniform(0, 1000 * ward.disorder_s), reading)  # type: ignore[operator]
        for number, ward in enumerate(wards)
        for rng in [np.random.default_rng(ward.seed)]
        for patient in range(PATIENTS)
        for reading in _a_patient(rng, _name(number, patient), ward.loss)
    ]
    return [reading for _, reading in sorted(arrivals, key=lambda each: each[0])]


def overtakings(readings: list[Message]) -> int:
    """Return how many of ``readings`` come before one of their device that is older."""
    of_devices = defaultdict[object, list[int]](list)
    for reading in readings:
        of_devices[reading["device_id"]].append(int(str(reading["ts_ms"])))
    return sum(a > b for each in of_devices.values() for a, b in pairwise(each))


def _name(ward: int, patient: int) -> str:
    return f"w{ward}-p{patient}"


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


def some_limits(wards: list[Ward]) -> list[Message]:
    """Return limits of half of the patients: wide, tight, beyond both, and taken back.

    They are whole numbers, as the values are, so that many of them are met exactly.
    """
    return [
        {
            "patient_id": _name(number, patient),
            "pattern_name": pattern.name,
            "limit_value": a_limit(rng, pattern.own_limit),
            "ts_ms": EPOCH_MS + int(rng.integers(-1000, 1000 * SECONDS)),
        }
        for number, ward in enumerate(wards)
        for rng in [np.random.default_rng(ward.seed)]
        for patient in range(0, PATIENTS, 2)
        for pattern in PATTERNS
        if isinstance(pattern, Held) and pattern.own_limit
        for _ in range(rng.integers(1, 5))
    ]


def a_limit(rng: np.random.Generator, allowed: Adjustable) -> float | None:
    ends = sorted((allowed.tightest, allowed.widest))
    drawn = float(rng.integers(int(ends[0]) - 3, int(ends[1]) + 4))
    return None if rng.random() < 0.2 else drawn


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
def test_the_same_is_found_under_disorder_loss_gaps_and_limits(tmp_path: Path) -> None:
    wards = drawn(WARDS, A_WARD)
    print(wards)  # noqa: T201 - pytest shows it where the test fails
    readings, limits = arriving(wards), some_limits(wards)
    path = write_lines(readings, tmp_path / "vitals.jsonl")
    table = reference.usable(readings)
    usual, expected = (
        set().union(*(reference.matches(table, p, own) for p in PATTERNS))
        for own in ((), limits)
    )
    assert overtakings(readings) > 200 * WARDS, "too much comes in order for a proof"
    assert len(expected) > 50 * WARDS, "the wards are too calm to prove anything"
    assert len(expected ^ usual) > 20 * WARDS, "the limits are too few for a proof"
    assert unthinned(path, limits) == expected
    assert thinned(path, limits) == expected


@pytest.mark.flink
def test_a_silence_is_found_without_any_other_pattern(tmp_path: Path) -> None:
    seconds = {"a": range(60), "b": range(10)}
    heard = [
        message(t, name) for t in range(60) for name in seconds if t in seconds[name]
    ]
    path = write_lines(heard, tmp_path / "vitals.jsonl")
    [match] = matches_in(path, [p for p in CATALOGUE if p.name == "silent_sensor"])
    assert (match["patient_id"], match["started_ms"]) == ("b", EPOCH_MS + 10_000)
