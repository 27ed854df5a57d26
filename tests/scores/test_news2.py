"""NEWS2 as printed: every bound, both scales, observations added up by hand."""

import pytest

from scores.evaluation import Value, evaluate
from scores.news2 import SCALE_1, SCALE_2
from tests.scores.bounds import Bound
from tests.scores.patients import WELL, fresh, points

BOUNDS = {
    "respiration": [
        Bound("respiratory_rate_per_min", "8", 3, 1),
        Bound("respiratory_rate_per_min", "11", 1, 0),
        Bound("respiratory_rate_per_min", "20", 0, 2),
        Bound("respiratory_rate_per_min", "24", 2, 3),
    ],
    "systolic_blood_pressure": [
        Bound("systolic_mmhg", "90", 3, 2),
        Bound("systolic_mmhg", "100", 2, 1),
        Bound("systolic_mmhg", "110", 1, 0),
        Bound("systolic_mmhg", "219", 0, 3),
    ],
    "pulse": [
        Bound("heart_rate_bpm", "40", 3, 1),
        Bound("heart_rate_bpm", "50", 1, 0),
        Bound("heart_rate_bpm", "90", 0, 1),
        Bound("heart_rate_bpm", "110", 1, 2),
        Bound("heart_rate_bpm", "130", 2, 3),
    ],
    "temperature": [
        Bound("temperature_c", "35.0", 3, 1),
        Bound("temperature_c", "36.0", 1, 0),
        Bound("temperature_c", "38.0", 0, 1),
        Bound("temperature_c", "39.0", 1, 2),
    ],
}
LOW_SATURATION_SCALE_2 = [
    Bound("spo2_pct", "83", 3, 2),
    Bound("spo2_pct", "85", 2, 1),
    Bound("spo2_pct", "87", 1, 0),
]
SATURATION = {
    ("scale 1", False): [
        Bound("spo2_pct", "91", 3, 2),
        Bound("spo2_pct", "93", 2, 1),
        Bound("spo2_pct", "95", 1, 0),
    ],
    ("scale 2", False): [
        *LOW_SATURATION_SCALE_2,
        *(Bound("spo2_pct", last, 0, 0) for last in ("92", "94", "96")),
    ],
    ("scale 2", True): [
        *LOW_SATURATION_SCALE_2,
        Bound("spo2_pct", "92", 0, 1),
        Bound("spo2_pct", "94", 1, 2),
        Bound("spo2_pct", "96", 2, 3),
    ],
}
SATURATION["scale 1", True] = SATURATION["scale 1", False]
SCALE = {"scale 1": SCALE_1, "scale 2": SCALE_2}


@pytest.mark.parametrize("scale", SCALE)
@pytest.mark.parametrize("part", BOUNDS)
def test_points_change_at_the_printed_bounds(part: str, scale: str) -> None:
    for bound in BOUNDS[part]:
        for value, expected in bound.cases():
            found = points(SCALE[scale], part, **{bound.column: value})
            assert found == expected, (bound, value)


@pytest.mark.parametrize(("scale", "on_oxygen"), SATURATION)
def test_saturation_is_read_on_its_scale(scale: str, on_oxygen: bool) -> None:  # noqa: FBT001 - it is data
    for bound in SATURATION[scale, on_oxygen]:
        for value, expected in bound.cases():
            found = points(
                SCALE[scale], "oxygen_saturation", spo2_pct=value, on_oxygen=on_oxygen
            )
            assert found == expected, (bound, value)


@pytest.mark.parametrize(
    ("column", "part", "value", "expected"),
    [
        ("consciousness", "consciousness", "A", 0),
        ("consciousness", "consciousness", "C", 3),
        ("consciousness", "consciousness", "V", 3),
        ("consciousness", "consciousness", "P", 3),
        ("consciousness", "consciousness", "U", 3),
        ("consciousness", "consciousness", "a", None),  # no letter of the chart
        ("on_oxygen", "air_or_oxygen", False, 0),
        ("on_oxygen", "air_or_oxygen", True, 2),
        ("respiratory_rate_per_min", "respiration", -1.0, 3),  # nothing is clipped
        ("respiratory_rate_per_min", "respiration", 9_999.0, 3),
    ],
)
def test_points_of_codes_and_extremes(
    column: str, part: str, value: Value, expected: int | None
) -> None:
    for score in (SCALE_1, SCALE_2):
        assert points(score, part, **{column: value}) == expected


