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
from tests.conftest import Detect
from tests.streams import Message, in_time, message

pytestmark = pytest.mark.flink

WELL = SPO2_PCT + DECAY_MOST


def saturations(patient: str, *levels: float | None) -> list[Message]:
    """Return readings of one patient, one a second; None is no saturation."""
    return [
        message(t, patient, **({} if level is None else {"spo2_pct": level}))
        for t, level in enumerate(levels)
    ]


def test_fires_with_the_reading_that_brings_the_burden_to_the_index(
    detect: Detect,
) -> None:
    deficits = [0, 10, 10, 10, 10, INDEX - 40]
    exactly = [SPO2_PCT - deficit for deficit in deficits]
    stream = saturations("exactly", *exactly, WELL, WELL)
    stream += saturations("short", *exactly[:-1], exactly[-1] + 0.1, WELL, WELL)
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "exactly", 0, None, INDEX),
        ("ended", "exactly", 0, 5, None),
    ]


def test_says_when_it_was_reached_and_by_how_much(detect: Detect) -> None:
    levels = [SPO2_PCT - deficit for deficit in (0, 2, 4, 4, 11)]
    [found] = detect(PATTERN, saturations("p", *levels, 61, WELL))[:1]
    assert found == ("ongoing", "p", 0, None, 2 + 4 + 4 + 11 + 29)


def test_a_single_low_reading_is_none(detect: Detect) -> None:
    stream = saturations("one", WELL, SPO2_PCT - INDEX, WELL, WELL)
    stream += saturations("two", WELL, SPO2_PCT - INDEX, SPO2_PCT, WELL)
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "two", 1, None, INDEX),
        ("ended", "two", 1, 2, None),
    ]


def test_decays_above_the_limit_as_it_grows_below_but_no_faster_than_stated(
    detect: Detect,
) -> None:
    grown = [SPO2_PCT - 10] * 4
    stream = saturations("near", *grown, SPO2_PCT + 2, SPO2_PCT - 12, WELL)
    stream += saturations("nearer", *grown, SPO2_PCT + 2, SPO2_PCT - 11, WELL)
    far = 100
    stream += saturations("far", *grown, far, far, SPO2_PCT - 10, SPO2_PCT - 6)
    stream += saturations("too-far", *grown, far, far, SPO2_PCT - 10, SPO2_PCT - 5)
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "far", 6, None, 50),
        ("ongoing", "near", 0, None, 50),
        ("ended", "near", 0, 5, None),
    ]


def test_never_is_less_than_nothing(detect: Detect) -> None:
    long_well = [100.0] * 30
    stream = saturations("p", *long_well, 80, 80, 80, 80, 80, WELL, WELL)
    assert [f.phase for f in detect(PATTERN, in_time(stream))] == ["ongoing", "ended"]


def test_three_dips_in_a_minute_are_found_with_the_third(detect: Detect) -> None:
    def dips(patient: str, *at: int) -> list[Message]:
        return [
            message(t, patient, spo2_pct=SPO2_PCT - 1 if {t, t - 1} & set(at) else WELL)
            for t in range(max(at) + 4)
        ]

    stream = dips("three", 5, 30, 5 + WITHIN_S)
    stream += dips("too-slow", 5, 30, 6 + WITHIN_S)
    stream += dips("two", 5, 30)
    stream += dips("one-long", 5, 7, 9)
    third = 5 + WITHIN_S
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "three", third, None, 2),
        ("ended", "three", third, third + 1, None),
    ]


def test_a_gap_cuts_the_episode_and_keeps_the_burden(detect: Detect) -> None:
    low = SPO2_PCT - 10
    nothing = [None] * GAP_S
    stream = saturations("gap", low, low, low, low, *nothing, low, low, WELL, WELL)
    assert detect(PATTERN, in_time(stream)) == [
        ("ongoing", "gap", 4 + GAP_S, None, 60),
        ("ended", "gap", 4 + GAP_S, 5 + GAP_S, None),
    ]


def test_disorder_changes_nothing(detect: Detect) -> None:
    stream = saturations("p", WELL, 80, 80, 80, 80, 80, WELL, WELL)
    swapped = [stream[i] for i in (0, 2, 1, 4, 3, 6, 5, 7)]
    assert detect(PATTERN, swapped) == [
        ("ongoing", "p", 1, None, INDEX),
        ("ended", "p", 1, 5, None),
    ]


def test_a_probe_that_is_off_is_no_burden(detect: Detect) -> None:
    assert detect(PATTERN, saturations("off", 97, 0, 0, 0, 0, 97)) == []
