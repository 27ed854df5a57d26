"""Recorded EEG is played from now on, a message a second, in order."""

import itertools
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eeg.recording import Recording, Seizure
from producers.eeg_timeline import batches, players
from producers.outgoing import Batch
from producers.pacing import head_start_s, quicker
from producers.recordings import RecordingError
from tests.producers.eeg_recordings import recording, samples_uv

START_MS = 1_750_000_000_000


def played(*recordings: Recording, loop: bool = False, count: int = 99) -> list[Batch]:
    of = batches(players(recordings), START_MS, loop=loop)
    return list(itertools.islice(of, count))


def parsed(found: list[Batch]) -> list[dict[str, Any]]:
    return [orjson.loads(value) for batch in found for _, value in batch.eeg]


def times_s(found: list[Batch]) -> list[float]:
    return [(message["ts_ms"] - START_MS) / 1000 for message in parsed(found)]


def test_a_second_goes_out_when_it_is_over() -> None:
    found = played(recording(n_samples=300))
    assert times_s(found) == [0, 1, 2]
    assert [batch.at_s for batch in found] == [1, 2, 3]


def test_patients_are_merged_in_time_and_named_after_their_files() -> None:
    found = played(recording("Pat_1", n_samples=200), recording("Z001", n_samples=200))
    assert [len(batch.eeg) for batch in found] == [2, 2]
    assert [key for key, _ in found[0].eeg] == [b"pat-1", b"z001"]


@given(n_samples=st.integers(100, 700), count=st.integers(1, 30))
def test_a_loop_goes_on_with_the_next_second(n_samples: int, count: int) -> None:
    found = played(recording(n_samples=n_samples), loop=True, count=count)
    assert times_s(found) == list(range(count))
    assert [message["seq"] for message in parsed(found)] == list(range(count))
    lap = n_samples // 100
    samples = [samples_uv(each) for batch in found for each in batch.eeg]
    for one, again in zip(samples, samples[lap:], strict=False):
        np.testing.assert_array_equal(one, again)


def test_a_gap_stays_a_gap() -> None:
    parts = recording(n_samples=200), recording(n_samples=250, begins_s=7.3)
    found = played(*parts, loop=True, count=6)
    assert times_s(found) == [0, 1, 7.3, 8.3, 10, 11]


def test_two_recordings_of_a_patient_at_a_time_are_refused() -> None:
    with pytest.raises(RecordingError, match="p: two recordings at a time"):
        players([recording(n_samples=300), recording(n_samples=300, begins_s=2.0)])


def test_a_seizure_that_the_file_names_is_told_in_each_lap() -> None:
    ill = recording(n_samples=500, seizures=(Seizure(1.5, 3.25),))
    found = played(ill, loop=True, count=13)
    told = [
        (batch.at_s, key, orjson.loads(v)) for batch in found for key, v in batch.truth
    ]
    assert [(at_s, key) for at_s, key, _ in told] == [(1.5, b"p"), (6.5, b"p")]
    assert told[1][2] == {
        "patient_id": "p",
        "device_id": "p-eeg",
        "episode": "seizure",
        "onset_ms": START_MS + 6500,
        "end_ms": START_MS + 8250,
    }


def test_the_same_recordings_give_the_same_bytes() -> None:
    assert played(recording(), loop=True) == played(recording(), loop=True)


@pytest.mark.parametrize(
    ("speed", "head_start"), [(0.5, 0.0), (1.0, 0.0), (2.0, 30.0), (60.0, 59.0)]
)
def test_what_is_quicker_ends_now_and_outruns_nothing(
    speed: float, head_start: float
) -> None:
    assert head_start_s(60.0, speed) == head_start
    [batch] = quicker([Batch(60.0)], speed)
    assert batch.at_s == 60.0 / speed
    assert 60.0 - head_start <= batch.at_s
