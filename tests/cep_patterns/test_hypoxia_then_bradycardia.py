"""A slow heart is found where hypoxia came first, on whatever device."""

import pytest

from cep_patterns.hypoxia_then_bradycardia import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |   t | patient_id  | device_id | spo2_pct | heart_rate_bpm |
    |   0 | follows     | one       |       84 |             60 |
    |   0 | two-devices | oximeter  |       84 |              - |
    |   0 | too-late    | one       |       84 |             60 |
    |   0 | mild        | one       |       85 |             60 | the bound is fine
    |   0 | slow-before | one       |       95 |             50 |
    |   0 | too-short   | one       |       84 |             60 |
    |   0 | apart       | one       |       84 |             60 |
    |   5 | slow-before | one       |       84 |             50 |
    |  10 | slow-before | one       |       84 |             50 |
    |  15 | slow-before | one       |       84 |             50 |
    |  50 | apart       | one       |       95 |             45 |
    |  55 | mild        | one       |       95 |             50 |
    |  60 | follows     | one       |       95 |             50 | within a minute
    |  60 | two-devices | ecg       |        - |             45 |
    |  60 | too-short   | one       |       95 |             40 |
    |  61 | too-late    | one       |       95 |             50 |
    |  61 | apart       | one       |       95 |             45 | a new run
    |  65 | mild        | one       |       95 |             50 |
    |  69 | too-short   | one       |       95 |             40 |
    |  70 | follows     | one       |       95 |             42 | 10 s slow
    |  70 | two-devices | ecg       |        - |             50 |
    |  71 | too-late    | one       |       95 |             50 |
    |  72 | too-short   | one       |       95 |             51 |
    |  75 | follows     | one       |       95 |             55 | over
    """)
def test_fires_where_a_slow_rate_follows_hypoxia(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "follows", 60, None, 42),
        ("ended", "follows", 60, 70, None),
        ("ongoing", "two-devices", 60, None, 45),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
