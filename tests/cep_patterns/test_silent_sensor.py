"""The rule fires when a device falls silent, and says when it is heard again."""

import pytest

from cep_patterns.silent_sensor import PATTERN
from tests.conftest import Found
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def heard(patient: str, *times_s: float, **device: str) -> list[Message]:
    """Return a reading at each of those times."""
    return [message(each_s, patient, **device, spo2_pct=97.0) for each_s in times_s]


@pytest.mark.in_time(
    heard("steady", *range(0, 135, 5)),
    heard("silent", 0, 5, 9.9, 50, 55, 119),
    heard("near", 0, 39.9, 69, 99, 119),
    heard("just", 0, 40, 69, 99, 119),
    heard("shared", *range(0, 120, 5), device_id="ear"),
    heard("shared", 0, 50, 79, 109, device_id="finger"),
)
def test_fires_after_three_empty_slots_and_ends_with_the_next_reading(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "just", 10, None, None),
        ("ended", "just", 10, 40, None),
        ("ongoing", "shared", 10, None, None),
        ("ended", "shared", 10, 50, None),
        ("ongoing", "silent", 10, None, None),
        ("ended", "silent", 10, 50, None),
        ("ongoing", "silent", 60, None, None),
        ("ended", "silent", 60, 110, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
