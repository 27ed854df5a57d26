"""What holds of every score, whatever its chart says."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scores.catalogue import SCORES
from scores.chart import Risk, Score
from scores.evaluation import Reading, Value, evaluate
from scores.result import Result
from tests.scores.patients import EVERYBODY, MAX_AGE_S, WELL, fresh, wire

COLUMNS = sorted(WELL)
some_columns = st.sets(st.sampled_from(COLUMNS))
everybody = EVERYBODY.map(lambda drawn: {k: wire(v) for k, v in drawn.items()})
every_score = pytest.mark.parametrize("score", SCORES, ids=lambda score: score.name)
many = settings(max_examples=200, deadline=None)

GRID: dict[str, list[Value]] = {
    "respiratory_rate_per_min": [8.4, 8.5, 11.5, 12.0, 20.5, 24.5],
    "spo2_pct": [83.4, 83.5, 85.5, 87.5, 91.5, 92.5, 93.5, 94.5, 95.5, 96.5],
    "on_oxygen": [False, True],
    "systolic_mmhg": [90.4, 90.5, 100.5, 110.5, 219.4, 219.5],
    "heart_rate_bpm": [40.4, 40.5, 50.5, 90.5, 110.5, 130.5],
    "consciousness": ["A", "C"],
    "temperature_c": [35.04, 35.05, 36.05, 38.05, 39.04, 39.05],
}
"""A value or two in each band of each part."""


def without(patient: dict[str, Value], hidden: set[str]) -> dict[str, Value]:
    return {k: v for k, v in patient.items() if k not in hidden}


def rank(score: Score, risk: Risk) -> int:
    return score.risks.index(risk)


def contains(score: Score, wider: Result, narrower: Result) -> bool:
    """Whether all that ``narrower`` leaves possible is possible in ``wider``."""
    return (
        wider.lowest <= narrower.lowest <= narrower.highest <= wider.highest
        and rank(score, wider.risk_at_least) <= rank(score, narrower.risk_at_least)
        and rank(score, wider.risk_at_most) >= rank(score, narrower.risk_at_most)
    )


@every_score
@many
@given(patient=everybody)
def test_a_complete_score_is_the_sum_of_its_parts(
    score: Score, patient: dict[str, Value]
) -> None:
    result = evaluate(score, fresh(**patient))
    known = [part.points for part in result.parts if part.points is not None]
    assert result.total == result.lowest == result.highest == sum(known)
    assert result.completeness == (len(known), len(score.parts))
    assert result.missing == ()
    assert result.risk == result.risk_at_least == result.risk_at_most


@every_score
@many
@given(patient=everybody, hidden=some_columns, more=some_columns)
def test_hiding_more_only_widens_what_is_possible(
    score: Score, patient: dict[str, Value], hidden: set[str], more: set[str]
) -> None:
    narrower = evaluate(score, fresh(**without(patient, hidden)))
    wider = evaluate(score, fresh(**without(patient, hidden | more)))
    assert contains(score, wider, narrower)


@every_score
@many
@given(patient=everybody, hidden=some_columns)
def test_the_lowest_possible_total_has_all_that_is_known(
    score: Score, patient: dict[str, Value], hidden: set[str]
) -> None:
    result = evaluate(score, fresh(**without(patient, hidden)))
    known = sum(part.points or 0 for part in result.parts)
    assert known <= result.lowest
    assert (result.total is None) == (len(result.missing) > 0)


@every_score
@pytest.mark.parametrize("hidden", [COLUMNS[:4], COLUMNS[3:], ["on_oxygen"]], ids=str)
def test_the_range_is_what_filling_in_can_give(score: Score, hidden: list[str]) -> None:
    """No wider and no narrower: each end is the total of some real patient."""
    known = without(WELL, set(hidden))
    range_ = evaluate(score, fresh(**known))
    filled = [
        evaluate(score, fresh(**known, **dict(zip(hidden, values, strict=True))))
        for values in product(*(GRID[column] for column in hidden))
    ]
    assert min(result.lowest for result in filled) == range_.lowest
    assert max(result.highest for result in filled) == range_.highest
    assert all(contains(score, range_, result) for result in filled)


@every_score
@many
@given(patient=everybody, hidden=some_columns)
def test_too_old_unknown_age_and_not_there_are_all_the_same(
    score: Score, patient: dict[str, Value], hidden: set[str]
) -> None:
    absent = evaluate(score, fresh(**without(patient, hidden)))
    for too_old_s in (None, 14_400.001):
        readings = fresh(**patient) | {
            column: Reading(patient[column], too_old_s) for column in hidden
        }
        result = evaluate(score, readings)
        assert [(part.lowest, part.highest) for part in result.parts] == [
            (part.lowest, part.highest) for part in absent.parts
        ]


@every_score
@pytest.mark.parametrize("column", COLUMNS)
def test_a_value_counts_up_to_its_greatest_age(score: Score, column: str) -> None:
    for older_s, counts in ((-400_000, True), (0, True), (0.001, False)):
        reading = Reading(WELL[column], MAX_AGE_S[column] + older_s)
        result = evaluate(score, fresh(**WELL) | {column: reading})
        read = column in {part.reads.column for part in score.parts}
        assert (result.total is not None) == (counts or not read)


@every_score
def test_of_nobody_nothing_is_said(score: Score) -> None:
    result = evaluate(score, {})
    assert (result.total, result.risk, result.single_three) == (None, None, False)
    assert result.completeness == (0, len(score.parts))
    assert (result.risk_at_least, result.risk_at_most) == (
        score.risks[0],
        score.risks[-1],
    )


@every_score
def test_ages_are_told_even_of_values_that_are_too_old(score: Score) -> None:
    ages = {column: float(i * 100_000) for i, column in enumerate(COLUMNS)}
    result = evaluate(score, {k: Reading(WELL[k], ages[k]) for k in COLUMNS})
    told = [part.age_s for part in result.parts]
    assert told == [ages[part.reads.column] for part in score.parts]


@every_score
def test_somebody_well_has_no_points(score: Score) -> None:
    result = evaluate(score, fresh(**WELL))
    assert result.total == 0
    assert result.risk == score.risks[0]
