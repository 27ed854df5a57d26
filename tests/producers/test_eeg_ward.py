"""A fleet's EEG: the same patients, the same seizures, a message a second each."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import pytest

from digital_twin.brain.artefact_kinds import KINDS as ARTEFACTS
from digital_twin.kinds import SEIZURE
from digital_twin.scenarios import SCENARIOS
from eeg.electrodes import TEN_TWENTY
from producers.arrivals import Fleet
from producers.arrivals import batches as vitals_batches
from producers.contract import EEG, TRUTH
from producers.eeg_ward import batches, with_eeg
from producers.outgoing import Batch, Message
from tests.producers.eeg_recordings import samples_uv

START_MS = 1_750_000_000_000


def fleet(scenario: str = "demo", devices: int = 60, rate_hz: float = 1.0) -> Fleet:
    return Fleet(
        devices=devices,
        rate_hz=rate_hz,
        seed=1,
        scenario=SCENARIOS[scenario],
        start_ms=START_MS,
    )


def until(played: Iterator[Batch], seconds: float) -> list[Batch]:
    return list(itertools.takewhile(lambda batch: batch.at_s <= seconds, played))


def eeg(played: list[Batch]) -> list[Message]:
    return [message for batch in played for message in batch.eeg]


def told(played: list[Batch]) -> list[dict[str, Any]]:
    return [orjson.loads(value) for batch in played for _, value in batch.truth]


def test_each_patient_sends_a_second_a_second() -> None:
    played = until(batches(fleet(), 40), 6.0)
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, value in eeg(played):
        message = orjson.loads(value)
        assert key == message["patient_id"].encode()
        of[message["patient_id"]].append(message)
    assert sorted(of) == [f"patient-{i:05d}" for i in range(40)]
    for messages in of.values():
        assert len(messages) >= 5
        assert [each["seq"] for each in messages] == list(range(len(messages)))
        assert set(np.diff([each["ts_ms"] for each in messages]).tolist()) == {1000}


def test_a_message_is_of_the_contract_and_of_nineteen_electrodes() -> None:
    [first, *_] = eeg(until(batches(fleet(), 1), 2.0))
    message = orjson.loads(first[1])
    assert list(message) == [column.name for column in EEG.columns]
    assert tuple(message["channels"]) == TEN_TWENTY
    assert message["device_id"] == "eeg-00000"
    assert samples_uv(first).shape == (19, 256)
    assert 3 < samples_uv(first).std() < 100


def test_a_second_goes_out_when_it_is_over_and_not_with_all_others() -> None:
    played = until(batches(fleet(), 60), 3.0)
    for batch in played:
        for _, value in batch.eeg:
            over_s = (orjson.loads(value)["ts_ms"] - START_MS) / 1000 + 1.0
            assert batch.at_s == pytest.approx(over_s, abs=1e-6)
    assert max(len(batch.eeg) for batch in played) == 32
    times_s = [batch.at_s for batch in played]
    assert times_s == sorted(times_s)


def test_the_same_fleet_gives_the_same_bytes() -> None:
    one, other = (until(batches(fleet(), 3), 5.0) for _ in range(2))
    assert one == other


def test_a_part_more_changes_nothing_for_the_others() -> None:
    few, many = (until(batches(fleet(), n), 4.0) for n in (32, 40))
    assert set(eeg(few)) <= set(eeg(many))


@pytest.mark.parametrize("rate_hz", [1.0, 0.1])
def test_the_seizures_are_those_of_the_fleet(rate_hz: float) -> None:
    of = fleet(rate_hz=rate_hz)
    truth = told(until(with_eeg(vitals_batches(of), of, 4), 125.0))
    seizures = [each for each in truth if each["episode"] == SEIZURE.name]
    assert [each["patient_id"] for each in seizures] == [
        "patient-00000",
        "patient-00001",
    ]
    assert all(START_MS < each["onset_ms"] < START_MS + 120_000 for each in seizures)
    messages = eeg(until(batches(of, 4), 125.0))
    for each in seizures:
        own = {
            ts_ms: uv
            for who, ts_ms, uv in loudest(messages)
            if who == each["patient_id"]
        }
        onset_ms, end_ms = each["onset_ms"], each["end_ms"]
        within = [
            uv for ms, uv in own.items() if onset_ms + 15_000 <= ms < end_ms - 1000
        ]
        before = [uv for ms, uv in own.items() if ms < onset_ms - 1000]
        assert np.median(within) > 2 * np.median(before)


def loudest(messages: list[Message]) -> Iterator[tuple[str, int, float]]:
    """Yield patient, time and the greatest spread of any electrode."""
    for message in messages:
        value = orjson.loads(message[1])
        spread_uv = float(samples_uv(message).std(axis=1).max())
        yield value["patient_id"], value["ts_ms"], spread_uv


def test_a_seizures_heart_races_in_the_same_patients_vitals() -> None:
    played = until(with_eeg(vitals_batches(fleet()), fleet(), 1), 80.0)
    [seizure] = [each for each in told(played) if each["episode"] == SEIZURE.name]
    readings = [orjson.loads(value) for batch in played for _, value in batch.vitals]
    during = [
        each["heart_rate_bpm"]
        for each in readings
        if each["patient_id"] == seizure["patient_id"]
        and seizure["onset_ms"] + 12_000 <= each["ts_ms"] < seizure["end_ms"] - 12_000
    ]
    assert min(during) >= 131


def test_artefacts_are_told_with_the_device_that_sees_them() -> None:
    truth = told(until(batches(fleet("calm"), 32), 60.0))
    kinds = Counter(each["episode"] for each in truth)
    assert set(kinds) <= {kind.name for kind in ARTEFACTS}
    assert kinds["blink"] > 10
    for each in truth:
        assert list(each) == [
            column.name for column in TRUTH.columns if column.name != "fails_ms"
        ]
        assert each["device_id"].removeprefix("eeg-") in each["patient_id"]


def test_without_eeg_there_are_only_vitals() -> None:
    of = fleet()
    assert until(with_eeg(vitals_batches(of), of, 0), 5.0) == until(
        vitals_batches(of), 5.0
    )
