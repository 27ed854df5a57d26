"""A zero that says "not on the patient" is a technical condition."""

import pytest

from cep_patterns.sensor_off import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    | t | patient_id | heart_rate_bpm | pulse_rate_bpm | spo2_pct | signal_quality_pct |
    | 0 | lead-off   |              0 |             72 |       97 |                 90 |
    | 0 | probe-off  |             72 |              - |        0 |                 90 |
    | 0 | untrusted  |              0 |              - |        - |                 10 |
    | 0 | arrest     |              0 |              - |        - |                 90 |
    | 0 | broken     |            612 |             72 |       97 |                 90 |
    | 0 | glitch     |             72 |              - |        0 |                 90 |
    | 2 | glitch     |             72 |             72 |       97 |                 90 |
    | 5 | lead-off   |              0 |             72 |        0 |                 90 |
    | 5 | probe-off  |             72 |              - |        0 |                 90 |
    | 5 | untrusted  |              0 |              - |        - |                 10 |
    | 5 | arrest     |              0 |              - |        - |                 90 |
    | 5 | broken     |            612 |             72 |       97 |                 90 |
    | 5 | glitch     |             72 |              - |        0 |                 90 |
    """)
def test_fires_on_a_held_zero_only(found: list[Found]) -> None:
    assert [(each.patient, each.observed) for each in found] == [
        ("lead-off", 2),
        ("probe-off", 1),
        ("untrusted", 1),
    ]


@pytest.mark.stream("""
    |  t | patient_id | spo2_pct |
    |  0 | short      |        0 |
    |  0 | edge       |        0 |
    |  0 | apart      |        0 |
    |  4 | short      |        0 | one second missing
    |  5 | short      |       97 |
    | 10 | edge       |        0 | one run
    | 11 | apart      |        0 | two runs
    """)
def test_five_seconds_are_enough_and_ten_are_no_gap(found: list[Found]) -> None:
    assert [each.patient for each in found] == ["edge"]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
