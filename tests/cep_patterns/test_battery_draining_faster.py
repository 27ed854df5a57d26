"""A battery that drains faster each day is found, an old one is not."""

from collections.abc import Iterable

import pytest

from cep_patterns.battery_draining_faster import PATTERN
from tests.conftest import Found
from tests.device_statuses import Course, status, told
from tests.streams import Message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


WEEK = range(7 * 24)


def drains(rises: float) -> Course:
    """Return a charge that falls by 4 % an hour, by ``rises`` more after a day."""
    return lambda at: 90.0 - 4.0 * (1 + rises * int(at) / 24) * (at % 1)


@pytest.mark.statuses(
    told("weak", WEEK, battery_pct=drains(0.08)),
    told("steady", WEEK, battery_pct=drains(0.0)),
    told("slowly", WEEK, battery_pct=drains(0.05)),
    told("old", WEEK, battery_pct=lambda at: 90.0 - 20.0 * (at % 1)),
    told("plugged", WEEK, battery_pct=drains(0.08), on_mains=True),
    told("restarts", WEEK, battery_pct=drains(0.08), boot_id=str),
    told("brief", range(110), battery_pct=drains(0.2)),
)
def test_fires_when_each_day_takes_more_than_the_one_before(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [("ongoing", "weak", 120, None)]
    assert 5.8 < float(str(found[0].observed)) < 6.8


def exactly(at: float) -> float:
    """Return a charge that falls by half a % an hour more in each quarter of a day.

    Of 21 quarters the mean is 40 % an hour, of which 2 % a day are 5 %.
    """
    return 90 - (35 + (at // 6) / 2) * (at % 1)


def half_hourly(device: str, hours: Iterable[int], course: Course) -> list[Message]:
    times = [hour + part for hour in hours for part in (0, 0.5)]
    return [status(at, device, battery_pct=course(at)) for at in times]


@pytest.mark.statuses(half_hourly("exactly", WEEK, exactly))
def test_the_bound_itself_counts_and_six_hours_are_enough(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "exactly", 120, None),
        ("ended", "exactly", 120, 126),
    ]


@pytest.mark.statuses(
    told("away", [*range(120), *range(138, 144)], battery_pct=drains(0.2)),
    told("longer", [*range(120), *range(144, 150)], battery_pct=drains(0.2)),
)
def test_a_day_without_a_word_does_not_end_it(found: list[Found]) -> None:
    assert [each[:3] for each in found] == [("ongoing", "away", 120)]


def charges(at: float) -> bool:
    """Return whether it hangs on the mains: the first six hours of a day."""
    return at % 24 < 6


def charge(at: float) -> object:
    return 50 + 30 * (at % 1) if charges(at) else drains(0.2)(at)


@pytest.mark.statuses(told("used", WEEK, battery_pct=charge, on_mains=charges))
def test_hours_on_the_charger_are_left_out(found: list[Found]) -> None:
    assert [each[:3] for each in found] == [("ongoing", "used", 162)]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
