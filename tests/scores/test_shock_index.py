"""The shock index is a ratio of whole numbers, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scores.evaluation import Reading, evaluate_ratio
from scores.result import RatioResult
from scores.shock_index import SCORE
from tests.scores import on_paper
from tests.scores.patients import fresh


def index(heart_rate: float | None, systolic: float | None) -> RatioResult:
    readings = fresh(heart_rate_bpm=heart_rate, systolic_mmhg=systolic)
    return evaluate_ratio(SCORE, readings)


@pytest.mark.parametrize(
    ("heart_rate", "systolic", "ratio", "marked"),
    [
        (60.0, 120.0, 0.5, False),
        (100.0, 100.0, 1.0, False),  # at the bound, not above it
        (101.0, 100.0, 1.01, True),
        (100.4, 99.5, 1.0, False),  # 100 / 100
        (100.5, 100.4, 1.01, True),  # 101 / 100
        (120.0, 80.0, 1.5, True),
        (299.0, 300.0, 299 / 300, False),
        (0.0, 100.0, 0.0, False),
    ],
)
def test_whole_numbers_are_divided(
    heart_rate: float,
    systolic: float,
    ratio: float,
    marked: bool,  # noqa: FBT001
) -> None:
    result = index(heart_rate, systolic)
    assert (result.ratio, result.marked) == (ratio, marked)


@given(st.integers(0, 3_000_000), st.integers(5_000, 4_000_000))
def test_marked_is_a_rate_above_the_pressure(rate: int, pressure: int) -> None:
    result = index(rate / 10_000, pressure / 10_000)
    above = on_paper.rounded(rate, 10_000) > on_paper.rounded(pressure, 10_000)
    assert result.marked == above


@pytest.mark.parametrize(
    ("heart_rate", "systolic"),
    [(None, 100.0), (100.0, None), (None, None), (100.0, 0.4), (100.0, -80.0)],
)
def test_without_both_there_is_no_ratio(
    heart_rate: float | None, systolic: float | None
) -> None:
    result = index(heart_rate, systolic)
    assert (result.ratio, result.marked) == (None, None)


@pytest.mark.parametrize(
    ("heart_rate_age_s", "systolic_age_s", "counts"),
    [
        (300, 14_400, True),
        (300.001, 14_400, False),
        (300, 14_400.001, False),
        (None, 1, False),
        (1, None, False),
    ],
)
def test_both_must_be_recent_and_their_ages_are_told(
    heart_rate_age_s: float | None,
    systolic_age_s: float | None,
    counts: bool,  # noqa: FBT001
) -> None:
    readings = {
        "heart_rate_bpm": Reading(100.0, heart_rate_age_s),
        "systolic_mmhg": Reading(100.0, systolic_age_s),
    }
    result = evaluate_ratio(SCORE, readings)
    assert (result.ratio is not None) == counts
    assert (result.over_age_s, result.under_age_s) == (heart_rate_age_s, systolic_age_s)
