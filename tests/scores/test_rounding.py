"""Rounding is that of a person with a pencil, not that of a binary float."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scores.rounding import steps
from tests.scores import on_paper


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (38.05, 1, 381),  # 38.04999999999999716 in binary
        (38.049, 1, 380),
        (35.05, 1, 351),
        (36.15, 1, 362),  # 36.14999999999999858
        (39.05, 1, 391),
        (90.5, 0, 91),  # half to even would say 90
        (91.5, 0, 92),
        (90.49, 0, 90),
        (0.5, 0, 1),
        (-0.5, 0, -1),  # away from zero, on both sides
        (-90.5, 0, -91),
        (-1.25, 1, -13),
        (72, 0, 72),
        (1e-7, 0, 0),  # written with an exponent
    ],
)
def test_half_goes_away_from_zero(value: float, decimals: int, expected: int) -> None:
    assert steps(value, decimals) == expected


def test_what_arithmetic_leaves_behind_is_taken_away() -> None:
    noisy = 38.05 - 1e-13
    assert str(noisy) != "38.05"
    assert steps(noisy, decimals=1) == 381


def test_ten_thousandths_are_kept_as_in_the_sql() -> None:
    assert steps(38.0499, decimals=1) == 380
    assert steps(38.04995, decimals=1) == 381
    assert steps(90.49995, decimals=0) == 91  # 90.49994999999999834 in binary


@given(st.integers(-9_999_999_999, 9_999_999_999), st.sampled_from([0, 1]))
def test_rounding_is_that_of_whole_numbers(ten_thousandths: int, decimals: int) -> None:
    expected = on_paper.rounded(ten_thousandths, 10_000 // 10**decimals)
    assert steps(ten_thousandths / 10_000, decimals) == expected * 10**decimals


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e6, "37", True])
def test_what_no_chart_can_read_is_refused(value: float | str) -> None:
    with pytest.raises(ValueError, match=f"got {value!r}: validate it first"):
        steps(value, decimals=1)
