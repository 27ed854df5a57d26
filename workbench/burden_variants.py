"""A pattern's neighbours: the same with another hold, or with another limit.

What a limit costs in alarms is seen beside its neighbours. Each is a pattern
with a name of its own, so that many run together.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from cep_patterns.pattern import AtLeast, AtMost, Below, Condition, Held, Pattern
from jobs.parts import parts
from producers.contract import VITAL_SIGNS

STEPS_IN_RANGE: Final = 50
"""A step of a limit is about this part of what the sign can be."""

OPERATORS: Final[Mapping[type[Condition], str]] = {
    AtLeast: "\N{GREATER-THAN OR EQUAL TO}",
    AtMost: "\N{LESS-THAN OR EQUAL TO}",
    Below: "<",
}
_MILDER: Final[Mapping[type[Condition], int]] = {AtLeast: 1, AtMost: -1, Below: -1}
_RANGES: Final = {
    sign.name: sign.plausible for sign in VITAL_SIGNS if sign.plausible is not None
}


class Change(StrEnum):
    """In what a neighbour differs."""

    HALF_HOLD = "hold x 0.5"
    TWICE_HOLD = "hold x 2"
    MILDER = "milder limit"
    STRICTER = "stricter limit"


HOLD_FACTORS: Final = {Change.HALF_HOLD: 0.5, Change.TWICE_HOLD: 2.0}
LIMIT_STEPS: Final = {Change.MILDER: 1, Change.STRICTER: -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One neighbour of the pattern called ``of``; ``value`` is what it has instead."""

    of: str
    change: Change
    value: str
    pattern: Pattern


def variants(pattern: Pattern) -> list[Variant]:
    """Return the neighbours of a pattern that has a hold and a condition."""
    has = {each.name for each in fields(pattern)}
    if not {"hold_s", "signal", "condition"} <= has:
        return []
    return [*_with_other_holds(pattern), *_with_other_limits(pattern)]


def _with_other_holds(pattern: Any) -> Iterator[Variant]:  # noqa: ANN401 - any shape
    for change, factor in HOLD_FACTORS.items():
        hold_s = math.floor(pattern.hold_s * factor + 0.5)
        if hold_s != pattern.hold_s:
            name = f"{pattern.name}@hold={hold_s}"
            other = replace(pattern, name=name, hold_s=hold_s)
            yield Variant(
                of=pattern.name, change=change, value=f"{hold_s} s", pattern=other
            )


def _with_other_limits(pattern: Any) -> Iterator[Variant]:  # noqa: ANN401 - any shape
    if type(pattern.condition) not in _MILDER:
        return
    milder = _MILDER[type(pattern.condition)] * step(pattern.signal)
    for change, count in LIMIT_STEPS.items():
        bound = round(pattern.condition.bound + count * milder, 6)
        if _can_be(pattern.signal, bound):
            name = f"{pattern.name}@limit={bound:g}"
            condition = replace(pattern.condition, bound=bound)
            other = replace(_for_all(pattern), name=name, condition=condition)
            yield Variant(
                of=pattern.name, change=change, value=limit(condition), pattern=other
            )


def _for_all(pattern: Any) -> Any:  # noqa: ANN401 - any shape
    """Return a pattern without limits of patients' own, which bound the others'."""
    return replace(pattern, own_limit=None) if isinstance(pattern, Held) else pattern


def limit(condition: Condition) -> str:
    """Return a condition as a person writes it."""
    if type(condition) not in OPERATORS:
        return str(condition)
    return f"{OPERATORS[type(condition)]} {condition.bound:g}"


def as_it_is(pattern: Any) -> str:  # noqa: ANN401 - any shape with a hold
    """Return limit and hold of a pattern that has neighbours."""
    return f"{limit(pattern.condition)}, {pattern.hold_s} s"


def step(signal: str) -> float:
    """Return by how much a limit on ``signal`` is shifted: 1, 2 or 5 of some digit."""
    if signal not in _RANGES:
        return 1
    about = (_RANGES[signal].below - _RANGES[signal].above) / STEPS_IN_RANGE
    digit = 10.0 ** math.floor(math.log10(about))
    return min((1, 2, 5, 10), key=lambda n: abs(math.log(n * digit / about))) * digit


def _can_be(signal: str, bound: float) -> bool:
    """Return whether the limit still tells one value of ``signal`` from another."""
    if signal not in _RANGES:
        return bound > 0
    return _RANGES[signal].above < bound < _RANGES[signal].below


def batches(
    patterns: Iterable[Pattern], most_rules: int
) -> Iterator[Sequence[Pattern]]:
    """Yield ``patterns`` in groups that one run can take."""
    batch: list[Pattern] = []
    for pattern in patterns:
        if sum(map(_rules, [*batch, pattern])) > most_rules:
            yield batch
            batch = []
        batch.append(pattern)
    if batch:
        yield batch


def _rules(pattern: Pattern) -> int:
    """Return how many rules a pattern takes of those that readings are thinned by."""
    return max(1, len(parts([pattern]).thinned_by))
