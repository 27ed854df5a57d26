"""A clock that is off is found; a message that is held back is not one."""

import pytest

from cep_patterns.clock_drifting import PATTERN
from tests.conftest import Found
from tests.device_statuses import status, told
from tests.streams import Message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def off(device: str, *by_s: float, hours: tuple[int, ...] = (0, 1, 2)) -> list[Message]:
    """Return two statuses an hour that arrive as much later, each time or in turn."""
    times = [hour + part for hour in hours for part in (0.2, 0.8)]
    each = by_s if len(by_s) > 1 else by_s * len(times)
    return [
        status(hour, device, arrived=hour + s / 3600)
        for hour, s in zip(times, each, strict=True)
    ]


@pytest.mark.statuses(
    off("behind", 0.5, hours=(0, 1)),
    off("ahead", -0.6),
    off("nearly", 0.499),
    off("held", 0.4, 9, 9, 0.4, 0.4, 9),
    [status(0.3, "once", arrived=0.4), *told("once", range(1, 3))],
)
def test_fires_after_two_hours_ahead_or_behind(found: list[Found]) -> None:
    assert found == [
        Found("ongoing", "ahead", 1, None, 0.6),
        Found("ongoing", "behind", 1, None, 0.5),
    ]


@pytest.mark.statuses(off("gap", 9, hours=(0, 4)), off("apart", 9, hours=(0, 5)))
def test_four_hours_without_a_word_do_not_end_it(found: list[Found]) -> None:
    assert found == [Found("ongoing", "gap", 1, None, 9)]


@pytest.mark.statuses(
    [status(hour / 4, "away", arrived=6.5 + hour / 1000) for hour in range(26)],
    told("away", range(7, 10)),
)
def test_what_a_radio_kept_for_hours_is_no_wrong_clock(found: list[Found]) -> None:
    assert found == []


@pytest.mark.statuses(
    [status(hour - 40 * 24, "reset", arrived=hour) for hour in (0.5, 1.5, 2.5, 3.5)],
    told("reset", range(4, 6)),
)
def test_a_clock_that_is_days_off_counts_too_and_ends_when_set(
    found: list[Found],
) -> None:
    assert found == [
        Found("ongoing", "reset", 1, None, 40 * 86_400),
        Found("ended", "reset", 1, 4, None),
    ]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
