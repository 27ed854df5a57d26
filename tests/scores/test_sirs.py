"""SIRS by vital signs: four bounds, positive from two, and said to be three of four."""

import pytest

from scores.evaluation import Value, evaluate
from scores.sirs import SCORE
from tests.scores.bounds import Bound
from tests.scores.patients import WELL, fresh, points

BOUNDS = [
    ("temperature", Bound("temperature_c", "35.9", 1, 0)),
    ("temperature", Bound("temperature_c", "38.0", 0, 1)),
    ("heart_rate", Bound("heart_rate_bpm", "90", 0, 1)),
    ("respiration", Bound("respiratory_rate_per_min", "20", 0, 1)),
]


@pytest.mark.parametrize(("part", "bound"), BOUNDS)
def test_points_change_at_the_printed_bounds(part: str, bound: Bound) -> None:
    for value, expected in bound.cases():
        assert points(SCORE, part, **{bound.column: value}) == expected, value


@pytest.mark.parametrize(
    ("changed", "total", "risk"),
    [
        ({"temperature_c": 35.9}, 1, "negative"),
        ({"temperature_c": 38.1, "heart_rate_bpm": 91.0}, 2, "positive"),
        ({"temperature_c": 38.0, "heart_rate_bpm": 90.0}, 0, "negative"),
        ({"respiratory_rate_per_min": 21.0, "heart_rate_bpm": 90.5}, 2, "positive"),
    ],
)
def test_positive_from_two(changed: dict[str, Value], total: int, risk: str) -> None:
    result = evaluate(SCORE, fresh(**WELL | changed))
    assert result.risk is not None
    assert (result.total, result.risk.name) == (total, risk)


def test_it_says_that_it_is_three_of_four_criteria() -> None:
    assert len(SCORE.parts) == 3
    assert "3 of 4 criteria" in SCORE.title
    assert "white cell count not seen" in SCORE.title
