"""The rule fires on a held low saturation, seen through gaps, loss and disorder."""

import pytest

from cep_patterns.desaturation import PATTERN
from tests.conftest import Detect

pytestmark = pytest.mark.flink


def test_fires_on_a_held_low_only(detect: Detect) -> None:
    stream = """
    |  t | patient_id | spo2_pct | heart_rate_bpm |
    |  0 | held       |     89.9 | 80 | just below the bound
    |  0 | near       |       90 | 80 | the bound itself is fine
    |  0 | probe-off  |        0 | 80 | no patient's number
    |  0 | sparse     |       85 | 80 |
    |  5 | sparse     |        - | 80 | says nothing about oxygen
    | 10 | held       |       84 | 80 |
    | 10 | near       |       90 | 80 |
    | 10 | probe-off  |        0 | 80 |
    | 10 | sparse     |       85 | 80 |
    | 20 | held       |       86 | 80 |
    | 20 | near       |       90 | 80 |
    | 20 | probe-off  |        0 | 80 |
    | 20 | sparse     |       85 | 80 |
    | 30 | held       |       89 | 80 |
    | 30 | near       |       90 | 80 |
    | 30 | probe-off  |        0 | 80 |
    | 30 | sparse     |       85 | 80 |
    """
    assert detect(PATTERN, stream) == [
        ("ongoing", "held", 0, None, 84),
        ("ongoing", "sparse", 0, None, 85),
    ]


def test_a_reading_that_arrives_late_still_counts(detect: Detect) -> None:
    stream = """
    |    t | patient_id | spo2_pct |
    |    0 | late       |       85 |
    |   10 | late       |       85 |
    | 20.0 | other      |       97 |
    | 21.4 | other      |       97 |
    |   20 | late       |       85 | 1.4 s late, 1.5 s allowed
    |   30 | late       |       85 |
    """
    assert detect(PATTERN, stream) == [("ongoing", "late", 0, None, 85)]


def test_a_reading_that_arrives_too_late_does_not(detect: Detect) -> None:
    stream = """
    |    t | patient_id | spo2_pct |
    |    0 | lost       |       85 |
    |   10 | lost       |       85 |
    | 21.6 | other      |       97 |
    |   20 | lost       |       85 | 1.6 s late: not used, so a gap of 20 s
    |   30 | lost       |       85 |
    """
    assert detect(PATTERN, stream) == []


def test_an_overtaking_calm_reading_cuts_the_run(detect: Detect) -> None:
    stream = """
    |  t | patient_id | spo2_pct |
    |  0 | overtaken  |       97 |
    | 11 | overtaken  |       97 | arrives before the reading it follows
    | 10 | overtaken  |       85 |
    | 12 | overtaken  |       85 |
    | 20 | overtaken  |       85 |
    | 30 | overtaken  |       85 |
    | 40 | overtaken  |       85 | 30 s after 10, but only 28 s after 12
    """
    assert detect(PATTERN, stream) == []


def test_two_devices_of_a_patient_are_watched_apart(detect: Detect) -> None:
    stream = """
    |  t | patient_id | device_id | spo2_pct |
    |  0 | two        | ear       |       97 |
    |  0 | two        | finger    |       85 |
    | 10 | two        | ear       |       97 |
    | 10 | two        | finger    |       85 |
    | 20 | two        | ear       |       97 |
    | 20 | two        | finger    |       85 |
    | 30 | two        | ear       |       97 |
    | 30 | two        | finger    |       85 |
    """
    assert detect(PATTERN, stream) == [("ongoing", "two", 0, None, 85)]
