"""The rule fires on a held rate, and on nothing that only looks like one."""

import pytest

from cep_patterns.sustained_tachycardia import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id  | heart_rate_bpm |
    |  0 | held        |            130 | one below the bound
    |  0 | on-and-off  |            150 |
    |  0 | silent      |            140 |
    |  0 | too-short   |            140 |
    |  0 | broken-lead |            300 | no heart has this rate
    | 10 | held        |            131 | the bound itself counts
    | 10 | on-and-off  |            150 |
    | 10 | silent      |            140 |
    | 10 | too-short   |            140 |
    | 10 | broken-lead |            300 |
    | 20 | held        |            145 |
    | 20 | on-and-off  |            130 | run broken
    | 20 | too-short   |            140 |
    | 20 | broken-lead |            300 |
    | 21 | silent      |            140 | 11 s of silence: a new run
    | 29 | too-short   |            140 | one second missing
    | 30 | held        |            140 |
    | 30 | on-and-off  |            150 |
    | 30 | broken-lead |            300 |
    | 31 | silent      |            140 |
    | 33 | too-short   |            100 |
    | 40 | held        |            139 | 30 s after the first fast reading
    | 40 | on-and-off  |            150 |
    | 40 | silent      |            140 |
    | 40 | broken-lead |            300 |
    | 45 | held        |            135 | the same episode
    | 50 | held        |            130 | over
    """)
def test_fires_once_on_a_held_rate_only(found: list[Found]) -> None:
    """Each patient is one case."""
    assert found == [
        ("ongoing", "held", 10, None, 145),
        ("ended", "held", 10, 45, None),
    ]


@pytest.mark.stream("""
    |  t | patient_id | heart_rate_bpm | activity |
    |  0 | exact      |            140 | -        |
    |  0 | exercise   |            140 | exercise |
    | 10 | exact      |            140 | rest     |
    | 10 | exercise   |            140 | exercise |
    | 20 | exact      |            140 | -        |
    | 20 | exercise   |            140 | exercise |
    | 30 | exact      |            140 | -        |
    | 30 | exercise   |            140 | exercise |
    """)
def test_thirty_seconds_are_enough_and_exercise_is_no_cause(found: list[Found]) -> None:
    assert found == [("ongoing", "exact", 0, None, 140)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
