"""What is wrong with a message of EEG is said, down to its samples."""

import json

import numpy as np
import pandas as pd
import pytest

from eeg.packets import encoded
from jobs.eeg_judging import JudgePackets
from tests.jobs.eeg_seconds import second
from tests.streams import EPOCH_MS

ARRIVED = pd.Timestamp(EPOCH_MS + 1_000, unit="ms")


def judged(*payloads: bytes | None) -> list[str | None]:
    """Return what is said of ``payloads``, which arrive a second after the epoch."""
    arrived = pd.Series([ARRIVED] * len(payloads))
    return list(JudgePackets().eval(pd.Series(payloads, dtype=object), arrived))


def changed(**changes: object) -> bytes:
    return json.dumps({**second(0), **changes}).encode()


def test_a_good_second_is_nothing_to_speak_of() -> None:
    assert judged(changed(), changed(seq=7, reference="average")) == [None, None]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (None, "not_json"),
        (b"\x00\x01", "not_json"),
        (changed(samples=None), "missing samples"),
        (changed(samples="?" * 8), "wrong_base64"),
        (changed(samples="AAA"), "wrong_base64"),
        (changed(samples="AAAA"), "wrong_length"),
        (changed(rate_hz=0.0, samples="AAAA"), "implausible rate_hz"),
        (changed(rate_hz="fast", samples="AAAA"), "wrong_type rate_hz"),
        (changed(rate_hz=256.0, samples="AAAA"), "wrong_length"),
        (changed(uv_per_count=0.0), "implausible uv_per_count"),
        (changed(channels=[]), "wrong_channels"),
        (changed(channels=["Cz", "Cz", "O2"]), "wrong_channels"),
        (changed(channels=["Cz", None, "O2"]), "wrong_type channels"),
        (changed(ts_ms=0), "absurd_time"),
        (changed(ts_ms=EPOCH_MS + 62_000), "absurd_time"),
        (changed(patient_id=""), "length patient_id"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_said(payload: bytes | None, reason: str) -> None:
    [said] = judged(payload)
    assert said
    assert said.startswith(reason)


def test_a_second_may_have_a_sample_more_or_less_at_a_broken_rate() -> None:
    for n_samples, fine in ((172, False), (173, True), (174, True), (175, False)):
        samples = encoded(np.zeros((3, n_samples), np.int16)).decode()
        [said] = judged(changed(rate_hz=173.61, samples=samples))
        assert (said is None) is fine
