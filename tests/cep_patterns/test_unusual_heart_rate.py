"""A heart rate far from what is usual at that hour is found, however normal it is."""

import pytest

from cep_patterns.unusual_heart_rate import PATTERN
from tests.conftest import Found
from tests.streams import EPOCH_MS, Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


TEN_MINUTES = (0, 150, 300, 450, 600)


def usual(
    patient: str,
    median: float = 60.0,
    spread: float = 5.0,
    *,
    learned_s: int = -3600,
    **other: object,
) -> Message:
    """Return what was learned of a patient's heart rate in the hour of the tests."""
    return {
        "patient_id": patient,
        "sign_name": "heart_rate_bpm",
        "hour_of_day": 0,
        "median": median,
        "spread": spread,
        "learned_ms": EPOCH_MS + learned_s * 1000,
        **other,
    }


def rates(
    patient: str, *levels: float, at: tuple[int, ...] = TEN_MINUTES, **also: object
) -> list[Message]:
    """Return readings at these times; of one level, all have it."""
    each = levels if len(levels) > 1 else levels * len(at)
    return [
        message(t, patient, heart_rate_bpm=level, **also)
        for t, level in zip(at, each, strict=True)
    ]


LATER = [message(1500, "later")]
NAMES = (
    *("high", "near", "low", "steady", "steady-near"),
    *("short", "gap", "apart", "exercise"),
)


@pytest.mark.in_time(
    rates("high", 90, 95, 90, 90, 90, 89, at=(*TEN_MINUTES, 660)),
    rates("near", 90),
    rates("low", 30),
    rates("steady", 78),
    rates("steady-near", 77),
    rates("short", 90, 90, 90, 90, 90, 89, at=(0, 150, 300, 450, 590, 600)),
    rates("gap", 90, at=(0, 180, 360, 540, 600)),
    rates("apart", 90, at=(0, 190, 370, 550, 720, 780)),
    rates("exercise", 150, activity="exercise"),
    LATER,
)
@pytest.mark.baselines(
    *map(usual, NAMES),
    usual("near", median=60.05, learned_s=-1800),
    usual("steady", spread=0, learned_s=-1800),
    usual("steady-near", spread=2.9, learned_s=-1800),
)
def test_fires_once_on_a_rate_that_stays_far_from_usual(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "gap", 10, None, 6),
        ("ongoing", "high", 10, None, 7),
        ("ended", "high", 10, 610, None),
        ("ongoing", "low", 10, None, 6),
        ("ongoing", "steady", 10, None, 6),
    ]


@pytest.mark.in_time(
    rates("stranger", 150),
    rates("other-hour", 150),
    rates("other-sign", 150),
    rates("learned", 90, at=(0, 150, 300, 450, 600, 750, 900)),
    rates("tomorrow", 90),
    LATER,
)
@pytest.mark.baselines(
    usual("other-hour", hour_of_day=1),
    usual("other-sign", sign_name="pulse_rate_bpm"),
    usual("learned", median=90),
    usual("learned", learned_s=300),
    usual("tomorrow", learned_s=86_400),
)
def test_is_found_only_by_what_is_known_of_that_hour_by_then(
    found: list[Found],
) -> None:
    assert found == [("ongoing", "learned", 310, None, 6)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "clinical")
