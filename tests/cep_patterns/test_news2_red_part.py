"""One sign at 3 points for a minute is found, whichever it is."""

import pytest

from cep_patterns.news2_red_part import PATTERN
from tests.conftest import Found
from tests.streams import message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |   t | patient_id | rr | spo2 |  hr |
    |   0 | held       |  8 |   97 |  70 |
    |  60 | held       |  8 |   97 |  70 |
    |  70 | held       |  9 |   97 |  70 | over
    |   0 | orange     | 24 |   93 | 130 | 2+2+2
    |  60 | orange     | 24 |   93 | 130 |
    | 120 | orange     | 24 |   93 | 130 |
    |   0 | short      |  8 |   97 |  70 |
    |  50 | short      |  8 |   95 |  70 | 50 s
    |  60 | short      | 12 |   95 |  70 |
    |   0 | gap        |  8 |    - |   - |
    | 180 | gap        |  8 |    - |   - | the longest
    |   0 | apart      |  8 |   97 |   - |
    | 190 | apart      |  8 |   97 |   - | a new run
    | 240 | apart      |  8 |   95 |   - | 50 s
    |   0 | flickers   | 25 |   94 |  90 | 4
    |  50 | flickers   |  - |    - |  91 | 5
    | 100 | flickers   |  - |    - |  90 | 4
    | 150 | flickers   |  - |    - |  91 | 5
    | 400 | later      |  - |    - |   - |
    """)
def test_fires_once_on_a_part_that_stays_red(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "flickers", 10, None, 3),
        ("ongoing", "gap", 10, None, 3),
        ("ongoing", "held", 10, None, 3),
        ("ended", "held", 10, 70, None),
    ]


RED: dict[str, tuple[object, object]] = {
    "respiratory_rate_per_min": (25.0, 24.0),
    "spo2_pct": (91.0, 92.0),
    "systolic_mmhg": (90.0, 91.0),
    "heart_rate_bpm": (131.0, 130.0),
    "consciousness": ("V", "A"),
    "temperature_c": (35.0, 35.1),
    "on_oxygen": (None, True),
}
"""The sign's value at 3 points, and one at fewer."""


EACH = [
    message(t, f"{sign}-{name}", **{sign: value})
    for t in (0, 60)
    for sign, values in RED.items()
    for name, value in zip(("red", "not"), values, strict=True)
    if value is not None
]


@pytest.mark.stream([*EACH, message(120, "later")])
def test_it_may_be_any_part_that_has_three_points(found: list[Found]) -> None:
    red = sorted(f"{sign}-red" for sign, (value, _) in RED.items() if value is not None)
    assert [each.patient for each in found] == red


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "clinical")
