"""Two very high pressures in a row are found, but not in exercise."""

from operator import itemgetter

import pytest

from cep_patterns.hypertensive_crisis import EXTREME_MMHG, HOLD_S, PATTERN
from tests.conftest import Found
from tests.shared_job import Match
from tests.streams import message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |    t | patient_id | systolic_mmhg | activity |
    |    0 | twice      |           180 | -        | the bound itself
    |    0 | lower      |           179 | -        |
    |    0 | exercise   |           200 | exercise |
    |    0 | apart      |           200 | -        |
    |    0 | too-soon   |           200 | -        |
    |    0 | hour       |           190 | -        |
    |   59 | too-soon   |           200 | -        |
    |   60 | twice      |           210 | rest     | at least a minute apart
    |   60 | lower      |           179 | -        |
    |   60 | exercise   |           200 | exercise |
    |  120 | twice      |           170 | -        | over
    | 3600 | hour       |           190 | -        |
    | 3601 | apart      |           200 | -        | more than an hour
    """)
def test_fires_on_the_second_high_measurement_at_rest(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "hour", 0, None, 190),
        ("ongoing", "twice", 0, None, 210),
        ("ended", "twice", 0, 60, None),
    ]


PRESSURES = (EXTREME_MMHG - 1, EXTREME_MMHG, EXTREME_MMHG, 150.0)


@pytest.mark.stream(
    [message(i * HOLD_S, systolic_mmhg=each) for i, each in enumerate(PRESSURES)]
)
def test_is_graver_from_220_on_as_an_episode_of_its_own(matches: list[Match]) -> None:
    in_order = sorted(matches, key=itemgetter("ts_ms", "limit_value"))
    assert [(m["severity"], m["phase"], m["limit_value"]) for m in in_order] == [
        ("medium", "ongoing", 180),
        ("high", "ongoing", EXTREME_MMHG),
        ("medium", "ended", 180),
        ("high", "ended", EXTREME_MMHG),
    ]
    assert len({m["match_id"] for m in matches}) == 2


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
