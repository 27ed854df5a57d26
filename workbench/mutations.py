"""Small wrong turns of a pattern or of a shape's SQL: what its tests must notice.

Pure: a pattern in, patterns out; a module's text in, texts out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from cep_patterns.pattern import SLOT_S, Above, AtLeast, AtMost, Below, Pattern
from jobs.device_hours import PROBE_STEP_MS
from jobs.device_signals import HOURLY, QUARTER_MS, SLIDING, TRENDS
from jobs.patient_signals import PATIENT_SIGNALS
from jobs.signals import SLOT_SIGNALS
from producers.schema import HOUR_MS

LEFT_ALONE: Final = frozenset({"name", "version", "own_limit"})
"""What says which pattern it is, and what one test of all patterns fixes."""

_STEPS_S: Final[Mapping[str, int]] = {
    **dict.fromkeys((*SLOT_SIGNALS, *PATIENT_SIGNALS), SLOT_S),
    **dict.fromkeys(HOURLY, HOUR_MS // 1000),
    **dict.fromkeys(TRENDS, QUARTER_MS // 1000),
    **dict.fromkeys(SLIDING, PROBE_STEP_MS // 1000),
}
"""Signals that come on the clock only, and how many seconds apart.

All times between two values are whole steps, so that a hold or a gap that is changed
by less than one means the same.
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pattern, wrong in one thing, and that thing."""

    what: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class TextMutant:
    """A module whose text has another ``new`` in place of the ``old`` at ``at``."""

    module: str
    at: int
    old: str
    new: str
    line: int

    @property
    def what(self) -> str:
        """What is wrong, and where."""
        return f"line {self.line}: {_short(self.old)} -> {_short(self.new)}"

    def applied(self, text: str) -> str:
        """Return the text of the module with this wrong turn in it."""
        return text[: self.at] + self.new + text[self.at + len(self.old) :]


def mutants(pattern: Pattern) -> list[Mutant]:
    """Return ``pattern`` with each of its fields a little wrong, one at a time."""
    step_s = _STEPS_S.get(getattr(pattern, "signal", ""), 1)
    return [Mutant(what, wrong) for what, wrong in _of_fields(pattern, step_s)]


def _of_fields(
    whole: Any,  # noqa: ANN401 - any dataclass
    step_s: int,
) -> Iterator[tuple[str, Any]]:
    for field in fields(whole):
        value = getattr(whole, field.name)
        if field.name in LEFT_ALONE or _is_unset(field, value):
            continue
        is_time = field.name.endswith("_s") and value is not None
        others = _numbers(value, step_s) if is_time else _neighbours(value, step_s)
        for what, wrong in others:
            yield f"{field.name} {what}", replace(whole, **{field.name: wrong})


def _is_unset(field: Field[Any], value: object) -> bool:
    """Return whether ``field`` is a number that the pattern does not use."""
    return field.default == 0 and value == 0


def _neighbours(value: object, step_s: int) -> Iterator[tuple[str, object]]:
    """Yield what ``value`` could wrongly be; times differ by ``step_s`` at least."""
    if isinstance(value, StrEnum):
        yield from (
            (f"{value} -> {each}", each) for each in type(value) if each != value
        )
    elif isinstance(value, bool):
        yield f"{value} -> {not value}", not value
    elif isinstance(value, int | float):
        yield from _numbers(value, _last_digit(value))
    elif isinstance(value, tuple):
        yield from _other_tuples(value, step_s)
    elif is_dataclass(value):
        yield from _other_kinds(value)
        yield from _of_fields(value, step_s)


def _numbers(value: float, step: Decimal | int) -> Iterator[tuple[str, float]]:
    """Yield the neighbours of a number, a step above and below."""
    for exact in (Decimal(str(value)) + step, Decimal(str(value)) - step):
        other = type(value)(exact)
        yield f"{value} -> {other}", other


def _last_digit(value: float) -> Decimal:
    """Return one of the last digit that ``value`` is written with."""
    return Decimal(1).scaleb(min(0, int(Decimal(str(value)).as_tuple().exponent)))


def _other_tuples(
    value: tuple[object, ...], step_s: int
) -> Iterator[tuple[str, object]]:
    """Yield ``value`` without each of its parts, and with each a little wrong."""
    for place, part in enumerate(value):
        before, after = value[:place], value[place + 1 :]
        yield f"without {part}", (*before, *after)
        for what, wrong in _neighbours(part, step_s):
            yield f"[{place}] {what}", (*before, wrong, *after)


def _other_kinds(value: object) -> Iterator[tuple[str, object]]:
    """Yield a condition that differs at its bound alone."""
    if isinstance(value, AtMost):
        yield "<= -> <", Below(value.bound)
    elif isinstance(value, Below):
        yield "< -> <=", AtMost(value.bound)
    elif isinstance(value, AtLeast):
        yield ">= -> >", Above(value.bound)
    elif isinstance(value, Above):
        yield "> -> >=", AtLeast(value.bound)


_WRONG_TEXTS: Final[Mapping[str, str]] = {
    r"SKIP PAST LAST ROW": "SKIP TO NEXT ROW",
    r"SKIP TO LAST \w+": "SKIP PAST LAST ROW",
    r"PARTITION BY patient_id, device_id(?!, rule\s+ORDER BY \w+\s+MEASURES)": (
        "PARTITION BY patient_id"
    ),
    r"PARTITION BY \(patient_id, device_id\)": "PARTITION BY (patient_id)",
    r"PARTITION BY patient_id, device_id(, rule\s+ORDER BY \w+\s+MEASURES\s+)(\w+)\.": (
        r"PARTITION BY patient_id\1\2.device_id AS device_id, \2."
    ),
    r"PARTITION BY patient_id(?!, device_id)": "PARTITION BY patient_id, device_id",
}
"""Where an occurrence ends, and whose row it is: what is right, and what is wrong."""


def text_mutants(module: str, text: str) -> list[TextMutant]:
    """Return every wrong turn of the SQL in a module, in its order."""
    found = [
        TextMutant(
            module=module,
            at=place.start(),
            old=place.group(),
            new=place.expand(wrong),
            line=text.count("\n", 0, place.start()) + 1,
        )
        for right, wrong in _WRONG_TEXTS.items()
        for place in re.finditer(right, text)
    ]
    return sorted(found, key=lambda each: each.at)


def _short(text: str) -> str:
    return re.sub(r"\s+ORDER BY \w+\s+MEASURES.*", "", text, flags=re.DOTALL)
