"""A rise by 3 within an hour is found; a slow or an uncertain one is not."""

import pytest

from cep_patterns.news2_rise import PATTERN
from tests.conftest import Found
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


WELL = {
    "respiratory_rate_per_min": 16.0,
    "spo2_pct": 97.0,
    "on_oxygen": False,
    "systolic_mmhg": 120.0,
    "heart_rate_bpm": 70.0,
    "consciousness": "A",
    "temperature_c": 37.0,
}


def well(*patients: str, but: str = "") -> list[Message]:
    """Return a reading of each at 0 s, of no points, complete but for one sign."""
    signs = {name: value for name, value in WELL.items() if name != but}
    return [message(0, patient, **signs) for patient in patients]


NAMES = ("rises", "two", "short", "gap", "apart", "hour", "slow")


@pytest.mark.in_time(
    [*well(*NAMES), *well("maybe", but="spo2_pct")],
    """
    |    t | patient_id | rr | spo2 |
    |   60 | rises      | 25 |    - | 3
    |  120 | rises      | 25 |   95 | 4
    |  130 | rises      | 16 |    - | 1: over
    |   60 | two        | 21 |    - | 2
    |  120 | two        | 21 |    - |
    |  180 | two        | 21 |    - |
    |   60 | short      | 25 |    - |
    |  110 | short      |  - |   95 | 50 s
    |  120 | short      | 16 |    - |
    |   60 | gap        | 25 |    - |
    |  240 | gap        | 25 |    - | the longest
    |   60 | apart      | 25 |    - |
    |  250 | apart      | 25 |    - | a new run
    |  300 | apart      | 25 |   95 | 50 s
    |   60 | maybe      | 25 |    - | 3, and before 0 to 3
    |  120 | maybe      | 25 |    - |
    | 3540 | hour       | 25 |   97 | 3
    | 3600 | hour       | 25 |   97 | an hour after 0
    | 3610 | hour       | 25 |   95 | 4, an hour after 3
    | 3000 | slow       | 21 |   97 | 2
    | 3620 | slow       | 25 |   97 | 3, an hour after 2
    | 3680 | slow       | 25 |   97 |
    | 3800 | later      |  - |    - |
    """,
)
def test_fires_on_three_points_more_within_an_hour(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "gap", 70, None, 3),
        ("ongoing", "hour", 3550, None, 3),
        ("ended", "hour", 3550, 3610, None),
        ("ongoing", "rises", 70, None, 4),
        ("ended", "rises", 70, 130, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
