"""Depth times duration is found at the index, and three dips in a minute as well."""

import pytest

from cep_patterns.desaturation_burden import (
    DECAY_MOST,
    GAP_S,
    INDEX,
    PATTERN,
    SPO2_PCT,
    WITHIN_S,
)
from tests.conftest import Found
from tests.streams import Message, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

WELL = SPO2_PCT + DECAY_MOST


def saturations(patient: str, *levels: float | None) -> list[Message]:
    """Return readings of one patient, one a second; None is no saturation."""
    return [
        message(t, patient, **({} if level is None else {"spo2_pct": level}))
        for t, level in enumerate(levels)
    ]


EXACTLY = [SPO2_PCT - deficit for deficit in (0, 10, 10, 10, 10, INDEX - 40)]


@pytest.mark.in_time(
    saturations("exactly", *EXACTLY, WELL, WELL),
    saturations("short", *EXACTLY[:-1], EXACTLY[-1] + 0.1, WELL, WELL),
)
def test_fires_with_the_reading_that_brings_the_burden_to_the_index(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "exactly", 0, None, INDEX),
        ("ended", "exactly", 0, 5, None),
    ]


BELOW = [SPO2_PCT - deficit for deficit in (0, 2, 4, 4, 11)]


@pytest.mark.stream(saturations("p", *BELOW, 61, WELL))
def test_says_when_it_was_reached_and_by_how_much(found: list[Found]) -> None:
    assert found[:1] == [("ongoing", "p", 0, None, 2 + 4 + 4 + 11 + 29)]


@pytest.mark.in_time(
    saturations("one", WELL, SPO2_PCT - INDEX, WELL, WELL),
    saturations("two", WELL, SPO2_PCT - INDEX, SPO2_PCT, WELL),
)
def test_a_single_low_reading_is_none(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "two", 1, None, INDEX),
        ("ended", "two", 1, 2, None),
    ]


GROWN = [SPO2_PCT - 10] * 4
FAR = 100


@pytest.mark.in_time(
    saturations("near", *GROWN, SPO2_PCT + 2, SPO2_PCT - 12, WELL),
    saturations("nearer", *GROWN, SPO2_PCT + 2, SPO2_PCT - 11, WELL),
    saturations("far", *GROWN, FAR, FAR, SPO2_PCT - 10, SPO2_PCT - 6),
    saturations("too-far", *GROWN, FAR, FAR, SPO2_PCT - 10, SPO2_PCT - 5),
)
def test_decays_above_the_limit_as_it_grows_below_but_no_faster_than_stated(
    found: list[Found],
) -> None:
    assert found == [
        ("ongoing", "far", 6, None, 50),
        ("ongoing", "near", 0, None, 50),
        ("ended", "near", 0, 5, None),
    ]


LONG_WELL = [100.0] * 30


@pytest.mark.stream(saturations("p", *LONG_WELL, 80, 80, 80, 80, 80, WELL, WELL))
def test_never_is_less_than_nothing(found: list[Found]) -> None:
    assert [each.phase for each in found] == ["ongoing", "ended"]


def dips(patient: str, *at: int) -> list[Message]:
    """Return readings of one patient, low for two seconds at each of those times."""
    return [
        message(t, patient, spo2_pct=SPO2_PCT - 1 if {t, t - 1} & set(at) else WELL)
        for t in range(max(at) + 4)
    ]


THIRD = 5 + WITHIN_S


@pytest.mark.in_time(
    dips("three", 5, 30, THIRD),
    dips("too-slow", 5, 30, THIRD + 1),
    dips("two", 5, 30),
    dips("one-long", 5, 7, 9),
)
def test_three_dips_in_a_minute_are_found_with_the_third(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "three", THIRD, None, 2),
        ("ended", "three", THIRD, THIRD + 1, None),
    ]


LOW = SPO2_PCT - 10
NOTHING = [None] * GAP_S


@pytest.mark.in_time(
    saturations("brief", LOW, LOW, LOW, LOW, *NOTHING[1:], LOW, LOW, WELL, WELL),
    saturations("gap", LOW, LOW, LOW, LOW, *NOTHING, LOW, LOW, WELL, WELL),
)
def test_a_gap_cuts_the_episode_and_keeps_the_burden(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "brief", 0, None, INDEX),
        ("ended", "brief", 0, 4 + GAP_S, None),
        ("ongoing", "gap", 4 + GAP_S, None, 60),
        ("ended", "gap", 4 + GAP_S, 5 + GAP_S, None),
    ]


@pytest.mark.in_time(
    [
        message(t, "two", device_id=device, spo2_pct=LOW)
        for device in ("ear", "finger")
        for t in range(4)
    ]
)
def test_what_two_devices_measure_is_no_sum(found: list[Found]) -> None:
    assert found == []


IN_ORDER = saturations("p", WELL, 80, 80, 80, 80, 80, WELL, WELL)


@pytest.mark.stream([IN_ORDER[i] for i in (0, 2, 1, 4, 3, 6, 5, 7)])
def test_disorder_changes_nothing(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "p", 1, None, INDEX),
        ("ended", "p", 1, 5, None),
    ]


@pytest.mark.stream(saturations("off", 97, 0, 0, 0, 0, 97))
def test_a_probe_that_is_off_is_no_burden(found: list[Found]) -> None:
    assert found == []


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
