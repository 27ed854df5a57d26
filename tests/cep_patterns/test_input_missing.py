"""A sign that was there and stays away is found, until it seems meant."""

import pytest

from cep_patterns.input_missing import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |     t | patient_id | hr | spo2 | rr | temp |
    |     0 | lost       | 72 |   97 | 14 |    - |
    |    60 | lost       |  - |   97 | 14 |    - | lost at 70
    |   120 | lost       |  - |   97 | 14 |    - |
    |   180 | lost       | 72 |   97 | 14 |    - | back
    |     0 | oxygen     | 72 |   97 | 14 |    - |
    |    60 | oxygen     | 72 |    - | 14 |    - |
    |   120 | oxygen     | 72 |    - | 14 |    - |
    |     0 | all        | 72 |   97 | 14 |    - |
    |    60 | all        |  - |    - | 14 |   37 |
    |   120 | all        |  - |    - |  - |   37 |
    |   180 | all        |  - |    - |  - |   37 |
    | 9.999 | just       | 72 |   97 |  - |    - |
    |    60 | just       |  - |   97 |  - |    - | 60.001 s old
    |   120 | just       |  - |   97 |  - |    - |
    |    10 | just-not   | 72 |   97 |  - |    - |
    |    60 | just-not   |  - |   97 |  - |    - | 60 s old
    |   120 | just-not   |  - |   97 |  - |    - |
    |     0 | half       | 72 |   97 |  - |   37 |
    |    60 | half       |  - |   97 |  - |   37 |
    |    90 | half       |  - |   97 |  - | 38.1 | 30 s
    |   100 | half       | 91 |   97 |  - |    - |
    |     0 | short      | 72 |   97 |  - |   37 |
    |    60 | short      |  - |   97 |  - |   37 |
    |    80 | short      |  - |   97 |  - | 38.1 | 20 s
    |    90 | short      | 91 |   97 |  - |    - |
    |     0 | never      |  - |   97 |  - |   37 |
    |    60 | never      |  - |   97 |  - |   37 |
    |   120 | never      |  - |   97 |  - |   37 |
    |     0 | gap        | 72 |    - |  - |    - |
    |    60 | gap        |  - |    - |  - |   37 |
    |   240 | gap        |  - |    - |  - |   37 | the longest
    |     0 | apart      | 72 |    - |  - |    - |
    |    60 | apart      |  - |    - |  - |   37 |
    |   250 | apart      |  - |    - |  - |   37 | a new run
    |   270 | apart      |  - |    - |  - | 38.1 | 20 s
    |     0 | silent     | 72 |   97 | 14 |   37 |
    |   600 | later      |  - |    - |  - |    - |
    """)
def test_fires_on_a_sign_that_was_there_and_stays_away(found: list[Found]) -> None:
    """Within a minute, a row is seen where the points of a score change."""
    assert found == [
        ("ongoing", "all", 70, None, 3),
        ("ongoing", "gap", 70, None, 1),
        ("ongoing", "half", 70, None, 1),
        ("ended", "half", 70, 100, None),
        ("ongoing", "just", 70, None, 1),
        ("ongoing", "lost", 70, None, 1),
        ("ended", "lost", 70, 130, None),
        ("ongoing", "oxygen", 70, None, 1),
    ]


@pytest.mark.in_time("""
    |     t | patient_id | device_id | hr | spo2 |
    |    10 | given-up   | ecg       | 72 |    - |
    |  3540 | given-up   | oximeter  |  - |   97 |
    |  3600 | given-up   | oximeter  |  - |   97 | an hour old
    |  3660 | given-up   | oximeter  |  - |   97 | over
    | 9.999 | sooner     | ecg       | 72 |    - |
    |  3540 | sooner     | oximeter  |  - |   97 |
    |  3600 | sooner     | oximeter  |  - |   97 | more than an hour
    |  3700 | later      | ecg       |  - |    - |
    """)
def test_a_sign_that_is_away_for_an_hour_seems_meant_to_be(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "given-up", 3550, None, 1),
        ("ended", "given-up", 3550, 3610, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
