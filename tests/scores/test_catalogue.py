"""Promises every score keeps, present and future."""

import importlib

import pytest

from producers.contract import VITALS
from scores.catalogue import RATIOS, SCORES
from scores.chart import Bands, Coded, Input, Part, Ratio, Score, Switched
from scores.evaluation import evaluate
from tests.scores.patients import fresh

COLUMNS = {column.name: column for column in VITALS.columns}
EVERYTHING: tuple[Score | Ratio, ...] = (*SCORES, *RATIOS)
MODULES = ("news2", "qsofa", "sirs", "shock_index")
NUMBERS = range(-1_000, 5_000)
"""Steps of every chart, well beyond what a sensor can mean."""

every_score = pytest.mark.parametrize("score", SCORES, ids=lambda score: score.name)


def charts(part: Part) -> list[Bands]:
    if isinstance(part, Coded):
        return []
    return (
        [bands for _, bands in part.cases]
        if isinstance(part, Switched)
        else [part.bands]
    )


def inputs() -> list[Input]:
    parts = [part for score in SCORES for part in score.parts]
    switches = [part.switch for part in parts if isinstance(part, Switched)]
    ratios = [read for ratio in RATIOS for read in (ratio.over, ratio.under)]
    return [part.reads for part in parts] + switches + ratios


def test_names_are_unique() -> None:
    names = [score.name for score in EVERYTHING]
    assert len(names) == len(set(names))


@every_score
def test_parts_have_names_of_their_own(score: Score) -> None:
    names = [part.name for part in score.parts]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", MODULES)
def test_docstring_says_why_what_and_who_says_so(name: str) -> None:
    doc = importlib.import_module(f"scores.{name}").__doc__ or ""
    for heading in ("Why", "Computes", "Ignores", "Source"):
        assert f"\n{heading} " in doc


def test_every_score_belongs_to_a_documented_module() -> None:
    for score in EVERYTHING:
        assert score.name.startswith(MODULES)


def test_every_input_is_on_the_wire() -> None:
    assert {read.column for read in inputs()} <= COLUMNS.keys()


@every_score
def test_numbers_are_read_in_bands_and_codes_by_name(score: Score) -> None:
    for part in score.parts:
        is_number = COLUMNS[part.reads.column].sql_type == "DOUBLE"
        assert is_number != isinstance(part, Coded)


@every_score
def test_every_code_on_the_wire_has_points(score: Score) -> None:
    for part in score.parts:
        if isinstance(part, Coded):
            codes = COLUMNS[part.reads.column].one_of or (False, True)
            assert [code for code, _ in part.codes] == list(codes)


@every_score
def test_every_number_is_in_one_band(score: Score) -> None:
    for bands in (chart for part in score.parts for chart in charts(part)):
        ends = [band.interval for band in bands]
        for number in NUMBERS:
            assert sum(low <= number <= high for low, high in ends) == 1


@every_score
def test_a_case_with_more_points_belongs_to_the_code_with_more(score: Score) -> None:
    """Then the lowest and highest points of the parts can be added up."""
    own = {part.reads: part.codes for part in score.parts if isinstance(part, Coded)}
    for part in score.parts:
        if not isinstance(part, Switched):
            continue
        order = [code for code, _ in sorted(own[part.switch], key=lambda pair: pair[1])]
        assert order == [code for code, _ in part.cases]
        for number in NUMBERS:
            points = [
                band.points
                for bands in charts(part)
                for band in bands
                if band.interval[0] <= number <= band.interval[1]
            ]
            assert points == sorted(points)


@every_score
def test_risks_rise_and_the_first_is_always_reached(score: Score) -> None:
    assert score.risks[0].from_total == 0
    totals = [risk.from_total for risk in score.risks if risk.from_total is not None]
    assert totals == sorted(set(totals))


@every_score
def test_columns_that_no_part_reads_change_nothing(score: Score) -> None:
    more = fresh(pulse_rate_bpm=200.0, diastolic_mmhg=200.0, signal_quality_pct=0.0)
    assert evaluate(score, more) == evaluate(score, {})
