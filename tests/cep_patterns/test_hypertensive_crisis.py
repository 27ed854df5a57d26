"""Two very high pressures in a row are found, but not in exercise."""

import pytest

from cep_patterns.hypertensive_crisis import PATTERN
from tests.conftest import Detect

pytestmark = pytest.mark.flink


def test_fires_on_the_second_high_measurement_at_rest(detect: Detect) -> None:
    stream = """
    |    t | patient_id | systolic_mmhg | activity |
    |    0 | twice      |           180 | -        | the bound itself
    |    0 | lower      |           179 | -        |
    |    0 | exercise   |           200 | exercise |
    |    0 | apart      |           200 | -        |
    |   60 | twice      |           210 | rest     | at least a minute apart
    |   60 | lower      |           179 | -        |
    |   60 | exercise   |           200 | exercise |
    |  120 | twice      |           170 | -        | over
    | 3601 | apart      |           200 | -        | more than an hour
    """
    assert detect(PATTERN, stream) == [
        ("ongoing", "twice", 0, None, 210),
        ("ended", "twice", 0, 60, None),
    ]
