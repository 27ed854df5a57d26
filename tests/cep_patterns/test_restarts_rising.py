"""Restarts that come faster are found, steady ones are not."""

from collections.abc import Iterable
from itertools import chain

import pytest

from cep_patterns.restarts_rising import PATTERN
from tests.conftest import Found
from tests.device_statuses import HOUR_MS, again, restarts, told
from tests.streams import EPOCH_MS, Message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


WEEK = range(7 * 24)


def heard(device: str, at: list[float], hours: Iterable[int] = WEEK) -> list[Message]:
    """Return a week of a device that starts at those hours, and goes on with the last.

    A status is of the start before it.
    """
    said = []
    for each in told(device, hours):
        hour = (int(str(each["ts_ms"])) - EPOCH_MS) / HOUR_MS
        before = [n for n, start in enumerate(at) if start <= hour]
        if before:
            started = at[before[-1]]
            each |= {
                "boot_id": f"start-{before[-1]}",
                "uptime_s": (hour - started) * 3600,
            }
        said.append(each)
    return by_time(said, restarts(at, device))


def by_time(*streams: Iterable[Message]) -> list[Message]:
    return sorted(chain(*streams), key=lambda each: int(str(each["ts_ms"])))


FASTER = [100.2, 130.2, 140.2, 148.2, 154.2, 158.2, 160.2, 162.2]
EVENLY = [20.0 * n + 5.2 for n in range(8)]
FOUR = FASTER[-4:]
BARELY = [90.2, 93.2, 96.2, 99.2, 126.2, 129.2]
"""Two quarters of a day from the fifth start on, the trend is 2.337."""
NEARLY = [108.2, 111.2, 114.2, 120.2, 156.2, 159.2]
"""Likewise, 2.323."""


@pytest.mark.statuses(
    heard("faster", FASTER),
    heard("evenly", EVENLY),
    heard("often", [hour + 0.2 for hour in range(0, 168, 3)]),
    heard("few", FOUR),
    heard("barely", BARELY),
    heard("nearly", NEARLY),
    heard("slower", [168 - hour for hour in FASTER]),
    heard("never", []),
)
def test_fires_when_restarts_come_faster_and_faster(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "barely", 132, None),
        ("ended", "barely", 132, 138),
        ("ongoing", "faster", 156, None),
    ]


SOON = [110.2 + hour for hour in range(8)]


@pytest.mark.statuses(
    heard("away", SOON, [*range(120), *range(138, 144)]),
    heard("longer", SOON, [*range(120), *range(144, 150)]),
)
def test_a_day_without_a_word_does_not_end_it(found: list[Found]) -> None:
    assert [each[:3] for each in found] == [("ongoing", "away", 120)]


@pytest.mark.statuses(heard("few", FOUR), again(heard("few", FOUR), after_s=90))
def test_a_start_that_is_said_often_counts_once(found: list[Found]) -> None:
    """Statuses that come twice, or later in the hour, are of the same start."""
    assert found == []


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
