"""Line protocol the database reads; a batch is written, or said not to be."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from influxdb_client.rest import ApiException
from tenacity import stop_after_delay

from jobs.influx import MOST_REQUESTS, Writer, line
from jobs.measurements import EEG_SCORED, MATCHES_FOUND, VITALS_RAW
from jobs.settings import JobSettings
from jobs.store import StoreRows, points_of
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from tests.jobs.line_database import Database, line_database

READING = {
    "patient_id": "p 1",
    "device_id": "d,2=x",
    "heart_rate_bpm": 72.0,
    "on_oxygen": True,
    "consciousness": 'A "B" \\',
}


def test_tags_are_escaped_and_fields_typed() -> None:
    assert line(VITALS_RAW, READING, 7) == (
        r"vitals,patient_id=p\ 1,device_id=d\,2\=x "
        r'heart_rate_bpm=72.0,on_oxygen=True,consciousness="A \"B\" \\" 7'
    )


def test_a_whole_number_is_an_integer_field() -> None:
    match = dict.fromkeys(MATCHES_FOUND.tags, "x") | {"ended_ms": 5}
    assert (line(MATCHES_FOUND, match, 7) or "").endswith(" ended_ms=5i 7")


def test_a_reading_without_any_value_is_no_point() -> None:
    assert line(VITALS_RAW, {"patient_id": "p", "device_id": "d"}, 7) is None


def test_what_is_listed_is_a_point_each_once_a_window() -> None:
    said = {
        "patient_id": "p",
        "device_id": "d",
        "probability": 0.5,
        "channels": ["Fp1", "Cz"],
        "channel_probability": [0.5, None],
        "channel_quality": ["good", "flat"],
        "channel_amplitude_uv": [40.0, None],
    }
    own = "eeg,patient_id=p,device_id=d probability=0.5"
    each = "eeg_channels,patient_id=p,device_id=d"
    assert list(points_of(EEG_SCORED, {**said, "ts_ms": 8_900})) == [
        f"{own} 8900",
        f'{each},channel=Fp1 probability=0.5,quality="good",amplitude_uv=40.0 8900',
        f'{each},channel=Cz quality="flat" 8900',
    ]
    for ts_ms in (7_999, 9_000, 11_999):
        assert list(points_of(EEG_SCORED, {**said, "ts_ms": ts_ms})) == [
            f"{own} {ts_ms}"
        ]


def test_nothing_of_the_synthetic_patient_is_stored() -> None:
    for patient, count in ((SYNTHETIC_PATIENT_ID, 0), ("p", 1)):
        row = {**READING, "patient_id": patient, "device_id": "d", "ts_ms": 7}
        assert len(list(points_of(VITALS_RAW, row))) == count


@pytest.mark.parametrize("name", ["x\\", "x\\\\", "a\\b", "\\"])
def test_no_tag_has_a_backslash_which_would_hide_what_comes_next(name: str) -> None:
    point = line(VITALS_RAW, {**READING, "device_id": name, "patient_id": "p"}, 7) or ""
    series = point.partition(" ")[0]
    assert "\\" not in series
    assert series.count(",") == 2


def test_what_lists_no_channels_is_a_point_of_its_own_alone() -> None:
    said = {"patient_id": "p", "device_id": "d", "probability": 0.5, "ts_ms": 8_000}
    listed = {"channel_probability": [0.5], "channel_quality": ["good"]}
    assert list(points_of(EEG_SCORED, {**said, **listed})) == [
        "eeg,patient_id=p,device_id=d probability=0.5 8000"
    ]


@given(st.text(min_size=1))
def test_no_identifier_breaks_out_of_its_line(name: str) -> None:
    point = line(VITALS_RAW, {**READING, "patient_id": name}, 7)
    assert point is not None
    assert "\n" not in point
    assert point.endswith(" 7")


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Writer]:
    """Return a writer to a database of the test's own, that does not wait long."""
    monkeypatch.setattr(Writer._send.retry, "sleep", lambda _: None)  # noqa: SLF001
    with line_database(tmp_path) as settings:
        open_writer = Writer(settings, "readings")
        yield open_writer
        open_writer.close()


def test_the_token_does_not_travel_with_a_job(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("hush-hush", encoding="utf-8")
    settings = JobSettings.model_validate(
        {
            "kafka_brokers": "",
            "influx_url": "http://127.0.0.1:9",
            "influx_org": "",
            "influx_write_token_file": token,
        }
    )
    assert b"hush-hush" not in pickle.dumps(StoreRows(VITALS_RAW, settings))
    assert settings.influx_token() == "hush-hush"


def test_a_database_that_comes_back_gets_the_batch_once(writer: Writer) -> None:
    Database.answers = [503, 500, 429]
    assert writer.write(["a v=1 1", "b v=2 2"]) == {}
    assert Database.taken == ["a v=1 1", "b v=2 2"]


def test_a_refused_line_is_named_and_the_others_are_written(writer: Writer) -> None:
    lines = [f"good{i} v=1 1" for i in range(20)]
    lines[3] = lines[17] = "bad v=1 1"
    refused = writer.write(lines)
    assert set(refused) == {3, 17}
    assert all(reason.startswith("not_stored") for reason in refused.values())
    assert sorted(Database.taken) == sorted(each for each in lines if "bad" not in each)


def test_what_no_database_takes_costs_a_bounded_number_of_requests(
    writer: Writer,
) -> None:
    lines = [f"bad{i} v=1 1" for i in range(5_000)]
    assert set(writer.write(lines)) == set(range(5_000))
    assert Database.requests <= MOST_REQUESTS + 20
    assert writer.write(["good v=1 1"]) == {}


def test_a_refused_token_is_raised_and_not_blamed_on_a_line(writer: Writer) -> None:
    Database.answers = [401]
    with pytest.raises(ApiException):
        writer.write(["a v=1 1"])


def test_a_database_that_stays_away_is_raised_in_the_end(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = stop_after_delay(0)
    monkeypatch.setattr(Writer._send.retry, "stop", stop)  # noqa: SLF001
    Database.answers = [503] * 50
    with pytest.raises(ApiException):
        writer.write(["a v=1 1"])


def test_an_empty_batch_is_not_sent(writer: Writer) -> None:
    Database.answers = [500]
    assert writer.write([]) == {}
    assert Database.answers == [500]
