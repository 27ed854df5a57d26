"""No breath with the sensor on is an apnoea; with the sensor off it is nothing."""

import pytest

from cep_patterns.apnoea import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id | respiratory_rate_per_min | signal_quality_pct |
    |  0 | stops      |                        0 |                 50 | just trusted
    |  0 | off        |                        0 |                 49 | just not
    |  0 | unknown    |                        0 |                  - |
    |  0 | pauses     |                        0 |                 90 |
    |  0 | apart      |                        0 |                 90 |
    |  0 | shallow    |                        1 |                 90 | slow
    | 10 | stops      |                        0 |                 90 |
    | 10 | off        |                        0 |                 49 |
    | 10 | unknown    |                        0 |                  - |
    | 10 | pauses     |                        0 |                 90 |
    | 10 | shallow    |                        1 |                 90 |
    | 11 | apart      |                        0 |                 90 | a new run
    | 19 | pauses     |                        0 |                 90 | 1 s missing
    | 20 | stops      |                        0 |                 90 |
    | 20 | off        |                        0 |                 49 |
    | 20 | unknown    |                        0 |                  - |
    | 20 | pauses     |                        4 |                 90 |
    | 20 | shallow    |                        1 |                 90 |
    | 21 | pauses     |                        0 |                 90 |
    | 22 | apart      |                        0 |                 90 |
    | 26 | stops      |                        3 |                 20 | over
    """)
def test_fires_on_a_stop_that_the_sensor_vouches_for(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "stops", 0, None, 0),
        ("ended", "stops", 0, 20, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
