"""What is wrong with one message of a batch holds back none of the others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from jobs.measurements import VITALS_RAW, Measurement
from jobs.record_results import STORED
from jobs.settings import JobSettings
from jobs.store import StoreMessages, StoreRows
from producers.contract import MATCHES, VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.schema import Topic
from producers.setting_aside import MOST_REASON_BYTES
from tests.cases_on_the_wire import ARRIVED_MS, CASES, cases_of
from tests.jobs.line_database import Database, line_database

READING = {"ts_ms": ARRIVED_MS, "patient_id": "p", "device_id": "d", "spo2_pct": 97.0}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[JobSettings]:
    """Return the settings that lead to an empty database."""
    with line_database(tmp_path) as found:
        yield found


def stored(
    settings: JobSettings, topic: Topic, measurement: Measurement, *payloads: bytes
) -> list[str | None]:
    """Store a batch; return what is said of each of its messages."""
    function = StoreMessages(topic, measurement, settings)
    function.open(None)
    arrived = pd.Series([pd.Timestamp(ARRIVED_MS, unit="ms")] * len(payloads))
    said: list[str | None] = list(
        function.eval(pd.Series(payloads, dtype=object), arrived)
    )
    function.close()
    return said


@pytest.mark.parametrize(
    ("topic", "measurement"), [*STORED, (VITALS, VITALS_RAW)], ids=lambda x: x.name
)
def test_every_message_is_stored_or_said_not_to_be(
    settings: JobSettings, topic: Topic, measurement: Measurement
) -> None:
    cases = [*cases_of(topic), *(case for case in CASES if case.topic is not topic)]
    said = stored(settings, topic, measurement, *(case.payload for case in cases))
    for case, reason in zip(cases[: len(cases_of(topic))], said, strict=False):
        assert bool(reason) is bool(case.reasons), case.name
        assert (reason or "").startswith((*case.reasons, "")[0]), case.name
    assert all(len((reason or "").encode()) <= MOST_REASON_BYTES for reason in said)


def test_a_message_that_makes_no_point_is_set_aside_alone(
    settings: JobSettings,
) -> None:
    by_activity = Measurement(
        name="moving",
        bucket=VITALS_RAW.bucket,
        time="ts_ms",
        tags=("activity",),
        fields=("spo2_pct",),
    )
    good = json.dumps({**READING, "activity": "rest"}).encode()
    without = json.dumps(READING).encode()
    said = stored(settings, VITALS, by_activity, good, without, good)
    assert [reason and reason.partition(":")[0] for reason in said] == [
        None,
        "not_stored",
        None,
    ]
    assert Database.taken == [f"moving,activity=rest spo2_pct=97.0 {ARRIVED_MS}"] * 2


def test_a_match_without_what_identifies_it_is_set_aside(settings: JobSettings) -> None:
    [(topic, measurement)] = [each for each in STORED if each[0] is MATCHES]
    [reason] = stored(
        settings, topic, measurement, b'{"patient_id":"x","device_id":"y"}'
    )
    assert reason
    assert reason.startswith("missing match_id")
    assert Database.taken == []


def test_a_heart_that_stands_still_on_purpose_is_not_set_aside(
    settings: JobSettings,
) -> None:
    still = {**READING, "heart_rate_bpm": 0}
    of = (SYNTHETIC_PATIENT_ID, "p")
    payloads = (json.dumps({**still, "patient_id": each}).encode() for each in of)
    ours, theirs = stored(settings, VITALS, VITALS_RAW, *payloads)
    assert ours is None
    assert theirs
    assert len(Database.taken) == 1


def test_a_row_that_makes_no_point_holds_back_no_other(settings: JobSettings) -> None:
    measurement = Measurement(
        name="rows",
        bucket=VITALS_RAW.bucket,
        time="ts_ms",
        tags=("patient_id",),
        fields=("value",),
    )
    function = StoreRows(measurement, settings)
    function.open(None)
    columns = (
        pd.Series(["p", "p", "q"]),
        pd.Series([1_000, 2_000, 3_000]),
        pd.Series([1.0, object(), 2.0], dtype=object),
    )
    first, second, third = map(str, function.eval(*columns))
    function.close()
    assert first == third == "None"
    assert second.startswith("not_stored")
    assert Database.taken == [
        "rows,patient_id=p value=1.0 1000",
        "rows,patient_id=q value=2.0 3000",
    ]
