"""The rule fires on a held low saturation, seen through gaps, loss and disorder."""

import pytest

from cep_patterns.desaturation import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id | spo2_pct | heart_rate_bpm |
    |  0 | held       |     89.9 | 80 | just below the bound
    |  0 | near       |       90 | 80 | the bound itself is fine
    |  0 | probe-off  |        0 | 80 | no patient's number
    |  0 | sparse     |       85 | 80 |
    |  0 | apart      |       85 | 80 |
    |  0 | too-short  |       85 | 80 |
    |  5 | sparse     |        - | 80 | says nothing about oxygen
    | 10 | held       |       84 | 80 |
    | 10 | near       |       90 | 80 |
    | 10 | probe-off  |        0 | 80 |
    | 10 | sparse     |       85 | 80 |
    | 10 | too-short  |       85 | 80 |
    | 11 | apart      |       85 | 80 | a new run
    | 20 | held       |       86 | 80 |
    | 20 | near       |       90 | 80 |
    | 20 | probe-off  |        0 | 80 |
    | 20 | sparse     |       85 | 80 |
    | 20 | too-short  |       85 | 80 |
    | 22 | apart      |       85 | 80 |
    | 29 | too-short  |       85 | 80 | one second missing
    | 30 | held       |       89 | 80 |
    | 30 | near       |       90 | 80 |
    | 30 | probe-off  |        0 | 80 |
    | 30 | sparse     |       85 | 80 |
    | 33 | apart      |       85 | 80 |
    """)
def test_fires_on_a_held_low_only(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "held", 0, None, 84),
        ("ongoing", "sparse", 0, None, 85),
    ]


@pytest.mark.stream("""
    |    t | patient_id | spo2_pct |
    |    0 | late       |       85 |
    |   10 | late       |       85 |
    | 20.0 | other      |       97 |
    | 21.4 | other      |       97 |
    |   20 | late       |       85 | 1.4 s late, 1.5 s allowed
    |   30 | late       |       85 |
    """)
def test_a_reading_that_arrives_late_still_counts(found: list[Found]) -> None:
    assert found == [("ongoing", "late", 0, None, 85)]


@pytest.mark.stream("""
    |    t | patient_id | spo2_pct |
    |    0 | lost       |       85 |
    |   10 | lost       |       85 |
    | 21.6 | other      |       97 |
    |   20 | lost       |       85 | 1.6 s late: not used, so a gap of 20 s
    |   30 | lost       |       85 |
    """)
def test_a_reading_that_arrives_too_late_does_not(found: list[Found]) -> None:
    assert found == []


@pytest.mark.stream("""
    |  t | patient_id | spo2_pct |
    |  0 | overtaken  |       97 |
    | 11 | overtaken  |       97 | arrives before the reading it follows
    | 10 | overtaken  |       85 |
    | 12 | overtaken  |       85 |
    | 20 | overtaken  |       85 |
    | 30 | overtaken  |       85 |
    | 40 | overtaken  |       85 | 30 s after 10, but only 28 s after 12
    """)
def test_an_overtaking_calm_reading_cuts_the_run(found: list[Found]) -> None:
    assert found == []


@pytest.mark.stream("""
    |  t | patient_id | device_id | spo2_pct |
    |  0 | two        | ear       |       97 |
    |  0 | two        | finger    |       85 |
    | 10 | two        | ear       |       97 |
    | 10 | two        | finger    |       85 |
    | 20 | two        | ear       |       97 |
    | 20 | two        | finger    |       85 |
    | 30 | two        | ear       |       97 |
    | 30 | two        | finger    |       85 |
    """)
def test_two_devices_of_a_patient_are_watched_apart(found: list[Found]) -> None:
    assert found == [("ongoing", "two", 0, None, 85)]


@pytest.mark.stream("""
    |  t | patient_id | device_id | spo2_pct |
    |  0 | agree      | ear       |       85 |
    |  0 | cut        | finger    |       85 |
    |  0 | twice      | ear       |       85 |
    |  1 | agree      | finger    |       85 |
    | 10 | agree      | ear       |       85 |
    | 10 | cut        | finger    |       85 |
    | 10 | twice      | ear       |       85 |
    | 11 | agree      | finger    |       85 |
    | 11 | cut        | ear       |       97 |
    | 12 | cut        | ear       |       97 |
    | 13 | cut        | ear       |       97 |
    | 15 | cut        | finger    |       97 | cuts its own run
    | 16 | cut        | ear       |       97 |
    | 20 | agree      | ear       |       85 |
    | 20 | cut        | finger    |       85 |
    | 20 | twice      | ear       |       85 |
    | 21 | agree      | finger    |       85 |
    | 30 | agree      | ear       |       85 |
    | 30 | cut        | finger    |       85 |
    | 30 | twice      | ear       |       85 |
    | 31 | agree      | finger    |       85 |
    | 35 | agree      | ear       |       97 |
    | 36 | agree      | finger    |       97 |
    | 41 | twice      | ear       |       85 | after 11 s: another episode
    | 51 | twice      | ear       |       85 |
    | 61 | twice      | ear       |       85 |
    | 71 | twice      | ear       |       85 |
    | 75 | twice      | ear       |       97 |
    """)
def test_episodes_are_kept_apart_by_device_and_by_gap(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "agree", 0, None, 85),
        ("ended", "agree", 0, 30, None),
        ("ongoing", "agree", 1, None, 85),
        ("ended", "agree", 1, 31, None),
        ("ongoing", "twice", 0, None, 85),
        ("ended", "twice", 0, 30, None),
        ("ongoing", "twice", 41, None, 85),
        ("ended", "twice", 41, 71, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
