"""Read a patient's values off a chart.

A value that is missing, too old or of unknown age counts as every value it
could have: no default, no last good value. The result says what is certain.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from scores.chart import (
    Banded,
    Bands,
    Code,
    Coded,
    Input,
    Part,
    Ratio,
    Risk,
    Score,
)
from scores.result import PartResult, RatioResult, Result
from scores.rounding import steps

Value = float | Code
Chosen = TypeVar("Chosen")


class Reading(NamedTuple):
    """The latest value of one column and how old it is; None is missing."""

    value: Value | None = None
    age_s: float | None = None


Readings = Mapping[str, Reading]
"""Column to reading; a column that is not there is missing."""

MISSING = Reading()


def evaluate(score: Score, readings: Readings) -> Result:
    """Return what ``score`` says of ``readings``, complete or not."""
    parts = tuple(_part_result(part, readings) for part in score.parts)
    return Result(
        name=score.name,
        version=score.version,
        parts=parts,
        risk_at_least=_risk(score.risks, [part.lowest for part in parts]),
        risk_at_most=_risk(score.risks, [part.highest for part in parts]),
    )


def evaluate_ratio(ratio: Ratio, readings: Readings) -> RatioResult:
    """Return ``ratio`` of ``readings``; nothing is divided by 0 or less."""
    quotient = _quotient(_steps(ratio.over, readings), _steps(ratio.under, readings))
    return RatioResult(
        name=ratio.name,
        version=ratio.version,
        ratio=quotient,
        marked=None if quotient is None else quotient > ratio.marked_above,
        over_age_s=_reading(ratio.over, readings).age_s,
        under_age_s=_reading(ratio.under, readings).age_s,
    )


def _quotient(over: int | None, under: int | None) -> float | None:
    return None if over is None or under is None or under <= 0 else over / under


def _part_result(part: Part, readings: Readings) -> PartResult:
    possible = _possible(part, readings)
    return PartResult(
        name=part.name,
        lowest=min(possible),
        highest=max(possible),
        age_s=_reading(part.reads, readings).age_s,
    )


def _risk(risks: Iterable[Risk], points: list[int]) -> Risk:
    return [risk for risk in risks if _reached(risk, points)][-1]


def _reached(risk: Risk, points: list[int]) -> bool:
    by_total = risk.from_total is not None and sum(points) >= risk.from_total
    return by_total or (risk.from_part is not None and max(points) >= risk.from_part)


def _possible(part: Part, readings: Readings) -> set[int]:
    """Return the points that ``part`` can have, given what is known."""
    if isinstance(part, Coded):
        return set(_chosen(part.codes, _fresh(part.reads, readings)))
    value = _steps(part.reads, readings)
    if isinstance(part, Banded):
        return _points(part.bands, value)
    cases = _chosen(part.cases, _fresh(part.switch, readings))
    return {points for bands in cases for points in _points(bands, value)}


def _points(bands: Bands, value: int | None) -> set[int]:
    return {
        band.points
        for band in bands
        if value is None or band.interval[0] <= value <= band.interval[1]
    }


def _chosen(
    options: tuple[tuple[Code, Chosen], ...], code: Value | None
) -> list[Chosen]:
    """Return the option of ``code``; all of them while it is unknown."""
    chosen = [option for key, option in options if key == code]
    return chosen or [option for _, option in options]


def _steps(read: Input, readings: Readings) -> int | None:
    value = _fresh(read, readings)
    return None if value is None else steps(value, read.decimals)


def _fresh(read: Input, readings: Readings) -> Value | None:
    value, age_s = _reading(read, readings)
    return value if age_s is not None and age_s <= read.max_age_s else None


def _reading(read: Input, readings: Readings) -> Reading:
    return readings.get(read.column, MISSING)
