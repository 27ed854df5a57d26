"""qSOFA: three bounds, positive from two."""

import pytest

from scores.evaluation import evaluate
from scores.qsofa import SCORE
from tests.scores.bounds import Bound
from tests.scores.patients import fresh, points

BOUNDS = {
    "respiration": Bound("respiratory_rate_per_min", "21", 0, 1),
    "systolic_blood_pressure": Bound("systolic_mmhg", "100", 1, 0),
}


@pytest.mark.parametrize("part", BOUNDS)
def test_points_change_at_the_printed_bounds(part: str) -> None:
    bound = BOUNDS[part]
    for value, expected in bound.cases():
        assert points(SCORE, part, **{bound.column: value}) == expected, value


@pytest.mark.parametrize(
    ("letter", "expected"), [("A", 0), ("C", 1), ("V", 1), ("P", 1), ("U", 1)]
)
def test_any_state_but_alert_is_altered(letter: str, expected: int) -> None:
    assert points(SCORE, "mentation", consciousness=letter) == expected


@pytest.mark.parametrize(
    ("breaths", "systolic", "letter", "total", "risk"),
    [
        (21, 101, "A", 0, "negative"),
        (22, 101, "A", 1, "negative"),
        (22, 100, "A", 2, "positive"),
        (22, 101, "C", 2, "positive"),
        (22, 100, "U", 3, "positive"),
    ],
)
def test_positive_from_two(
    breaths: float, systolic: float, letter: str, total: int, risk: str
) -> None:
    readings = fresh(
        respiratory_rate_per_min=breaths, systolic_mmhg=systolic, consciousness=letter
    )
    result = evaluate(SCORE, readings)
    assert result.risk is not None
    assert (result.total, result.risk.name) == (total, risk)


def test_two_of_three_are_positive_whatever_the_third() -> None:
    readings = fresh(respiratory_rate_per_min=24.0, systolic_mmhg=90.0)
    result = evaluate(SCORE, readings)
    assert result.risk is not None
    assert (result.total, result.risk.name) == (None, "positive")


def test_one_of_two_could_be_either() -> None:
    result = evaluate(SCORE, fresh(respiratory_rate_per_min=24.0, consciousness="A"))
    assert result.risk is None
    assert (result.lowest, result.highest) == (1, 2)
