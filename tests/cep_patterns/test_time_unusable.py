"""A device whose times cannot be used is named, and holds nobody else back."""

import pytest

from cep_patterns import desaturation
from cep_patterns.pattern import SLOT_S
from cep_patterns.time_unusable import HOLD_S, PATTERN
from producers.contract import VITALS
from producers.schema import HOUR_MS
from tests.conftest import Found
from tests.streams import EPOCH_MS, Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

HELD_S = HOLD_S + SLOT_S
MISSING = {"ts_ms": None}


def arriving(patient: str, until_s: float, **wrong: object) -> list[Message]:
    """Return a reading each second from 0 on, that arrives when it is true.

    ``wrong`` is what it says of its time from the second slot on.
    """
    return [
        {
            **message(t, patient, spo2_pct=97.0),
            **(wrong if SLOT_S <= t < until_s else {}),
            "arrived_ms": EPOCH_MS + t * 1000,
        }
        for t in range(HELD_S + 3 * SLOT_S)
    ]


def moved(patient: str, by_ms: int) -> list[Message]:
    """Return the same of a device whose clock is off from the second slot on."""
    return [
        {**each, "ts_ms": int(str(each["ts_ms"])) + by_ms * (i >= SLOT_S)}
        for i, each in enumerate(arriving(patient, 0))
    ]


def by_arrival(*streams: list[Message]) -> list[Message]:
    every = [each for stream in streams for each in stream]
    return sorted(every, key=lambda each: int(str(each["arrived_ms"])))


@pytest.mark.stream(
    by_arrival(
        arriving("none", 1e9, **MISSING),
        arriving("text", 1e9, ts_ms="2026-01-01T00:00:00Z"),
        arriving("huge", 1e9, ts_ms=9 * 10**18),
        moved("ahead", 2 * HOUR_MS),
        moved("behind", -40 * 24 * HOUR_MS),
        arriving("right", 0),
    )
)
def test_a_device_whose_times_cannot_be_is_named(found: list[Found]) -> None:
    assert found == [
        ("ongoing", patient, SLOT_S, None, SLOT_S)
        for patient in ("ahead", "behind", "huge", "none", "text")
    ]


@pytest.mark.stream(
    by_arrival(
        arriving("held", HELD_S + 1, **MISSING),
        arriving("almost", HELD_S, **MISSING),
    )
)
def test_it_must_last_for_the_hold_time_and_ends_with_a_right_time(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "held", SLOT_S, None, SLOT_S),
        ("ended", "held", SLOT_S, HELD_S, None),
    ]


@pytest.mark.stream(
    by_arrival(
        moved("just", VITALS.max_ahead_ms),
        moved("ahead", VITALS.max_ahead_ms + 1),
        moved("old", -VITALS.max_age_ms),
        moved("older", -VITALS.max_age_ms - 1),
    )
)
def test_what_the_contract_allows_is_a_time(found: list[Found]) -> None:
    assert {each.patient for each in found} == {"ahead", "older"}


@pytest.mark.pattern(desaturation.PATTERN)
@pytest.mark.stream(
    by_arrival(
        arriving("x", 1e9, **MISSING),
        [{**each, "spo2_pct": 80.0} for each in arriving("control", 0)],
    )
)
def test_others_are_still_found(found: list[Found]) -> None:
    assert found == [("ongoing", "control", 0, None, 80.0)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
