"""A heart that stands still is found only where nothing contradicts it."""

import pytest

from cep_patterns.pulse_loss import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    | t | patient_id | heart_rate_bpm | pulse_rate_bpm | spo2_pct | signal_quality_pct |
    | 0 | arrest     |              0 |              - |        0 |                 90 |
    | 0 | no-probe   |              0 |              - |        - |                 50 |
    | 0 | lead-off   |              0 |             72 |        - |                 90 |
    | 0 | saturated  |              0 |              - |       97 |                 90 |
    | 0 | no-signal  |              0 |              - |        - |                 49 |
    | 0 | unknown    |              0 |              - |        - |                  - |
    | 0 | pause      |              0 |              - |        - |                 90 |
    | 4 | pause      |              0 |              - |        - |                 90 |
    | 5 | arrest     |              0 |              0 |        0 |                 90 |
    | 5 | no-probe   |              0 |              - |        - |                 90 |
    | 5 | lead-off   |              0 |             72 |        - |                 90 |
    | 5 | saturated  |              0 |              - |       97 |                 90 |
    | 5 | no-signal  |              0 |              - |        - |                 49 |
    | 5 | unknown    |              0 |              - |        - |                  - |
    | 5 | pause      |             30 |              - |        - |                 90 |
    | 8 | no-probe   |              0 |             40 |        - |                 90 |
    """)
def test_fires_where_signal_beat_and_pulse_agree(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "arrest", 0, None, 0),
        ("ongoing", "no-probe", 0, None, 0),
        ("ended", "no-probe", 0, 5, None),
    ]


@pytest.mark.stream("""
    |  t | patient_id | heart_rate_bpm | signal_quality_pct |
    |  0 | edge       |              0 |                 90 |
    |  0 | apart      |              0 |                 90 |
    |  0 | slow       |              1 |                 90 | a beat a minute
    |  5 | slow       |              1 |                 90 |
    | 10 | edge       |              0 |                 90 | one run
    | 11 | apart      |              0 |                 90 | two runs
    """)
def test_a_beat_is_a_beat_and_ten_seconds_are_no_gap(found: list[Found]) -> None:
    assert [each.patient for each in found] == ["edge"]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
