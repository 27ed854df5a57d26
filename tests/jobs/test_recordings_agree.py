"""Recorded patients, in this process: Flink says what pandas says, to the row."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pandas as pd
import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Silent
from jobs.parts import parts
from producers.contract import ALL_DEVICES
from producers.recordings import read_all
from producers.timeline import Replay, batches
from scores.catalogue import SCORES
from stack.environment import ROOT
from tests import reference, reference_patients
from tests.streams import EPOCH_MS, Message, in_time, message, write_lines

DATA = Path(os.environ.get("VIGIL_DATA", ROOT / "../shared/data"))
BIDMC = DATA / "vitals_bidmc"
PHYSIONET_2019 = DATA / "vitals_physionet2019/sample_300.tar.xz"
DAY_S = 86_400
SILENCES = [pattern for pattern in CATALOGUE if isinstance(pattern, Silent)]
PATTERNS = [pattern for pattern in CATALOGUE if pattern not in SILENCES]
LATER = "later"
"""Who speaks last, so that time passes for all others."""

BASELINE = {"sign_name": "heart_rate_bpm", "median": 84.0, "spread": 2.0}

pytestmark = [
    pytest.mark.flink,
    pytest.mark.usefixtures("quick_java"),
    *(
        pytest.mark.skipif(not path.exists(), reason=f"no recordings: {path}")
        for path in (BIDMC, PHYSIONET_2019)
    ),
]


def _played(path: Path, suffix: str = "", speed: float = 1.0) -> list[Message]:
    """Return all recordings in ``path`` at once, as patients of another name."""
    replay = Replay(start_ms=EPOCH_MS, speed=speed)
    sent = (
        orjson.loads(value)
        for batch in batches(read_all([path]), replay, slot_s=1.0)
        for _, value in batch.vitals
    )
    names = ("patient_id", "device_id")
    return [m | {name: f"{m[name]}{suffix}" for name in names} for m in sent]


def _worse_off(sent: Sequence[Message]) -> Iterator[Message]:
    """Yield the same with a faster heart and less oxygen, as a patient each."""
    for each in sent:
        shifted = {
            name: each[name] + by  # type: ignore[operator]
            for name, by in (("heart_rate_bpm", 42), ("spo2_pct", -8))
            if name in each
        }
        names = {n: f"{each[n]}-worse" for n in ("patient_id", "device_id")}
        yield {**each, **shifted, **names}


@pytest.fixture(scope="module")
def sent() -> list[Message]:
    """Return every recording, so that all kinds of patterns have something to find.

    Few of the ten with a reading a second cross a limit: each comes once more,
    worse off. The others have a reading an hour, which is too seldom for most
    patterns: each comes once more with an hour in a minute.
    """
    each_second = _played(BIDMC)
    each_hour = _played(PHYSIONET_2019)
    each_minute = _played(PHYSIONET_2019, "-quick", speed=60)
    end_s = max(int(str(m["ts_ms"])) for m in each_hour) / 1000 + DAY_S
    later = message(end_s - EPOCH_MS / 1000, LATER)
    return in_time(
        each_second, _worse_off(each_second), each_hour, each_minute, [later]
    )


@pytest.fixture(scope="module")
def usable(sent: list[Message]) -> pd.DataFrame:
    return reference.usable(sent)


@pytest.fixture(scope="module")
def path(sent: list[Message], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(sent, tmp_path_factory.mktemp("recorded") / "vitals.jsonl")


def test_matches_are_those_of_pandas(path: Path, usable: pd.DataFrame) -> None:
    from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

    baselines = [
        {**BASELINE, "patient_id": name, "hour_of_day": hour, "learned_ms": EPOCH_MS}
        for name in sorted(usable["patient_id"].unique())[::2]
        for hour in range(24)
    ]
    expected = reference_patients.matches(usable, PATTERNS, baselines)
    found = [
        reference.said(match)
        for match in matches_in(path, PATTERNS, baselines=baselines)
    ]
    assert set(found) == expected
    assert len(found) == len(expected)
    of_patients = {match.pattern for match in expected if match.device == ALL_DEVICES}
    assert of_patients == {p.name for p in parts(PATTERNS).of_patients} - NOT_RECORDED


def test_silences_are_those_of_pandas(
    sent: list[Message], usable: pd.DataFrame, tmp_path: Path
) -> None:
    """Of one patient in ten: with a reading an hour, all are silent all the time."""
    from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

    few = {*sorted(usable["patient_id"].unique())[::10], LATER}
    path = write_lines([m for m in sent if m["patient_id"] in few], tmp_path / "few")
    of_few = usable[usable["patient_id"].isin(few - {LATER})]
    expected = reference_patients.matches(of_few, SILENCES, [])
    found = [reference.said(match) for match in matches_in(path, SILENCES)]
    assert set(found) == expected
    assert len(found) == len(expected) > 1000


NOT_RECORDED = {"cushing_triad", "devices_disagree"}
"""Patterns of patients that no recorded patient meets."""


def test_scores_are_those_of_pandas(path: Path, usable: pd.DataFrame) -> None:
    from jobs.in_process import scores_in  # noqa: PLC0415 - it takes seconds

    expected = reference_patients.scores(reference_patients.spoken(usable))
    names = {score.name for score in SCORES}
    found = [
        {column: said.get(column) for column in expected[0]}
        for said in scores_in(path)
        if said["score_name"] in names
    ]
    wrong = [(f, e) for f, e in zip(found, expected, strict=False) if f != e]
    assert wrong[:1] == []
    assert len(found) == len(expected)
