"""A code for "no value" or a number of another unit is no patient's number."""

import pytest

from cep_patterns import desaturation, desaturation_burden, pulse_loss
from cep_patterns import sustained_tachycardia as tachycardia
from cep_patterns.value_misread import HOLD_S, PATTERN
from tests.conftest import Found
from tests.streams import Message, in_time, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

LIVES = {"heart_rate_bpm": 72.0, "spo2_pct": 97.0, "signal_quality_pct": 90.0}


def held(patient: str, until_s: int = HOLD_S, **values: float) -> list[Message]:
    """Return a reading a second; from 0 to ``until_s`` with ``values``."""
    return [
        message(t, patient, **LIVES | (values if t <= until_s else {}))
        for t in range(until_s + 3)
    ]


@pytest.mark.stream(
    in_time(
        held("rate-255", heart_rate_bpm=255),
        held("rate-254", heart_rate_bpm=254),
        held("rate-256", heart_rate_bpm=256),
        held("rate-127", heart_rate_bpm=127),
        held("rate-65535", pulse_rate_bpm=65_535),
        held("spo2-127", spo2_pct=127),
        held("fraction", spo2_pct=0.97),
        held("one", spo2_pct=1),
        held("more-than-one", spo2_pct=1.5),
        held("fahrenheit", temperature_c=98.6),
        held("quality-255", signal_quality_pct=255),
        held("quality-fraction", signal_quality_pct=0.9),
        held("quality-one", signal_quality_pct=1),
        held("strange", heart_rate_bpm=612),
        held("two", heart_rate_bpm=255, spo2_pct=255),
        held("short", HOLD_S - 1, heart_rate_bpm=255),
    )
)
def test_what_a_number_is_likely_to_mean_is_named(found: list[Found]) -> None:
    begun = {each.patient: each.observed for each in found if each.phase == "ongoing"}
    assert begun == {
        "rate-255": 1,
        "rate-65535": 1,
        "spo2-127": 1,
        "fraction": 1,
        "one": 1,
        "fahrenheit": 1,
        "quality-255": 1,
        "quality-fraction": 1,
        "two": 2,
    }
    assert {each.patient: each.ended for each in found if each.ended} == dict.fromkeys(
        begun, HOLD_S
    )


@pytest.mark.pattern(
    tachycardia.PATTERN, desaturation.PATTERN, desaturation_burden.PATTERN
)
@pytest.mark.stream(
    in_time(
        held("rate", 40, heart_rate_bpm=255),
        held("beside", 40, heart_rate_bpm=254),
        held("fraction", 40, spo2_pct=0.97),
    )
)
def test_it_is_no_alarm_about_the_patient(found: list[Found]) -> None:
    assert {each.patient for each in found} == {"beside"}


@pytest.mark.pattern(pulse_loss.PATTERN)
@pytest.mark.stream(
    in_time(
        held("full", 10, heart_rate_bpm=0, spo2_pct=0, signal_quality_pct=100),
        held("code", 10, heart_rate_bpm=0, spo2_pct=0, signal_quality_pct=255),
        held("beyond", 10, heart_rate_bpm=0, spo2_pct=0, signal_quality_pct=100.5),
        held("fraction", 10, heart_rate_bpm=0, spo2_pct=0, signal_quality_pct=0.9),
    )
)
def test_a_quality_that_cannot_be_is_not_trusted(found: list[Found]) -> None:
    assert {each.patient for each in found} == {"full"}


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
