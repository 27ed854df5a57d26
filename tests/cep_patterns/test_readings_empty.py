"""A device that sends readings of which nothing is a number is named."""

import pytest

from cep_patterns.readings_empty import GAP_S, HOLD_S, PATTERN
from cep_patterns.silent_sensor import PATTERN as SILENT
from tests.conftest import Found
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

ENDS_S = HOLD_S + 30


def sent(patient: str, numbers_at: range = range(0), **empty: object) -> list[Message]:
    """Return a reading each second from 0 on; those of ``numbers_at`` say something."""
    return [
        {**message(t, patient), **({"spo2_pct": 97.0} if t in numbers_at else empty)}
        for t in range(ENDS_S)
    ]


@pytest.mark.in_time(
    sent("texts", heart_rate_bpm="fast", spo2_pct={"value": 97}, temperature_c=[37]),
    sent("nothing"),
    sent("nulls", heart_rate_bpm=None),
    sent("words", heart_rate_bpm="fast", activity="walking", signal_quality_pct=95.0),
    sent("numbers", spo2_pct=97.0),
    sent("quoted", heart_rate_bpm="72"),
    sent("off", spo2_pct=0.0),
    sent("broken", heart_rate_bpm=612.0),
    sent("cuff", systolic_mmhg=120.0),
    sent("mixed", range(0, ENDS_S, HOLD_S), heart_rate_bpm="fast"),
)
def test_a_device_of_whose_readings_nothing_is_a_number_is_named(
    found: list[Found],
) -> None:
    assert [(each.phase, each.patient) for each in found] == [
        ("ongoing", who) for who in ("nothing", "nulls", "texts", "words")
    ]


@pytest.mark.in_time(
    sent("held", range(HOLD_S + 1, ENDS_S)),
    sent("almost", range(HOLD_S, ENDS_S)),
)
def test_it_lasts_for_the_hold_time_and_ends_with_the_first_number(
    found: list[Found],
) -> None:
    assert [each[:4] for each in found] == [
        ("ongoing", "held", 0, None),
        ("ended", "held", 0, HOLD_S),
    ]


@pytest.mark.in_time(
    [message(t, "seldom") for t in range(0, HOLD_S + GAP_S + 1, GAP_S)],
    [message(t, "too-seldom") for t in range(0, 5 * GAP_S, GAP_S + 1)],
    sent("control", spo2_pct=97.0),
)
def test_readings_further_apart_are_no_run(found: list[Found]) -> None:
    assert {each.patient for each in found} == {"seldom"}


def test_it_is_as_urgent_as_silence() -> None:
    assert (PATTERN.severity, PATTERN.kind) == (SILENT.severity, SILENT.kind)
