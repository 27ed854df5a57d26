"""Scores as SQL, written from the same charts that ``scores.evaluate`` reads.

The fewest and the most points of all parts are packed into one number, two bits
each, so that one column says whether anything has changed since the last slot,
and what follows can be read from it without asking the chart again.
"""

from collections.abc import Callable, Iterable
from typing import Final

from scores.chart import Banded, Bands, Code, Coded, Input, Part, Ratio, Risk, Score

_POINTS: Final = 4
"""A part has 0 to 3 points."""

_PAIR: Final = _POINTS * _POINTS
_MOST_PARTS: Final = 15

_Pair = tuple[str, str]
"""SQL for the fewest and for the most points."""


def points(score: Score) -> str:
    """Return SQL for the packed points of ``score``, over the observations."""
    _check(score)
    pairs = (
        f"CAST({low} * {_POINTS} + {high} AS BIGINT) * {_PAIR**i}"
        for i, (low, high) in enumerate(map(_possible, score.parts))
    )
    return f"({' + '.join(pairs)})"


def lowest(packed: str, part: int) -> str:
    """Return SQL for the fewest points of the ``part``-th part in ``packed``."""
    return f"CAST(MOD({packed} / {_PAIR**part * _POINTS}, {_POINTS}) AS INT)"


def highest(packed: str, part: int) -> str:
    """Return SQL for the most points of the ``part``-th part in ``packed``."""
    return f"CAST(MOD({packed} / {_PAIR**part}, {_POINTS}) AS INT)"


def rank(score: Score, parts: Iterable[str]) -> str:
    """Return SQL for which of the risks the points of ``parts`` reach, from 0."""
    points_of = list(parts)
    reached = (
        f"WHEN {_reached(risk, points_of)} THEN {n}"
        for n, risk in reversed(list(enumerate(score.risks)))
    )
    return f"CASE {' '.join(reached)} ELSE 0 END"


def of_risk(score: Score, rank: str, value: Callable[[Risk], str]) -> str:
    """Return SQL for the text that the risk of a ``rank`` has."""
    cases = (f"WHEN {n} THEN '{value(r)}'" for n, r in enumerate(score.risks))
    return f"CASE {rank} {' '.join(cases)} END"


def quotient(ratio: Ratio) -> str:
    """Return SQL for the value of ``ratio``; nothing is divided by 0 or less."""
    over, under = _steps(ratio.over), _steps(ratio.under)
    return f"CASE WHEN {under} > 0 THEN {over} / {under} END"


def usable(ratio: Ratio) -> dict[str, str]:
    """Return for each input of ``ratio`` the predicate that it can be counted on."""
    over, under = ratio.over, ratio.under
    return {
        over.column: f"{over.column} IS NOT NULL",
        under.column: f"COALESCE({_steps(under)} > 0, FALSE)",
    }


def side(ratio: Ratio) -> str:
    """Return SQL for where ``ratio`` stands: 2 above its bound, 1 not, 0 unknown."""
    return f"CASE {marked(ratio)} WHEN TRUE THEN 2 WHEN FALSE THEN 1 ELSE 0 END"


def marked(ratio: Ratio) -> str:
    """Return SQL for whether ``ratio`` is above its bound."""
    return f"({quotient(ratio)}) > {ratio.marked_above}E0"


def _steps(read: Input) -> str:
    """Return the value in steps: a whole number, though a DOUBLE."""
    if not read.decimals:
        return read.column
    return f"FLOOR({read.column} * {10**read.decimals} + 0.5E0)"


def _possible(part: Part) -> _Pair:
    if isinstance(part, Coded):
        return _coded(part.reads, part.codes)
    if isinstance(part, Banded):
        return _banded(part.reads, part.bands)
    cases = [(code, _banded(part.reads, bands)) for code, bands in part.cases]
    return (
        _switched(part.switch, [(code, low) for code, (low, _) in cases], "LEAST"),
        _switched(part.switch, [(code, high) for code, (_, high) in cases], "GREATEST"),
    )


def _banded(read: Input, bands: Bands) -> _Pair:
    value = _steps(read)
    whens = [f"WHEN {value} <= {b.high} THEN {b.points}" for b in bands[:-1]]
    last = f"WHEN {value} IS NOT NULL THEN {bands[-1].points}"
    return _either([*whens, last], [band.points for band in bands])


def _coded(read: Input, codes: Iterable[tuple[Code, int]]) -> _Pair:
    whens = [f"WHEN {_is(read, code)} THEN {n}" for code, n in codes]
    return _either(whens, [n for _, n in codes])


def _either(whens: list[str], possible: list[int]) -> _Pair:
    """Return the points that ``whens`` give; where none does, those possible."""
    known = f"CASE {' '.join(whens)}"
    return f"{known} ELSE {min(possible)} END", f"{known} ELSE {max(possible)} END"


def _switched(switch: Input, cases: list[tuple[Code, str]], unknown: str) -> str:
    whens = " ".join(f"WHEN {_is(switch, code)} THEN {sql}" for code, sql in cases)
    return f"CASE {whens} ELSE {unknown}({', '.join(sql for _, sql in cases)}) END"


def _is(read: Input, code: Code) -> str:
    if isinstance(code, bool):
        return read.column if code else f"NOT {read.column}"
    return f"{read.column} = '{code}'"


def _reached(risk: Risk, parts: list[str]) -> str:
    by_total = [f"{' + '.join(parts)} >= {risk.from_total}"]
    by_part = [f"{part} >= {risk.from_part}" for part in parts]
    ways = by_total * (risk.from_total is not None)
    return " OR ".join(ways + by_part * (risk.from_part is not None))


def _check(score: Score) -> None:
    fit = len(score.parts) <= _MOST_PARTS
    if not fit:
        msg = f"{score.name}: at most {_MOST_PARTS} parts fit, got {len(score.parts)}"
        raise ValueError(msg)
