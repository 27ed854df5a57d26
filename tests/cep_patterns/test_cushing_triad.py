"""Pressure up, heart slow and breathing slow are found together, and not by two."""

import pytest

from cep_patterns.cushing_triad import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id | sbp | hr | rr |
    |   0 | held       | 160 | 60 | 10 |
    |  60 | held       | 175 | 50 |  9 |
    | 120 | held       | 170 | 60 | 10 | two minutes
    | 180 | held       | 170 | 61 | 10 | over
    |   0 | pressure   | 159 | 60 | 10 |
    |  60 | pressure   | 159 | 60 | 10 |
    | 120 | pressure   | 159 | 60 | 10 |
    |   0 | heart      | 160 | 61 | 10 |
    |  60 | heart      | 160 | 61 | 10 |
    | 120 | heart      | 160 | 61 | 10 |
    |   0 | breaths    | 160 | 60 | 11 |
    |  60 | breaths    | 160 | 60 | 11 |
    | 120 | breaths    | 160 | 60 | 11 |
    |   0 | missing    | 160 |  - | 10 |
    |  60 | missing    | 160 |  - | 10 |
    | 120 | missing    | 160 |  - | 10 |
    |   0 | short      | 160 | 60 | 10 |
    |  60 | short      | 160 | 60 | 10 |
    | 110 | short      | 160 | 60 |  8 | 110 s
    | 120 | short      | 159 | 60 | 10 |
    |   0 | gap        | 160 | 60 | 10 |
    | 180 | gap        |   - |  - |  - | the longest
    |   0 | apart      | 160 | 60 | 10 |
    | 190 | apart      |   - |  - |  - | a new run
    | 290 | apart      |   - | 60 |  8 | 100 s
    | 600 | later      |   - |  - |  - |
    """)
def test_fires_once_while_all_three_last(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "gap", 10, None, 160),
        ("ongoing", "held", 10, None, 175),
        ("ended", "held", 10, 130, None),
    ]


@pytest.mark.in_time("""
    |   t | patient_id | device_id | sbp | hr | rr |
    |   0 | three      | ecg       |   - | 60 |  - |
    | 170 | three      | cuff      | 160 |  - |  - |
    | 171 | three      | belt      |   - |  - | 10 |
    | 290 | three      | belt      |   - |  - | 10 | 300 s old
    | 300 | three      | belt      |   - |  - | 10 | 310 s old
    | 600 | later      | ecg       |   - |  - |  - |
    """)
def test_each_sign_may_come_from_a_device_of_its_own_until_it_is_too_old(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "three", 180, None, 160),
        ("ended", "three", 180, 300, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
