"""A desaturation that lasts is found at two minutes, the signal lost or not."""

import pytest

from cep_patterns.unrecovered_desaturation import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |   t | patient_id | spo2_pct |
    |   0 | low        |       89 |
    |   0 | recovers   |       80 |
    |   0 | lost       |       85 |
    |   0 | gone       |       85 |
    |   0 | short      |       85 |
    |  60 | low        |       85 |
    |  60 | recovers   |       80 |
    |  60 | lost       |        0 | the probe is off: no recovery
    |  60 | short      |       85 |
    | 110 | recovers   |       90 |
    | 119 | low        |       89 | not yet
    | 119 | short      |       85 | one second missing
    | 120 | lost       |       85 | after 120 s without a value
    | 120 | recovers   |       80 |
    | 120 | low        |       88 |
    | 120 | short      |       95 |
    | 121 | gone       |       85 | after more than that: a new run
    | 130 | low        |       90 |
    | 130 | recovers   |       80 |
    """)
def test_fires_unless_a_good_reading_comes_within_two_minutes(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "lost", 0, None, 85),
        ("ongoing", "low", 0, None, 85),
        ("ended", "low", 0, 120, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
