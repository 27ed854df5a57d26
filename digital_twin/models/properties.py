"""One number, text or truth of a model, as JSON schema says it.

Types come from the twin's own code, units from the names (UCUM).
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, get_type_hints

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Index, Mask

Property = dict[str, object]

_UNITS: Final = (
    ("_pct_per_day", "%/d"),
    ("_per_min", "/min"),
    ("_per_h", "/h"),
    ("_bpm", "/min"),
    ("_mmhg", "mm[Hg]"),
    ("_pct", "%"),
    ("_c", "Cel"),
    ("_h", "h"),
    ("_s", "s"),
)
"""What a name ends with, and the unit that this is."""

_TYPES: Final[tuple[tuple[Any, str], ...]] = (
    (Array, "number"),
    (Index, "integer"),
    (Mask, "boolean"),
    (float, "number"),
    (int, "integer"),
)
_SHARES: Final = ("battery_pct", "contact_pct", "spo2_pct", "mean_spo2_pct")
"""Shares of a whole: from 0 to 100."""


def number(name: str, doc: str, kind: str = "number") -> Property:
    """Return the property ``name``, with its unit and, where it has one, its range."""
    unit = {"unit": unit_of(name)} if kind != "boolean" and unit_of(name) else {}
    limits = {"minimum": 0, "maximum": 100} if name in _SHARES else {}
    return {"type": kind, "description": doc, **unit, **limits}


def unit_of(name: str) -> str:
    """Return the unit that a name ends with, or nothing."""
    return next((unit for end, unit in _UNITS if name.endswith(end)), "")


def of_class(which: type, docs: Mapping[str, str]) -> dict[str, Property]:
    """Return those attributes of ``which`` that ``docs`` describes.

    Raises
    ------
    KeyError
        It has no such attribute: the document would speak of what is not there.
    """
    hints = get_type_hints(which)
    return {
        name: number(name, doc, _type_of(hints[name])) for name, doc in docs.items()
    }


def _type_of(hint: object) -> str:
    return next(name for known, name in _TYPES if hint == known)


def defaults(which: type) -> dict[str, object]:
    """Return what each attribute of a dataclass is if nobody says otherwise."""
    return {each.name: each.default for each in dataclasses.fields(which)}


def text(doc: str, one_of: tuple[str, ...] = ()) -> Property:
    """Return a property that is a text, one of a few where there are few."""
    return {
        "type": "string",
        "description": doc,
        **({"enum": list(one_of)} if one_of else {}),
    }


def group(doc: str, properties: Mapping[str, Property]) -> Property:
    """Return properties that belong together; none is unknown, any may be missing."""
    return {
        "type": "object",
        "description": doc,
        "properties": dict(properties),
        "additionalProperties": False,
    }
