"""Ten recorded patients, through broker, cluster and database, to the row."""

import os
from pathlib import Path

import orjson
import pandas as pd
import pytest

from cep_patterns.catalogue import CATALOGUE
from jobs.measurements import VITALS_1M, VITALS_10S, VITALS_RAW, Measurement
from producers.contract import VITAL_SIGNS
from producers.recordings import read_all
from producers.timeline import Replay, batches
from stack.environment import ROOT
from tests import reference, reference_patients
from tests.streams import Message
from tests.ward import Raw, Ward, eventually

RECORDINGS = (
    Path(os.environ.get("VIGIL_DATA", ROOT / "../shared/data")) / "vitals_bidmc"
)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not RECORDINGS.exists(), reason=f"no recordings in {RECORDINGS}"
    ),
]


@pytest.fixture(scope="module")
def played(ward: Ward) -> pd.DataFrame:
    """Play all recordings at once; return what pandas holds to be usable.

    None of the ten crosses a limit for long. So each is played a second time,
    as a patient worse off, and crosses the limits as real signals do.
    """
    begin_ms = ward.begin_ms(length_s=600)
    replay = Replay(start_ms=begin_ms)
    recorded = [
        orjson.loads(value)
        for batch in batches(read_all([RECORDINGS]), replay, slot_s=1.0)
        for _, value in batch.vitals
    ]
    sent = [each for message in recorded for each in (message, _worse_off(message))]
    ward.publish(_raw(message) for message in sent)
    ward.let_time_pass(begin_ms + 700_000)
    return reference.usable(sent)


def _raw(message: Message) -> Raw:
    return str(message["patient_id"]), orjson.dumps(message)


def _worse_off(message: Message) -> Message:
    shifted = {
        name: message[name] + by  # type: ignore[operator]
        for name, by in (("heart_rate_bpm", 42), ("spo2_pct", -8))
        if name in message
    }
    names = {name: f"{message[name]}-worse" for name in ("patient_id", "device_id")}
    return {**message, **shifted, **names}


def test_every_reading_is_stored_once(ward: Ward, played: pd.DataFrame) -> None:
    signs = [sign.name for sign in VITAL_SIGNS if sign.name in played]
    known = played.dropna(subset=signs, how="all")
    expected = {
        (row["patient_id"], row["ts_ms"]): {
            s: row[s] for s in signs if row[s] == row[s]
        }
        for row in known.to_dict("records")
    }
    eventually(lambda: ward.points(VITALS_RAW, "bidmc", signs), expected)


@pytest.mark.parametrize(
    ("measurement", "length_s"), [(VITALS_10S, 10), (VITALS_1M, 60)]
)
def test_window_statistics_are_those_of_pandas(
    ward: Ward, played: pd.DataFrame, measurement: Measurement, length_s: int
) -> None:
    statistics = reference.windows(played, length_s).to_dict("index")
    expected = {
        window: {name: pytest.approx(v) for name, v in row.items() if v == v and v}  # noqa: PLR0124
        for window, row in statistics.items()
    }
    known = {window: row for window, row in expected.items() if row}
    eventually(lambda: ward.points(measurement, "bidmc"), known)


def test_matches_are_those_of_pandas(ward: Ward, played: pd.DataFrame) -> None:
    found = reference_patients.matches(played, CATALOGUE)
    names = {match.pattern for match in found}
    assert names >= {"sustained_tachycardia", "desaturation", "silent_sensor"}
    expected = sorted(found, key=str)
    eventually(lambda: ward.matches(set(played["patient_id"])), expected)
