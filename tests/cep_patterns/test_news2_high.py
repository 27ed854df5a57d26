"""A score of 7 that lasts a minute is found, whatever of it is missing."""

import pytest

from cep_patterns.news2_high import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id | rr | spo2 |  hr |
    |   0 | held       | 25 |   91 |  91 | 3+3+1
    |  60 | held       |  - |    - | 111 | 8
    |  70 | held       |  - |    - |  90 | over
    |   0 | six        | 25 |   91 |  90 |
    |  60 | six        | 25 |   91 |  90 |
    | 120 | six        | 25 |   91 |  90 |
    |   0 | short      | 25 |   91 |  91 |
    |  50 | short      |  - |    - | 111 | 50 s
    |  60 | short      |  - |    - |  90 |
    |   0 | maybe      | 25 |   91 |   - | 6 to 9
    |  60 | maybe      | 25 |   91 |   - |
    | 120 | maybe      | 25 |   91 |   - |
    |   0 | gap        | 25 |   91 |  91 |
    | 180 | gap        | 25 |   91 |  91 | the longest
    |   0 | apart      | 25 |   91 |  91 |
    | 190 | apart      | 25 |   91 |  91 | a new run
    | 240 | apart      | 25 |   94 | 131 | 50 s
    | 400 | later      |  - |    - |   - |
    """)
def test_fires_once_on_a_score_that_stays_high(found: list[Found]) -> None:
    """What arrives in a slot of 10 s counts from its end: 0 s counts at 10 s."""
    assert found == [
        ("ongoing", "gap", 10, None, 7),
        ("ongoing", "held", 10, None, 8),
        ("ended", "held", 10, 70, None),
    ]


@pytest.mark.in_time("""
    |   t | patient_id | device_id | rr | spo2 |  hr |
    |   0 | two        | ecg       |  - |    - |  91 |
    |   1 | two        | oximeter  | 25 |   91 |   - |
    |  60 | two        | oximeter  | 25 |   91 |   - |
    |   0 | aged       | one       | 25 |   93 | 111 |
    |  60 | aged       | one       | 25 |   93 |   - |
    | 200 | aged       | one       | 25 |   93 |   - |
    | 290 | aged       | one       | 25 |   93 |   - | 300 s old
    | 300 | aged       | one       | 25 |   93 |   - | 310 s old
    | 320 | aged       | one       | 25 |   93 |   - |
    | 400 | later      | one       |  - |    - |   - |
    """)
def test_is_about_what_is_known_of_the_patient(found: list[Found]) -> None:
    """Whatever the device; a rate counts for five minutes and not for longer."""
    assert found == [
        ("ongoing", "aged", 10, None, 7),
        ("ended", "aged", 10, 300, None),
        ("ongoing", "two", 10, None, 7),
    ]


@pytest.mark.stream("""
    |    t | patient_id | rr | spo2 | hr |
    |    0 | late       | 25 |   91 | 91 |
    |    0 | lost       | 25 |   91 | 91 |
    | 71.4 | other      | 16 |   97 | 70 |
    |   70 | late       | 25 |   91 | 91 | 1.4 s late
    | 71.9 | other      | 16 |   97 | 70 |
    | 70.3 | lost       | 25 |   91 | 91 | 1.6 s late
    |  200 | later      |  - |    - |  - |
    """)
def test_a_reading_may_come_late_but_not_too_late(found: list[Found]) -> None:
    assert found == [("ongoing", "late", 10, None, 7)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
