"""A saturation that moves away from the other device's is found."""

from collections.abc import Iterable

import pytest

from cep_patterns.spo2_offset_drifting import PATTERN
from tests.conftest import Found
from tests.device_statuses import Course, told
from tests.streams import Message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


FORTNIGHT = range(14 * 24)
EARLIER_MS = 1_767_225_600_000 - 86_400_000


def drifts(by_a_day: float, start: float = 95.0) -> Course:
    return lambda at: start + by_a_day * at / 24


def pair(
    patient: str, first: object, second: object, hours: Iterable[int] = FORTNIGHT
) -> list[Message]:
    """Return two devices on one patient; the first was calibrated before the other."""
    one = told(
        f"{patient}-1",
        hours,
        patient_id=patient,
        mean_spo2_pct=first,
        calibrated_ms=EARLIER_MS,
    )
    return one + told(f"{patient}-2", hours, patient_id=patient, mean_spo2_pct=second)


@pytest.mark.statuses(
    pair("parts", drifts(0.12), 95.0),
    pair("falls", 95.0, drifts(0.12)),
    pair("nearly", drifts(0.109), 95.0),
    pair("short", drifts(0.12), 95.0, range(240)),
    pair("apart", 92.0, 98.0),
    pair("patient", drifts(-0.5, 99), drifts(-0.5, 98)),
    pair("unknown", drifts(0.3), None),
    told("alone", FORTNIGHT, mean_spo2_pct=drifts(0.3)),
)
def test_fires_when_two_devices_part(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "falls-1", 234, None),
        ("ongoing", "parts-1", 234, None),
    ]
    assert [each.observed for each in found] == pytest.approx([0.12, 0.12])


@pytest.mark.statuses(
    [
        {**each, "patient_id": "b"} if n % 2 else each
        for n, each in enumerate(pair("a", drifts(0.3), 95.0))
    ]
)
def test_a_device_that_changes_its_patient_is_not_compared_in_that_hour(
    found: list[Found],
) -> None:
    assert found == []


def climbs(at: float) -> float:
    """Return what drifts by 0.11 % a day as seen after twelve days and a quarter."""
    return 95 + 0.5 * (at >= 28 * 6) + 0.5 * (at >= 35 * 6)


@pytest.mark.statuses(pair("exactly", climbs, 95.0))
def test_the_bound_itself_counts_and_half_a_day_is_enough(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "exactly-1", 282, None),
        ("ended", "exactly-1", 282, 294),
    ]


KNOWN = range(39 * 6)
"""Long enough for a slope over a fortnight."""


@pytest.mark.statuses(
    pair("away", drifts(0.3), 95.0, [*KNOWN, *range(252, 258)]),
    pair("longer", drifts(0.3), 95.0, [*KNOWN, *range(258, 264)]),
)
def test_a_day_without_a_word_does_not_end_it(found: list[Found]) -> None:
    assert [each[:4] for each in found] == [("ongoing", "away-1", 234, None)]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
