"""16 over 10 beside a normal pulse is a unit, beside any other it may be shock."""

import pytest

from cep_patterns import hypotension
from cep_patterns.pressure_in_kpa import GAP_S, HOLD_S, PATTERN
from tests.conftest import Found
from tests.streams import Message, in_time, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

KPA = {"systolic_mmhg": 16.0, "diastolic_mmhg": 10.7}
FINE = {"systolic_mmhg": 120.0, "diastolic_mmhg": 80.0}


def measured(
    patient: str, every_s: int = 1800, last: int = 1, **values: float
) -> list[Message]:
    """Return ``last`` measurements after the first, and a right one; a rate between."""
    pulse = {"heart_rate_bpm": 72.0, **values}
    rate = {"heart_rate_bpm": pulse["heart_rate_bpm"]}
    until_s = every_s * (last + 1)
    between = [message(t + 0.5, patient, **rate) for t in range(0, until_s, 300)]
    cuffs = [message(n * every_s, patient, **KPA | pulse) for n in range(last + 1)]
    return in_time(between, cuffs, [message(until_s, patient, **FINE, **rate)])


@pytest.mark.stream(
    in_time(
        measured("kpa"),
        measured("hold", HOLD_S),
        measured("short", HOLD_S - 1),
        measured("gap", GAP_S),
        measured("apart", GAP_S + 1),
        measured("single", last=0),
        measured("fast", heart_rate_bpm=121),
        measured("slow", heart_rate_bpm=49),
        measured("oximeter", pulse_rate_bpm=40),
        measured("low", systolic_mmhg=40),
        measured("only-systolic", diastolic_mmhg=80),
    )
)
def test_a_pressure_in_kpa_is_named(found: list[Found]) -> None:
    begun = {each.patient: each.observed for each in found if each.phase == "ongoing"}
    assert begun == {"kpa": 2, "hold": 2, "gap": 2, "only-systolic": 1}
    ended = {each.patient: each.ended for each in found if each.phase == "ended"}
    assert ended["kpa"] == 1800


@pytest.mark.pattern(hypotension.PATTERN)
@pytest.mark.stream(
    in_time(
        measured("kpa"),
        measured("shock", heart_rate_bpm=140),
        measured("failing", heart_rate_bpm=35),
    )
)
def test_shock_is_still_found(found: list[Found]) -> None:
    assert {each.patient for each in found} == {"shock", "failing"}


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
