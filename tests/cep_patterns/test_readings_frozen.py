"""A device that repeats itself is found, one that repeats little is not."""

import pytest

from cep_patterns.readings_frozen import PATTERN
from tests.conftest import Found
from tests.device_statuses import again, told

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.statuses(
    told("hangs", range(2, 5), repeated_readings=15),
    told("hangs", range(5, 6), repeated_readings=14),
    told("twice", range(2, 4), repeated_readings=15),
    told("once", range(2, 3), repeated_readings=90),
    told("once", range(3, 6)),
    told("nearly", range(6), repeated_readings=14),
    told("mixed", range(6), repeated_readings=lambda at: 30 * (at % 1 > 0.5)),
    told("idle", range(6), readings=0, repeated_readings=0),
    told("silent", range(6), readings=None, repeated_readings=None),
)
def test_fires_after_two_hours_that_repeat_too_much(found: list[Found]) -> None:
    assert found == [
        Found("ongoing", "hangs", 3, None, 15),
        Found("ended", "hangs", 3, 5, None),
        Found("ongoing", "mixed", 1, None, 15),
        Found("ongoing", "twice", 3, None, 15),
    ]


@pytest.mark.statuses(
    told("short", [0, 4], repeated_readings=50),
    told("long", [0, 5], repeated_readings=50),
)
def test_a_silence_cuts_it_only_where_it_is_long(found: list[Found]) -> None:
    assert found == [Found("ongoing", "short", 1, None, 50)]


SAID = told("twice", range(3), repeated_readings=15)


@pytest.mark.statuses(SAID, again(SAID, after_s=60))
def test_what_comes_twice_and_out_of_order_changes_nothing(found: list[Found]) -> None:
    assert found == [Found("ongoing", "twice", 1, None, 15)]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
