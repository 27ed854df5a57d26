"""A severe pressure that lasts is found; sooner with a dull mind or a lost pulse."""

import pytest

from cep_patterns.stroke_risk import PATTERN
from tests.conftest import Graded

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def brief(found: list[Graded]) -> list[tuple[object, ...]]:
    return [(severity, *each) for severity, _, each in found]


@pytest.mark.in_time("""
    |   t | patient_id | sbp | activity |
    |   0 | held       | 180 | -        |
    | 150 | held       | 200 | -        |
    | 300 | held       | 180 | -        |
    | 450 | held       | 180 | -        |
    | 600 | held       | 180 | -        | ten minutes
    | 660 | held       | 179 | -        | over
    |   0 | lower      | 179 | -        |
    | 150 | lower      | 179 | -        |
    | 300 | lower      | 179 | -        |
    | 450 | lower      | 179 | -        |
    | 600 | lower      | 179 | -        |
    |   0 | short      | 180 | -        |
    | 150 | short      | 180 | -        |
    | 300 | short      | 180 | -        |
    | 450 | short      | 180 | -        |
    | 590 | short      | 180 | -        | 590 s
    | 600 | short      | 100 | -        |
    |   0 | gap        | 180 | -        |
    | 180 | gap        |   - | -        | the longest, thrice
    | 360 | gap        |   - | -        |
    | 540 | gap        |   - | -        |
    | 600 | gap        |   - | -        |
    |   0 | apart      | 180 | -        |
    | 190 | apart      |   - | -        | a new run
    | 370 | apart      |   - | -        |
    | 550 | apart      |   - | -        |
    | 720 | apart      |   - | -        |
    | 780 | apart      |   - | -        | 590 s
    |   0 | exercise   | 200 | exercise |
    | 150 | exercise   | 200 | exercise |
    | 300 | exercise   | 200 | exercise |
    | 450 | exercise   | 200 | exercise |
    | 600 | exercise   | 200 | exercise |
    | 900 | later      |   - | -        |
    """)
def test_fires_after_ten_minutes_of_pressure_alone(graded: list[Graded]) -> None:
    assert brief(graded) == [
        ("medium", "ongoing", "gap", 10, None, 180),
        ("medium", "ongoing", "held", 10, None, 200),
        ("medium", "ended", "held", 10, 610, None),
    ]


@pytest.mark.in_time("""
    |    t | patient_id | sbp | acvpu | hr | pulse |
    |    0 | dull       | 120 | A     |  - |     - |
    |   60 | dull       | 180 | C     |  - |     - |
    |  180 | dull       | 180 | C     |  - |     - | two minutes
    |  240 | dull       | 180 | A     |  - |     - | over
    |    0 | duller     | 180 | C     |  - |     - |
    |   60 | duller     | 180 | V     |  - |     - |
    |  180 | duller     | 180 | V     |  - |     - |
    |    0 | same       | 180 | C     |  - |     - | as dull all along
    |  120 | same       | 180 | C     |  - |     - |
    |    0 | wakes      | 180 | U     |  - |     - |
    |   60 | wakes      | 180 | C     |  - |     - |
    |  180 | wakes      | 180 | C     |  - |     - |
    |    0 | lower      | 120 | A     |  - |     - |
    |   60 | lower      | 179 | C     |  - |     - |
    |  180 | lower      | 179 | C     |  - |     - |
    |    0 | hour       | 120 | A     |  - |     - |
    | 3480 | hour       | 180 | C     |  - |     - |
    | 3600 | hour       | 180 | C     |  - |     - | an hour after A
    | 3610 | hour       | 220 | C     |  - |     - | and longer
    |    0 | deficit    | 180 | -     | 90 |    80 |
    |  120 | deficit    | 180 | -     | 90 |    80 |
    |    0 | nine       | 180 | -     | 90 |    81 |
    |  120 | nine       | 180 | -     | 90 |    81 |
    |    0 | short      | 180 | -     | 90 |    80 |
    |  110 | short      | 180 | -     | 90 |    80 | 110 s
    |  120 | short      | 180 | -     | 80 |    80 |
    |    0 | either     | 180 | A     | 90 |    80 |
    |   60 | either     | 180 | C     | 90 |    90 | one, then the other
    |  120 | either     | 180 | C     | 90 |    90 | two minutes
    |  180 | either     | 180 | A     | 90 |    80 | one again
    |  240 | either     | 180 | A     | 90 |    90 | over
    | 3800 | later      |   - | -     |  - |     - |
    """)
def test_is_grave_after_two_minutes_with_a_sign_of_the_brain_or_the_pulse(
    graded: list[Graded],
) -> None:
    assert brief(graded) == [
        ("high", "ongoing", "deficit", 10, None, 180),
        ("high", "ongoing", "dull", 70, None, 180),
        ("high", "ended", "dull", 70, 190, None),
        ("high", "ongoing", "duller", 70, None, 180),
        ("high", "ongoing", "either", 10, None, 180),
        ("high", "ended", "either", 10, 190, None),
        ("high", "ongoing", "hour", 3490, None, 180),
        ("high", "ended", "hour", 3490, 3610, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
