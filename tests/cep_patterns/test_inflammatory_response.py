"""Two of the three criteria for five minutes are found, and all three are graver."""

import pytest

from cep_patterns.inflammatory_response import PATTERN
from tests.conftest import Graded

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id | temp |  hr | rr | activity |
    |   0 | warm       | 38.1 |  91 |  - | -        |
    | 150 | warm       |    - |  91 |  - | -        |
    | 300 | warm       |    - |  91 |  - | -        | five minutes
    | 310 | warm       |    - |  90 |  - | -        | over
    |   0 | cold       | 35.9 |   - | 21 | -        |
    | 150 | cold       |    - |   - | 21 | -        |
    | 300 | cold       |    - |   - | 21 | -        |
    |   0 | fast       |    - |  91 | 21 | -        |
    | 150 | fast       |    - |  91 | 21 | -        |
    | 300 | fast       |    - |  91 | 21 | -        |
    |   0 | one        | 38.0 |  91 | 20 | -        |
    | 150 | one        |    - |  91 | 20 | -        |
    | 300 | one        |    - |  91 | 20 | -        |
    |   0 | another    | 36.0 |  90 | 21 | -        |
    | 150 | another    |    - |  90 | 21 | -        |
    | 300 | another    |    - |  90 | 21 | -        |
    |   0 | all        | 38.1 |  91 | 20 | -        |
    |  60 | all        |    - |  91 | 21 | -        | three
    | 210 | all        |    - |  91 | 21 | -        |
    | 360 | all        |    - |  91 | 21 | -        | for five minutes
    | 370 | all        |    - |  91 | 20 | -        | two
    | 420 | all        |    - |  90 | 20 | -        | one
    |   0 | short      | 38.1 |  91 |  - | -        |
    | 150 | short      |    - |  91 |  - | -        |
    | 290 | short      |    - |  91 |  - | -        | 290 s
    | 300 | short      |    - |  90 |  - | -        |
    |   0 | gap        | 38.1 |  91 |  - | -        |
    | 180 | gap        |    - |  91 |  - | -        | the longest
    | 300 | gap        |    - |  91 |  - | -        |
    |   0 | apart      | 38.1 |  91 |  - | -        |
    | 190 | apart      |    - |  91 |  - | -        | a new run
    | 340 | apart      |    - |  91 |  - | -        |
    | 480 | apart      |    - |  91 |  - | -        | 290 s
    |   0 | exercise   | 38.1 | 150 | 30 | exercise |
    | 150 | exercise   |    - | 150 | 30 | exercise |
    | 300 | exercise   |    - | 150 | 30 | exercise |
    | 600 | later      |    - |   - |  - | -        |
    """)
def test_fires_on_two_criteria_and_again_on_three(graded: list[Graded]) -> None:
    assert [(severity, limit, *each) for severity, limit, each in graded] == [
        ("low", 2, "ongoing", "all", 10, None, 3),
        ("low", 2, "ended", "all", 10, 380, None),
        ("medium", 3, "ongoing", "all", 70, None, 3),
        ("medium", 3, "ended", "all", 70, 370, None),
        ("low", 2, "ongoing", "cold", 10, None, 2),
        ("low", 2, "ongoing", "fast", 10, None, 2),
        ("low", 2, "ongoing", "gap", 10, None, 2),
        ("low", 2, "ongoing", "warm", 10, None, 2),
        ("low", 2, "ended", "warm", 10, 310, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "clinical")
