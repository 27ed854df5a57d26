"""Breathing that stays slow is found; a zero is not slow breathing."""

import pytest

from cep_patterns.bradypnoea import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id | respiratory_rate_per_min |
    |  0 | held       |                        8 | the bound itself
    |  0 | faster     |                        9 |
    |  0 | off        |                        0 |
    |  0 | too-short  |                        6 |
    |  0 | apart      |                        6 |
    | 10 | held       |                        5 |
    | 10 | faster     |                        9 |
    | 10 | off        |                        0 |
    | 10 | too-short  |                        6 |
    | 11 | apart      |                        6 | a new run
    | 20 | held       |                        7 |
    | 20 | faster     |                        9 |
    | 20 | off        |                        0 |
    | 20 | too-short  |                        6 |
    | 22 | apart      |                        6 |
    | 29 | too-short  |                        6 | one second missing
    | 30 | held       |                        8 |
    | 30 | faster     |                        9 |
    | 30 | off        |                        0 |
    | 31 | too-short  |                       12 |
    | 33 | apart      |                        6 |
    | 35 | held       |                        9 | over
    """)
def test_fires_once_on_held_slow_breathing(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "held", 0, None, 5),
        ("ended", "held", 0, 30, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
