"""A monitor that repeats itself is found, a patient who lies still is not."""

import pytest

from cep_patterns.frozen_value import HOLD_S, PATTERN
from cep_patterns.pattern import SLOT_S
from tests.conftest import Detect
from tests.streams import Message, in_time, message

pytestmark = pytest.mark.flink

SIGNS = {"heart_rate_bpm": 72.0, "spo2_pct": 97.0, "respiratory_rate_per_min": 14.0}


def sampled(patient: str, last_s: int, **changed_at: int) -> list[Message]:
    """Return a reading every 5 s, the same but for a sign that changes once."""
    return [
        message(
            t,
            patient,
            **{
                name: level + (name in changed_at and t >= changed_at[name])
                for name, level in SIGNS.items()
            },
        )
        for t in range(0, last_s + 1, 5)
    ]


def test_fires_when_all_signs_stand_still_for_the_hold_time(detect: Detect) -> None:
    held = HOLD_S + SLOT_S
    stream = sampled("still", held + 60)
    stream += sampled("moves", held + 60, heart_rate_bpm=held + SLOT_S)
    stream += sampled("moved", held + 60, heart_rate_bpm=held)
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "moves", SLOT_S, None, 3),
        ("ended", "moves", SLOT_S, held, None),
        ("ongoing", "still", SLOT_S, None, 3),
    ]


def test_two_signs_that_stand_still_are_a_patient_who_lies_still(
    detect: Detect,
) -> None:
    stream = [
        message(t, "few", heart_rate_bpm=60.0, spo2_pct=97.0)
        for t in range(0, 2 * HOLD_S, 5)
    ]
    assert detect(PATTERN, in_time(stream)) == []


def test_a_silence_ends_what_stood_still(detect: Detect) -> None:
    early = sampled("gap", HOLD_S - SLOT_S)
    later = [message(HOLD_S + 60 + t, "gap", **SIGNS) for t in range(0, HOLD_S - 20, 5)]
    assert detect(PATTERN, early + later) == []
