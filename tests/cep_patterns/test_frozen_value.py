"""A monitor that repeats itself is found, a patient who lies still is not."""

import pytest

from cep_patterns.frozen_value import HOLD_S, PATTERN
from cep_patterns.pattern import SLOT_S
from tests.conftest import Found
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

SIGNS = {"heart_rate_bpm": 72.0, "spo2_pct": 97.0, "respiratory_rate_per_min": 14.0}


def sampled(
    patient: str, last_s: int, lost: range = range(0), **changed_at: int
) -> list[Message]:
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
        if t not in lost
    ]


HELD_S = HOLD_S + SLOT_S


@pytest.mark.in_time(
    sampled("still", HELD_S + 60),
    sampled("moves", HELD_S + 60, heart_rate_bpm=HELD_S + SLOT_S),
    sampled("moved", HELD_S + 60, heart_rate_bpm=HELD_S),
)
def test_fires_when_all_signs_stand_still_for_the_hold_time(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "moves", SLOT_S, None, 3),
        ("ended", "moves", SLOT_S, HELD_S, None),
        ("ongoing", "still", SLOT_S, None, 3),
    ]


@pytest.mark.stream(
    [
        message(t, "few", heart_rate_bpm=60.0, spo2_pct=97.0)
        for t in range(0, 2 * HOLD_S, 5)
    ]
)
def test_two_signs_that_stand_still_are_a_patient_who_lies_still(
    found: list[Found],
) -> None:
    assert found == []


@pytest.mark.in_time(
    sampled("two", HELD_S),
    [{**m, "device_id": "b"} for m in sampled("two", HELD_S, heart_rate_bpm=0)],
)
def test_each_device_is_compared_with_itself(found: list[Found]) -> None:
    assert found == [("ongoing", "two", SLOT_S, None, 3)] * 2


@pytest.mark.in_time(
    sampled("a-slot", HELD_S, range(100, 110)),
    sampled("two-slots", HELD_S, range(100, 120)),
)
def test_an_empty_slot_is_no_gap_and_two_are(found: list[Found]) -> None:
    assert found == [("ongoing", "a-slot", SLOT_S, None, 3)]


@pytest.mark.in_time(
    sampled("gap", HOLD_S - SLOT_S),
    [message(HOLD_S + 60 + t, "gap", **SIGNS) for t in range(0, HOLD_S - 20, 5)],
)
def test_a_silence_ends_what_stood_still(found: list[Found]) -> None:
    assert found == []


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
