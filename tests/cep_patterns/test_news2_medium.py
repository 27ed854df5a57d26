"""A score of 5 that lasts a minute is found, and one that moves above it."""

import pytest

from cep_patterns.news2_medium import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id | rr | spo2 |  hr |
    |   0 | held       | 25 |   93 |   - | 3+2
    |  60 | held       | 25 |   93 |   - |
    |  70 | held       | 25 |   94 |   - | over
    |   0 | four       | 25 |   94 |  90 |
    |  60 | four       | 25 |   94 |  90 |
    | 120 | four       | 25 |   94 |  90 |
    |   0 | short      | 25 |   93 |  90 |
    |  50 | short      |  - |    - |  91 | 50 s
    |  60 | short      |  - |   96 |  90 |
    |   0 | maybe      |  - |   93 | 111 | 4 to 7
    |  60 | maybe      |  - |   93 | 111 |
    | 120 | maybe      |  - |   93 | 111 |
    |   0 | gap        | 25 |   93 |   - |
    | 180 | gap        | 25 |   93 |   - | the longest
    |   0 | apart      | 25 |   93 |   - |
    | 190 | apart      | 25 |   93 |   - | a new run
    | 240 | apart      | 25 |   91 |   - | 50 s
    |   0 | flickers   | 25 |   91 |   - | 6
    |  50 | flickers   |  - |    - |  91 | 7
    | 100 | flickers   |  - |    - |  90 | 6
    | 150 | flickers   |  - |    - |  91 | 7
    | 400 | later      |  - |    - |   - |
    """)
def test_fires_once_on_a_score_that_stays_up(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "flickers", 10, None, 7),
        ("ongoing", "gap", 10, None, 5),
        ("ongoing", "held", 10, None, 5),
        ("ended", "held", 10, 70, None),
    ]


@pytest.mark.in_time("""
    |     t | patient_id | acvpu | on_oxygen |
    |     0 | spot       | C     | yes       | 3+2
    | 14330 | spot       | -     | -         |
    | 14390 | spot       | -     | -         | four hours old
    | 14400 | spot       | -     | -         | and older
    |     0 | air        | C     | no        |
    |    60 | air        | C     | no        |
    | 14500 | later      | -     | -         |
    """)
def test_what_a_nurse_saw_counts_for_four_hours(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "spot", 14_340, None, 5),
        ("ended", "spot", 14_340, 14_400, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
