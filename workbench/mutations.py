"""Small wrong turns of a pattern or of a shape's SQL: what its tests must notice.

Pure: a pattern in, patterns out; a module's text in, texts out.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from cep_patterns.pattern import AtLeast, AtMost, Below, Pattern

LEFT_ALONE: Final = frozenset({"name", "version", "own_limit"})
"""What says which pattern it is, and what one test of all patterns fixes."""


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
    return [Mutant(what, wrong) for what, wrong in _of_fields(pattern)]


def _of_fields(whole: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any dataclass
    for field in fields(whole):
        if field.name in LEFT_ALONE or _is_unset(field, whole):
            continue
        for what, wrong in _neighbours(getattr(whole, field.name)):
            yield f"{field.name} {what}", replace(whole, **{field.name: wrong})


def _is_unset(field: Field[Any], whole: object) -> bool:
    """Return whether ``field`` is a number that the pattern does not use."""
    return field.default == 0 and getattr(whole, field.name) == 0


def _neighbours(value: object) -> Iterator[tuple[str, object]]:
    """Yield what ``value`` could wrongly be."""
    if isinstance(value, StrEnum):
        yield from (
            (f"{value} -> {each}", each) for each in type(value) if each != value
        )
    elif isinstance(value, bool):
        yield f"{value} -> {not value}", not value
    elif isinstance(value, int | float):
        yield from _other_numbers(value)
    elif isinstance(value, tuple):
        yield from _other_tuples(value)
    elif is_dataclass(value):
        yield from _other_kinds(value)
        yield from _of_fields(value)


def _other_numbers(value: float) -> Iterator[tuple[str, float]]:
    """Yield the neighbours of a number, one of its last digit away."""
    exponent = Decimal(str(value)).as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    for step in (10.0**-digits, -(10.0**-digits)):
        other = type(value)(round(value + step, digits))
        yield f"{value} -> {other}", other


def _other_tuples(value: tuple[object, ...]) -> Iterator[tuple[str, object]]:
    """Yield ``value`` without each of its parts, and with each a little wrong."""
    for place, part in enumerate(value):
        before, after = value[:place], value[place + 1 :]
        yield f"without {part}", (*before, *after)
        for what, wrong in _neighbours(part):
            yield f"[{place}] {what}", (*before, wrong, *after)


def _other_kinds(value: object) -> Iterator[tuple[str, object]]:
    """Yield a condition that differs at its bound alone."""
    if isinstance(value, AtMost):
        yield "<= -> <", Below(value.bound)
    elif isinstance(value, Below):
        yield "< -> <=", AtMost(value.bound)
    elif isinstance(value, AtLeast):
        yield ">= -> >", AtLeast(math.nextafter(value.bound, math.inf))


_WRONG_TEXTS: Final[Mapping[str, str]] = {
    r"SKIP PAST LAST ROW": "SKIP TO NEXT ROW",
    r"SKIP TO LAST \w+": "SKIP PAST LAST ROW",
    r"PARTITION BY patient_id, device_id(?!, rule\s+ORDER BY ts\s+MEASURES)": (
        "PARTITION BY patient_id"
    ),
    r"PARTITION BY \(patient_id, device_id\)": "PARTITION BY (patient_id)",
    r"PARTITION BY patient_id, device_id(, rule\s+ORDER BY ts\s+MEASURES\s+)(\w+)\.": (
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
    return re.sub(r"\s+ORDER BY ts\s+MEASURES.*", "", text, flags=re.DOTALL)
