"""Every score says what its chart on paper says, of whatever there can be."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scores import news2, qsofa, sirs
from scores.chart import Score
from scores.evaluation import Reading, evaluate
from tests.scores import on_paper
from tests.scores.patients import EVERYBODY, UNIT, Drawn, of_no_use, of_use, wire

OnPaper = Callable[[on_paper.Chart], list[int]]
Means = Callable[[list[int]], str]

PAPER: list[tuple[Score, OnPaper, Means]] = [
    (news2.SCALE_1, on_paper.news2_scale_1, on_paper.news2_risk),
    (news2.SCALE_2, on_paper.news2_scale_2, on_paper.news2_risk),
    (qsofa.SCORE, on_paper.qsofa, on_paper.two_or_more),
    (sirs.SCORE, on_paper.sirs, on_paper.two_or_more),
]

every_score = pytest.mark.parametrize(
    ("score", "paper", "means"), PAPER, ids=[score.name for score, _, _ in PAPER]
)


def charted(drawn: Mapping[str, Drawn], hidden: set[str]) -> dict[str, object]:
    """Return what somebody writes on paper; None for what is hidden."""
    return {
        column: value
        if isinstance(value, bool | str)
        else on_paper.rounded(value, UNIT[column])
        for column, value in drawn.items()
    } | dict.fromkeys(hidden)


@every_score
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_score_is_that_of_the_paper(
    score: Score, paper: OnPaper, means: Means, data: st.DataObject
) -> None:
    drawn = data.draw(EVERYBODY)
    hidden = data.draw(st.sets(st.sampled_from(sorted(drawn)), max_size=3))
    readings: dict[str, Reading] = {}
    for column, value in drawn.items():
        fate = of_no_use if column in hidden else of_use
        readings[column] = data.draw(fate(column, wire(value)))

    result = evaluate(score, readings)

    charts = on_paper.completions(charted(drawn, hidden))
    answers = [paper(chart) for chart in charts]
    totals = {sum(answer) for answer in answers}
    by_part = [set(column) for column in zip(*answers, strict=True)]
    assert [part.points for part in result.parts] == [
        min(column) if len(column) == 1 else None for column in by_part
    ]
    assert (result.lowest, result.highest) == (min(totals), max(totals))
    assert result.total == (min(totals) if len(totals) == 1 else None)
    known = sum(len(column) == 1 for column in by_part)
    assert result.completeness == (known, len(by_part))
    assert result.single_three == ({3} in by_part)
    order = [risk.name for risk in score.risks]
    risks = {order.index(means(answer)) for answer in answers}
    assert result.risk_at_least.name == order[min(risks)]
    assert result.risk_at_most.name == order[max(risks)]
    assert (result.risk is None) == (len(risks) > 1)
