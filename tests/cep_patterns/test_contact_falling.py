"""Electrodes that dry for days are found, those that are renewed are not."""

import pytest

from cep_patterns.contact_falling import PATTERN
from tests.conftest import Found
from tests.device_statuses import Course, told

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def falls(by_a_day: float) -> Course:
    return lambda at: 99.0 - by_a_day * at / 24


@pytest.mark.statuses(
    told("dries", range(72), contact_pct=falls(6.1)),
    told("exactly", range(54), contact_pct=lambda at: 99 - 1.5 * (at // 6)),
    told("slowly", range(72), contact_pct=falls(5.9)),
    told("poor", range(72), contact_pct=20.0),
    told("better", range(72), contact_pct=lambda at: 20 + at),
    told("brief", range(47), contact_pct=falls(20)),
    told("unknown", range(72), contact_pct=None),
    told("renewed", range(72), contact_pct=lambda at: 95 - 0.5 * (at % 30)),
)
def test_fires_when_contact_falls_over_days(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "dries", 48, None),
        ("ongoing", "exactly", 48, None),
    ]
    assert [each.observed for each in found] == pytest.approx([6.1, 6])


def off_at_last(at: float) -> float:
    return 0.0 if at > 60 and at % 1 > 0.5 else 90.0


@pytest.mark.statuses(told("off", range(72), contact_pct=off_at_last))
def test_a_probe_that_is_off_is_no_contact_that_falls(found: list[Found]) -> None:
    assert found == []


HEARD = (*range(20), *range(32, 66))


@pytest.mark.statuses(
    told("gap", HEARD, contact_pct=falls(12), boot_id="a"),
    told("gap", range(66, 90), contact_pct=99.0, boot_id="b", uptime_s=5.0),
)
def test_a_gap_and_a_restart_change_nothing_and_a_new_electrode_ends_it(
    found: list[Found],
) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "gap", 54, None),
        ("ended", "gap", 54, 72),
    ]


@pytest.mark.statuses(
    told("away", [*range(48), *range(66, 72)], contact_pct=falls(7)),
    told("longer", [*range(48), *range(72, 78)], contact_pct=falls(7)),
)
def test_a_day_without_a_word_does_not_end_it(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [("ongoing", "away", 48, None)]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
