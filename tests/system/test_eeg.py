"""A seizure goes through broker, cluster and database, beside wrong messages."""

import os
from collections.abc import Iterator
from typing import Final

import numpy as np
import orjson
import pytest

from digital_twin import eeg as twin
from digital_twin.brain.plan import by_second
from digital_twin.brain.scalp import ELECTRODES
from digital_twin.brain.seizures import Seizure
from eeg.packets import encoded, quantised
from jobs.measurements import EEG_CHANNELS, EEG_SCORED
from producers.contract import EEG, EEG_SCORES
from stack import flink_jobs
from stack.flink_run import Cluster
from stack.servers import find
from tests.streams import Message
from tests.ward import Raw, Ward, eventually

pytestmark = pytest.mark.system

NAME: Final = "score-eeg"
LENGTH_S: Final = 160
ONSET_S: Final = 40
END_S: Final = 90
UV_PER_COUNT: Final = 0.1
SEIZES: Final = "eeg-seizes"
LOOSE: Final = "eeg-loose"
WRONG: Final[dict[str, Message]] = {
    "wrong_base64": {"samples": "?"},
    "wrong_length": {"samples": "AAAA"},
    "wrong_channels": {"channels": []},
    "implausible rate_hz": {"rate_hz": 0},
    "missing device_id": {"device_id": None},
    "absurd_time ts_ms": {"ts_ms": -1},
}
"""What makes a message unusable, by how the reason begins; the last says no time."""


@pytest.fixture(scope="module")
def restarts(ward: Ward) -> dict[str, int]:
    """Start the job anew; return how often each job had to, before any message."""
    _restart(ward)
    return ward.restarts()


@pytest.fixture(scope="module", autouse=True)
def begin_ms(ward: Ward, restarts: dict[str, int]) -> int:
    """Play a seizure, electrodes that are all off, and a fast heart; return when."""
    assert restarts[NAME] == 0
    begin_ms = ward.begin_ms(length_s=LENGTH_S)
    seconds = [*_seconds(begin_ms)]
    *wrong, without_time = (
        {**seconds[0], "patient_id": "eeg-wrong", **w} for w in WRONG.values()
    )
    flat = encoded(np.zeros((len(ELECTRODES), twin.RATE_HZ), np.int16)).decode()
    loose = [{**each, "patient_id": LOOSE, "samples": flat} for each in seconds]
    vitals = [_fast_heart(begin_ms + t * 1000) for t in range(LENGTH_S)]
    ward.let_eeg_pass(begin_ms - 60_000)
    ward.publish(map(_raw, [*wrong, *seconds, *loose]), EEG)
    ward.publish([("eeg-wrong", b"\x00")], EEG)
    ward.publish(map(_raw, vitals))
    ward.let_time_pass(begin_ms + (LENGTH_S + 100) * 1000)
    ward.let_eeg_pass(begin_ms + (LENGTH_S + 100) * 1000)
    # Last: it moves event time to now, and all others are of the past.
    ward.publish([_raw(without_time)], EEG)
    return begin_ms


def _restart(ward: Ward) -> None:
    """Start the job anew: one that has heard no EEG for long waits for none.

    Here a seizure is of the past, and heart rates would leave it behind.
    """
    cluster = Cluster(ward.settings, find(ward.settings, os.environ), os.environ)
    flink_jobs.cancel(cluster, ["score_eeg"])
    assert flink_jobs.submit(cluster, ["score_eeg"], fresh=True) == [NAME]


def _seconds(begin_ms: int) -> Iterator[Message]:
    onsets = by_second([Seizure(0, ONSET_S, END_S)], LENGTH_S)
    played = twin.play(0, 1, twin.Setting(seed=1, artefacts=0), onsets)
    for t, second in enumerate(played):
        counts = quantised(second.samples_uv[0], UV_PER_COUNT)
        yield _message(SEIZES, begin_ms + t * 1000, encoded(counts).decode())


def _message(patient: str, ts_ms: int, samples: str) -> Message:
    return {
        "ts_ms": ts_ms,
        "patient_id": patient,
        "device_id": f"{patient}-amplifier",
        "rate_hz": float(twin.RATE_HZ),
        "channels": list(ELECTRODES),
        "uv_per_count": UV_PER_COUNT,
        "samples": samples,
    }


def _fast_heart(ts_ms: int) -> Message:
    names = {"patient_id": SEIZES, "device_id": f"{SEIZES}-monitor"}
    return {"ts_ms": ts_ms, **names, "heart_rate_bpm": 120.0}


def _raw(message: Message) -> Raw:
    return str(message["patient_id"]), orjson.dumps(message)


def _found(ward: Ward, patient: str, begin_ms: int) -> dict[str, tuple[str, float]]:
    """Return of each pattern the phases said, and when it began, in seconds."""
    found: dict[str, tuple[str, float]] = {}
    for match in ward.matches({patient}):
        before, _ = found.get(match.pattern, ("", 0.0))
        began_s = (match.started_ms - begin_ms) / 1000
        found[match.pattern] = f"{before} {match.phase}".strip(), began_s
    return found


def test_a_seizure_is_found_soon_and_its_end(ward: Ward, begin_ms: int) -> None:
    names = {"seizure_suspected", "seizure_with_tachycardia"}
    eventually(lambda: names & set(_found(ward, SEIZES, begin_ms)), names)
    for name in names:
        _, began_s = _found(ward, SEIZES, begin_ms)[name]
        assert ONSET_S < began_s <= ONSET_S + 25


def test_what_cannot_be_judged_is_said_to_be_so(ward: Ward, begin_ms: int) -> None:
    eventually(
        lambda: _found(ward, LOOSE, begin_ms),
        {"eeg_unusable": ("ongoing", 1.0)},
    )


def test_each_second_is_said_once_and_stored(ward: Ward, begin_ms: int) -> None:
    times = {begin_ms + t * 1000 for t in range(1, LENGTH_S + 1)}
    eventually(lambda: _said(ward, SEIZES), sorted(times))
    stored = {(SEIZES, ts_ms) for ts_ms in times}
    eventually(lambda: set(ward.points(EEG_SCORED, SEIZES, ["seizing"])), stored)
    seen = ward.points(EEG_SCORED, SEIZES, ["probability"])
    assert len(seen) == LENGTH_S - 3
    each = ward.points(EEG_CHANNELS, SEIZES, ["amplitude_uv"], channel="Cz")
    assert len(each) == LENGTH_S // 4 - (begin_ms // 1000 % 4 != 0)
    qualities = ward.points(EEG_CHANNELS, LOOSE, ["quality"], channel="Cz")
    assert {str(point["quality"]) for point in qualities.values()} == {"flat"}


def _said(ward: Ward, patient: str) -> list[int]:
    messages = (orjson.loads(record.value) for record in ward.read(EEG_SCORES))
    return sorted(m["ts_ms"] for m in messages if m["patient_id"] == patient)


def test_what_is_wrong_is_kept_and_stops_nothing(
    ward: Ward, restarts: dict[str, int]
) -> None:
    def kept() -> set[str]:
        mine = (h for _, h in ward.rejected() if h["source_topic"] == EEG.name)
        return {each["reason"].split(":")[0] for each in mine}

    eventually(lambda: set(WRONG) | {"not_json"} <= kept(), expected=True)
    assert ward.restarts() == restarts
