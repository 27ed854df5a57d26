"""A device that was not calibrated for a year is found, once."""

import pytest

from cep_patterns.calibration_overdue import PATTERN
from tests.conftest import Found
from tests.device_statuses import status, told

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


A_YEAR_AGO_MS = 1_767_225_600_000 - 364 * 86_400_000


@pytest.mark.statuses(
    told("old", range(30), calibrated_ms=A_YEAR_AGO_MS),
    told("new", range(30), calibrated_ms=A_YEAR_AGO_MS + 7 * 3_600_000),
    told("unknown", range(30), calibrated_ms=None),
    told("renewed", range(26), calibrated_ms=A_YEAR_AGO_MS),
    told("renewed", range(26, 30)),
    [status(24.9, "short", calibrated_ms=A_YEAR_AGO_MS - 3_600_000)],
    [status(hour, "exactly", calibrated_ms=A_YEAR_AGO_MS) for hour in (24, 25)],
)
def test_fires_from_a_year_on_until_it_is_calibrated(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "exactly", 25, None),
        ("ongoing", "old", 25, None),
        ("ongoing", "renewed", 25, None),
        ("ended", "renewed", 25, 26),
    ]
    assert found[1].observed == pytest.approx(365 + (1 + 50 / 60) / 24)


@pytest.mark.statuses(
    told("away", [25, 49], calibrated_ms=A_YEAR_AGO_MS),
    told("longer", [25, 50], calibrated_ms=A_YEAR_AGO_MS),
)
def test_a_day_without_a_word_does_not_end_it(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [("ongoing", "away", 26, None)]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
