"""What Flink says of patients is what ``scores.evaluate`` says, over all inputs."""

import random
from pathlib import Path

import pytest
from hypothesis import strategies as st

from jobs.in_process import scores_in
from jobs.observations import OBSERVED
from producers.contract import VITAL_SIGNS
from scores.catalogue import RATIOS, SCORES
from scores.chart import Banded, Bands, Coded, Input, Switched
from tests.examples import drawn
from tests.jobs import scores_by_hand
from tests.streams import EPOCH_MS, Message, message, write_lines

PATIENTS = 1200
HOURS = 5
SLOTS = HOURS * 360

BESIDE_A_BOUND = (
    *(-1, -0.6, -0.5, -0.4, -0.1, 0, 0.1, 0.4, 0.5, 0.6, 0.9, 1),
    *(0.49994, 0.49995, 0.5001, 0.4999, -0.50006, -0.49994),
)
"""Distances in steps of the chart; some are rounded up in two turns only."""

PLAUSIBLE = {sign.name: sign.plausible for sign in VITAL_SIGNS}


OF_ANOTHER_UNIT = {"spo2_pct": 1.0, "systolic_mmhg": 40.0, "diastolic_mmhg": 25.0}
"""Up to where a value is taken for one of another unit, and is none."""


def bounds(column: str) -> set[int]:
    """Return the last step of every band of ``column``, in all charts."""
    tables = [
        bands
        for score in SCORES
        for part in score.parts
        if not isinstance(part, Coded) and part.reads.column == column
        for bands in ([part.bands] if isinstance(part, Banded) else _cases(part))
    ]
    return {b.high for bands in tables for b in bands if b.high is not None}


def _cases(part: Switched) -> list[Bands]:
    return [bands for _, bands in part.cases]


BOUNDS = {read.column: sorted(bounds(read.column)) for read in OBSERVED}


def a_value(chance: random.Random, read: Input) -> object:
    """Draw a value: at and beside the bounds of its chart, or anywhere."""
    if read.column == "on_oxygen":
        return chance.random() < 0.5
    if read.column == "consciousness":
        return chance.choice("AACVPU")
    if read.column == "activity":
        return chance.choice(["rest", "moving", "exercise"])
    limits = PLAUSIBLE[read.column]
    assert limits is not None
    if not BOUNDS[read.column] or chance.random() < 0.2:
        least = OF_ANOTHER_UNIT.get(read.column, limits.above) + 0.1
        return round(chance.uniform(least, limits.below - 0.1), 5)
    steps = chance.choice(BOUNDS[read.column]) + chance.choice(BESIDE_A_BOUND)
    return round(steps / 10**read.decimals, 6)


def a_patient(chance: random.Random, name: str) -> list[Message]:
    """Return a few values of each column, seen when they count and just after.

    A message with nothing in it makes the slot that looks at a value at its
    greatest age, or at a millisecond more.
    """
    stream = []
    for read in OBSERVED:
        for _ in range(chance.choice([0, 1, 2, 3])):
            end_ms = chance.randrange(SLOTS // 2, SLOTS) * 10_000
            age_ms = read.max_age_s * 1000 + chance.choice([-10_000, -1, 0, 1])
            at_ms = chance.choice([end_ms - age_ms, end_ms - chance.randrange(60_000)])
            stream.append(_at(at_ms, name, **{read.column: a_value(chance, read)}))
            stream.append(_at(end_ms - chance.choice([1, 1, 9_999]), name))
            if chance.random() < 0.2:
                other = _at(at_ms, name, **{read.column: a_value(chance, read)})
                stream.append(other | {"device_id": f"{name}-other"})
    whole_at_ms = chance.randrange(SLOTS) * 10_000
    whole = {read.column: a_value(chance, read) for read in OBSERVED}
    return [*stream, _at(max(whole_at_ms, 0), name, **whole)]


def _at(ms: int, name: str, **columns: object) -> Message:
    return message(max(ms, 0) / 1000, name, **columns)


@pytest.mark.flink
@pytest.mark.usefixtures("quick_java")
def test_flink_and_python_say_the_same_of_everybody(tmp_path: Path) -> None:
    *_, seed = drawn(2, st.integers(0, 2**32 - 1))  # the first is always 0
    print(f"{seed = }")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)  # noqa: S311 - patients are no secret
    readings = [m for p in range(PATIENTS) for m in a_patient(chance, f"p{p}")]
    stream = sorted(readings, key=lambda m: int(str(m["ts_ms"])))
    expected = scores_by_hand.messages(stream)
    assert len(expected) > 5 * 5 * PATIENTS
    assert any("respond_by_ms" in m for m in expected)
    found = scores_in(write_lines(stream, tmp_path / "vitals.jsonl"))
    wrong = [(f, e) for f, e in zip(found, expected, strict=False) if f != e]
    assert wrong[:1] == []
    assert len(found) == len(expected)


def test_all_that_scores_read_is_observed_once() -> None:
    parts = [part for score in SCORES for part in score.parts]
    read = {part.reads for part in parts}
    read |= {part.switch for part in parts if isinstance(part, Switched)}
    read |= {each for ratio in RATIOS for each in (ratio.over, ratio.under)}
    assert read <= set(OBSERVED)
    assert len({each.column for each in OBSERVED}) == len(OBSERVED)
    assert EPOCH_MS % 60_000 == 0
