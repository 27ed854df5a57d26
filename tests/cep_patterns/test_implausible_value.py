"""What no patient can have is a technical condition, and no patient's alarm."""

import pytest

from cep_patterns.implausible_value import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    | t | patient_id | heart_rate_bpm | spo2_pct | temperature_c |
    | 0 | broken     |            612 |       97 |            37 |
    | 0 | just       |            300 |      100 |            37 |
    | 0 | fine       |            299 |      100 |            49 |
    | 0 | probe-off  |             72 |        0 |            37 |
    | 0 | glitch     |            612 |       97 |            37 |
    | 2 | glitch     |             72 |       97 |            37 |
    | 5 | broken     |            612 |      101 |            10 | three values now
    | 5 | just       |            300 |      100 |            37 |
    | 5 | fine       |            299 |      100 |            49 |
    | 5 | probe-off  |             72 |        0 |            37 |
    | 5 | glitch     |            612 |       97 |            37 |
    """)
def test_fires_on_a_held_fault_only(found: list[Found]) -> None:
    assert [(each.patient, each.observed) for each in found] == [
        ("broken", 3),
        ("just", 1),
    ]


@pytest.mark.stream("""
    |  t | patient_id | heart_rate_bpm |
    |  0 | short      |            612 |
    |  0 | edge       |            612 |
    |  0 | apart      |            612 |
    |  4 | short      |            612 | one second missing
    |  5 | short      |             72 |
    | 10 | edge       |            612 | one run
    | 11 | apart      |            612 | two runs
    """)
def test_five_seconds_are_enough_and_ten_are_no_gap(found: list[Found]) -> None:
    assert [each.patient for each in found] == ["edge"]


@pytest.mark.stream("""
    | t | patient_id | heart_rate_bpm | signal_quality_pct |
    | 0 | beyond     |              0 |                140 | pulse_loss cannot tell
    | 0 | below      |             72 |                 -5 |
    | 0 | whole      |             72 |                100 |
    | 0 | none       |             72 |                  0 |
    | 5 | beyond     |              0 |                140 |
    | 5 | below      |             72 |                 -5 |
    | 5 | whole      |             72 |                100 |
    | 5 | none       |             72 |                  0 |
    """)
def test_a_quality_that_cannot_be_is_named(found: list[Found]) -> None:
    assert [each.patient for each in found] == ["below", "beyond"]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
