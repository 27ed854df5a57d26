"""A clock that is off is found; a message that is held back is not one."""

import pytest

from cep_patterns.clock_drifting import PATTERN
from tests.conftest import Found, Watch
from tests.device_statuses import by_arrival, status, told

pytestmark = pytest.mark.flink


def test_fires_after_two_hours_ahead_or_behind(watch: Watch) -> None:
    behind, ahead = 0.5 / 3600, -0.6 / 3600
    stream = by_arrival(
        [
            status(hour, device, arrived=hour + off)
            for hour in (0.2, 0.8, 1.2, 1.8, 2.2, 2.8)
            for device, off in (
                ("behind", behind),
                ("ahead", ahead),
                ("nearly", 0.499 / 3600),
                ("held", 0.4 / 3600 if hour in (0.2, 1.8, 2.2) else 9 / 3600),
            )
        ],
        [status(0.3, "once", arrived=0.4), *told("once", range(1, 3))],
    )
    assert watch(PATTERN, stream) == [
        Found("ongoing", "ahead", 1, None, 0.6),
        Found("ongoing", "behind", 1, None, 0.5),
    ]


def test_what_a_radio_kept_for_hours_is_no_wrong_clock(watch: Watch) -> None:
    kept = [status(hour / 4, "away", arrived=6.5 + hour / 1000) for hour in range(26)]
    stream = by_arrival(kept, told("away", range(7, 10)))
    assert watch(PATTERN, stream) == []


def test_a_clock_that_is_days_off_counts_too_and_ends_when_set(watch: Watch) -> None:
    wrong = [
        status(hour - 40 * 24, "reset", arrived=hour) for hour in (0.5, 1.5, 2.5, 3.5)
    ]
    stream = by_arrival(wrong, told("reset", range(4, 6)))
    assert watch(PATTERN, stream) == [
        Found("ongoing", "reset", 1, None, 40 * 86_400),
        Found("ended", "reset", 1, 4, None),
    ]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
