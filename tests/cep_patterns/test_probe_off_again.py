"""A probe that comes off again and again is found, a single loss is not."""

import pytest

from cep_patterns.probe_off_again import PATTERN
from tests.conftest import Found
from tests.device_statuses import status, told
from tests.streams import Message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def counted(device: str, *counts: tuple[float, int]) -> list[Message]:
    return [status(hour, device, probe_offs=count) for hour, count in counts]


@pytest.mark.statuses(
    counted("loose", (0.3, 3), (0.6, 6), (0.9, 9), (1.2, 9), (1.7, 9), (2.4, 9)),
    counted("few", (0.3, 3), (0.6, 6), (0.9, 8), (1.2, 8), (1.7, 8), (2.4, 8)),
    counted("spread", (0.1, 0), (1.05, 3), (2.1, 6), (3.2, 9), (4.3, 12)),
)
def test_fires_when_an_hour_has_seen_too_many(found: list[Found]) -> None:
    assert found == [
        Found("ongoing", "loose", 1, None, 6),
        Found("ended", "loose", 1, 1.25, None),
    ]


@pytest.mark.statuses(
    counted("again", (0.1, 0), (0.9, 6), (1.1, 6), (1.9, 12)),
    counted("apart", (0.1, 0), (0.9, 6), (2.05, 6), (2.2, 12)),
)
def test_an_hour_between_is_no_gap(found: list[Found]) -> None:
    assert found == [Found("ongoing", "again", 1, None, 6)]


@pytest.mark.statuses(
    counted("lost", (0.3, 0), (0.9, 5), (1.05, 5), (1.9, 5)),
    counted("twice", (0.3, 0), (0.9, 5), (0.9, 5), (1.05, 5), (1.9, 5)),
    counted("disorder", (0.3, 0), (0.9, 6), (0.95, 3), (1.01, 6), (1.9, 6)),
)
def test_what_was_lost_or_came_twice_is_counted_once(found: list[Found]) -> None:
    assert [each.patient for each in found][:1] == ["disorder"]


@pytest.mark.statuses(
    counted("restarted", (0.1, 90), (0.3, 92)),
    [
        status(hour, "restarted", probe_offs=count, boot_id="2", uptime_s=60.0)
        for hour, count in ((0.5, 0), (0.9, 3), (1.2, 3), (1.9, 3))
    ],
)
def test_a_restart_begins_the_count_anew(found: list[Found]) -> None:
    assert found == []


@pytest.mark.statuses(told("old", range(4), probe_offs=None))
def test_devices_that_do_not_count_are_left_alone(found: list[Found]) -> None:
    assert found == []


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
