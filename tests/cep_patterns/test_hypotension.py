"""Two low pressures in a row are found, however many readings lie between."""

import pytest

from cep_patterns.hypotension import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |    t | patient_id | systolic_mmhg | heart_rate_bpm |
    |    0 | twice      |            90 |              - | the bound itself
    |    0 | between    |            85 |              - |
    |    0 | higher     |            91 |              - |
    |    0 | again      |            80 |              - |
    |    0 | apart      |            80 |              - |
    |    0 | minute     |            80 |              - |
    |    0 | hour       |            75 |              - |
    |    1 | twice      |             - |             70 | says nothing of pressure
    |   59 | again      |            80 |              - | too soon
    |    0 | sparse     |           120 |              - |
    |   60 | minute     |            80 |              - | just late enough
    |  300 | twice      |            85 |              - |
    |  300 | between    |            95 |              - |
    |  300 | higher     |            91 |              - |
    |  300 | again      |            95 |              - |
    |  600 | between    |            85 |              - |
    |  900 | twice      |           100 |              - | over
    |  900 | sparse     |            85 |              - |
    | 1800 | sparse     |            80 |              - | a quarter of an hour later
    | 3600 | hour       |            75 |              - | just soon enough
    | 3601 | apart      |            80 |              - | more than an hour
    """)
def test_fires_on_the_second_low_measurement_in_a_row(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "hour", 0, None, 75),
        ("ongoing", "minute", 0, None, 80),
        ("ongoing", "sparse", 900, None, 80),
        ("ongoing", "twice", 0, None, 85),
        ("ended", "twice", 0, 300, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
