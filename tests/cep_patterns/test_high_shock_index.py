"""A rate above the pressure for five minutes is found, but not in exercise."""

import pytest

from cep_patterns.high_shock_index import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id |    hr |  sbp | activity |
    |   0 | held       |   101 |  100 | -        |
    | 150 | held       |   120 |    - | rest     |
    | 300 | held       |   101 |    - | moving   | five minutes
    | 310 | held       |   100 |    - | -        | over
    |   0 | equal      |   100 |  100 | -        |
    | 150 | equal      |   100 |    - | -        |
    | 300 | equal      |   100 |    - | -        |
    |   0 | rounds     | 100.4 | 99.5 | -        | 100 of 100
    | 150 | rounds     | 100.4 |    - | -        |
    | 300 | rounds     | 100.4 |    - | -        |
    |   0 | short      |   101 |  100 | -        |
    | 150 | short      |   101 |    - | -        |
    | 290 | short      |   101 |    - | -        | 290 s
    | 300 | short      |   100 |    - | -        |
    |   0 | gap        |   101 |  100 | -        |
    | 180 | gap        |   101 |    - | -        | the longest
    | 300 | gap        |   101 |    - | -        |
    |   0 | apart      |   101 |  100 | -        |
    | 190 | apart      |   101 |    - | -        | a new run
    | 340 | apart      |   101 |    - | -        |
    | 480 | apart      |   101 |    - | -        | 290 s
    |   0 | no-rate    |     - |   60 | -        |
    | 150 | no-rate    |     - |   60 | -        |
    | 300 | no-rate    |     - |   60 | -        |
    | 600 | later      |     - |    - | -        |
    """)
def test_fires_once_on_a_ratio_that_stays_above_one(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "gap", 10, None, 1.01),
        ("ongoing", "held", 10, None, 1.2),
        ("ended", "held", 10, 310, None),
    ]


@pytest.mark.in_time("""
    |     t | patient_id |  hr | sbp | activity |
    |    10 | busy       | 150 | 100 | exercise |
    |    60 | busy       | 150 |   - | -        | 60 s before 70
    |   210 | busy       | 150 |   - | -        |
    |   360 | busy       | 150 |   - | -        |
    | 9.999 | rests      | 150 | 100 | exercise |
    |    60 | rests      | 150 |   - | -        |
    |   210 | rests      | 150 |   - | -        |
    |   360 | rests      | 150 |   - | -        |
    |   600 | later      |   - |   - | -        |
    """)
def test_exercise_counts_for_a_minute_after_it_was_last_seen(
    found: list[Found],
) -> None:
    assert found == [("ongoing", "rests", 70, None, 1.5)]


@pytest.mark.in_time("""
    |     t | patient_id | device_id |  hr | sbp |
    |     0 | old        | cuff      |   - | 100 |
    | 14090 | old        | ecg       | 101 |   - |
    | 14240 | old        | ecg       | 101 |   - |
    | 14390 | old        | ecg       | 101 |   - | four hours
    |     0 | too-old    | cuff      |   - | 100 |
    | 14100 | too-old    | ecg       | 101 |   - |
    | 14250 | too-old    | ecg       | 101 |   - |
    | 14400 | too-old    | ecg       | 101 |   - |
    | 14600 | later      | ecg       |   - |   - |
    """)
def test_a_pressure_counts_for_four_hours_on_whatever_device(
    found: list[Found],
) -> None:
    assert found == [("ongoing", "old", 14_100, None, 1.01)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