BY_HAND = [
    # breaths, SpO2, oxygen, systolic, pulse, ACVPU, temperature, totals on 1 and 2
    ((16, 97, False, 120, 70, "A", 37.0), (0, "low"), (0, "low")),
    ((21, 97, False, 120, 91, "A", 38.1), (4, "low"), (4, "low")),  # 2 + 1 + 1
    ((25, 97, False, 120, 70, "A", 37.0), (3, "low-medium"), (3, "low-medium")),
    ((25, 97, False, 120, 91, "A", 37.0), (4, "low-medium"), (4, "low-medium")),
    ((25, 97, False, 120, 111, "A", 37.0), (5, "medium"), (5, "medium")),  # 3 + 2
    ((21, 97, False, 100, 91, "A", 37.0), (5, "medium"), (5, "medium")),  # no 3 in it
    ((21, 97, False, 100, 111, "A", 37.0), (6, "medium"), (6, "medium")),
    ((21, 97, False, 100, 111, "A", 36.0), (7, "high"), (7, "high")),
    # a target of 88-92 %: 90 is on target, on oxygen as well; 97 on oxygen is not
    ((16, 90, False, 120, 70, "A", 37.0), (3, "low-medium"), (0, "low")),
    ((16, 90, True, 120, 70, "A", 37.0), (5, "medium"), (2, "low")),
    ((16, 97, True, 120, 70, "A", 37.0), (2, "low"), (5, "medium")),
    ((25, 91, True, 90, 131, "U", 35.0), (20, "high"), (17, "high")),
    ((25, 83, True, 220, 40, "C", 34.9), (20, "high"), (20, "high")),
]


@pytest.mark.parametrize(("observed", "on_1", "on_2"), BY_HAND)
def test_observations_add_up_as_by_hand(
    observed: tuple[Value, ...], on_1: tuple[int, str], on_2: tuple[int, str]
) -> None:
    readings = fresh(**dict(zip(WELL, observed, strict=True)))
    for score, expected in ((SCALE_1, on_1), (SCALE_2, on_2)):
        result = evaluate(score, readings)
        assert result.risk is not None
        assert (result.total, result.risk.name) == expected


def test_how_soon_somebody_comes() -> None:
    soon = {risk.name: risk.within_min for risk in SCALE_1.risks}
    assert soon == {"low": None, "low-medium": None, "medium": 60, "high": 30}


def test_a_missing_oxygen_flag_leaves_two_parts_open_on_scale_2() -> None:
    result = evaluate(SCALE_2, fresh(**WELL | {"on_oxygen": None, "spo2_pct": 95.0}))
    assert result.missing == ("oxygen_saturation", "air_or_oxygen")
    assert (result.lowest, result.highest) == (0, 4)  # air: 0 + 0, oxygen: 2 + 2
    assert result.completeness == (5, 7)


def test_a_saturation_below_target_needs_no_oxygen_flag() -> None:
    result = evaluate(SCALE_2, fresh(**WELL | {"on_oxygen": None, "spo2_pct": 84.0}))
    assert result.missing == ("air_or_oxygen",)
    assert (result.lowest, result.highest) == (2, 4)


def test_on_scale_1_a_missing_oxygen_flag_leaves_one_part_open() -> None:
    result = evaluate(SCALE_1, fresh(**WELL | {"on_oxygen": None}))
    assert result.missing == ("air_or_oxygen",)
    assert (result.lowest, result.highest) == (0, 2)


def test_a_high_risk_is_certain_before_the_score_is_complete() -> None:
    readings = fresh(respiratory_rate_per_min=30.0, spo2_pct=80.0, heart_rate_bpm=111.0)
    result = evaluate(SCALE_1, readings)
    assert (result.total, result.lowest, result.highest) == (None, 8, 19)
    assert result.risk is not None
    assert (result.risk.name, result.completeness) == ("high", (3, 7))


def test_a_single_three_raises_the_risk_before_the_score_is_complete() -> None:
    result = evaluate(SCALE_1, fresh(consciousness="C"))
    assert (result.risk_at_least.name, result.risk) == ("low-medium", None)
    assert result.single_three
    assert result.risk_at_most.name == "high"


def test_a_three_that_is_only_possible_is_not_told_as_one() -> None:
    result = evaluate(SCALE_2, fresh(**WELL | {"on_oxygen": None, "spo2_pct": 97.0}))
    assert not result.single_three
    assert (result.risk_at_least.name, result.risk_at_most.name) == ("low", "medium")


def test_the_whole_range_is_that_of_the_chart() -> None:
    for score in (SCALE_1, SCALE_2):
        result = evaluate(score, {})
        assert (result.lowest, result.highest) == (0, 20)
