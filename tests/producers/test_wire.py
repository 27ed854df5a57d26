"""Simulated readings become messages of the contract."""

import json

import numpy as np
import pytest

from digital_twin.charted import CHARTS
from digital_twin.sensors import SIGNALS
from digital_twin.ward import Episode, Sent
from producers.contract import TRUTH, VITAL_SIGNS, VITALS
from producers.wire import Encoder

START_MS = 1_750_000_000_000
READING = {
    "heart_rate_bpm": 72,
    "pulse_rate_bpm": 71,
    "spo2_pct": 98,
    "respiratory_rate_per_min": 15,
    "systolic_mmhg": 121,
    "diastolic_mmhg": 79,
    "temperature_c": 36.8,
    "signal_quality_pct": 95,
}


def encoded(chart: float = 0, **changes: float) -> dict[str, object]:
    values = READING | changes
    sent = Sent(
        device=np.array([42]),
        seq=np.array([7]),
        at_s=np.array([1.618]),
        arrives_s=np.array([1.7]),
        values=np.array([[values[signal.name]] for signal in SIGNALS]),
        chart=np.array([int(chart)]),
        damage=np.zeros(1, dtype=np.uint16),
    )
    [(key, value)] = Encoder.of(100, START_MS).vitals(sent)
    assert key == b"patient-00042"
    message: dict[str, object] = json.loads(value)
    return message


def test_a_reading_is_one_message() -> None:
    assert encoded() == READING | {
        "patient_id": "patient-00042",
        "device_id": "device-00042",
        "on_oxygen": False,
        "consciousness": "A",
        "seq": 7,
        "ts_ms": START_MS + 1618,
    }


def test_the_twin_reports_the_vital_signs_of_the_contract() -> None:
    signs = [column.name for column in VITAL_SIGNS]
    assert [s.name for s in SIGNALS] == [*signs, "signal_quality_pct"]


def test_a_message_has_columns_of_the_contract_only() -> None:
    assert set(encoded()) <= {column.name for column in VITALS.columns}
    required = {column.name for column in VITALS.columns if column.required}
    assert required <= set(encoded())


@pytest.mark.parametrize("name", READING)
def test_what_is_not_reported_is_not_in_the_message(name: str) -> None:
    message = encoded(**{name: float("nan")})
    assert name not in message
    assert len(message) == len(encoded()) - 1


@pytest.mark.parametrize("chart", range(len(CHARTS)))
def test_a_chart_is_in_the_message_as_far_as_it_is_known(chart: int) -> None:
    told = {k: v for k, v in CHARTS[chart]._asdict().items() if v is not None}
    assert encoded(chart).items() >= told.items()
    assert ("activity" in encoded(chart)) == ("activity" in told)


def test_whole_numbers_are_written_whole() -> None:
    message = encoded(heart_rate_bpm=612.0, spo2_pct=0.0, temperature_c=37.0)
    assert message["heart_rate_bpm"] == 612
    assert isinstance(message["heart_rate_bpm"], int)
    assert message["spo2_pct"] == 0
    assert message["temperature_c"] == 37.0


def test_an_episode_is_a_message_of_truth() -> None:
    episode = Episode(device=3, kind="tachycardia", onset_s=-1.5, end_s=90.0)
    key, value = Encoder.of(4, START_MS).truth(episode)
    assert key == b"patient-00003"
    message = json.loads(value)
    assert list(message) == [
        column.name for column in TRUTH.columns if column.name != "fails_ms"
    ]
    assert message["onset_ms"] == START_MS - 1500
    assert message["end_ms"] == START_MS + 90_000
