"""The shapes a score can have, and what every score says of itself.

A chart speaks of whole numbers, or of tenths. A number on the wire is
therefore counted in *steps* of its chart first, the same way in Python
(``scores.rounding``) and in SQL, and bands are over these integers: between
two neighbouring bands there is nothing to fall through.
"""

import math
from dataclasses import dataclass

Code = str | bool
"""A value on the wire that is not a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One column on the wire, and how long a value of it speaks for the patient.

    A value older than ``max_age_s`` is missing; one of exactly that age is not.
    ``decimals`` is the chart's resolution: 0 for steps of 1, 1 for steps of 0.1.
    """

    column: str
    max_age_s: int
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """The points of all values from ``low`` to ``high``, both included, in steps.

    None is an open end.
    """

    low: int | None
    high: int | None
    points: int

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends as numbers; an open end is infinite."""
        return (
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )


Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Banded:
    """A part of a score that is read from the bands of one number."""

    name: str
    reads: Input
    bands: Bands

    def __post_init__(self) -> None:
        """Refuse bands that leave a value without points, or give it two."""
        _check(self.name, self.bands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A part of a score that is read from a code; other codes say nothing."""

    name: str
    reads: Input
    codes: tuple[tuple[Code, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A number whose bands depend on a code in another column.

    While the code is missing, the points are known only where all cases agree.
    A score adds lowest and highest points part by part, so the case with the
    more points must belong to the code with the more points of its own.
    """

    name: str
    reads: Input
    switch: Input
    cases: tuple[tuple[Code, Bands], ...]

    def __post_init__(self) -> None:
        """Refuse bands that leave a value without points, or give it two."""
        for code, bands in self.cases:
            _check(f"{self.name}, case {code}", bands)


Part = Banded | Coded | Switched


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What a score means: reached by the total, or by a single part.

    ``within_min`` is how soon somebody should come, where the source says so.
    """

    name: str
    response: str
    within_min: int | None = None
    from_total: int | None = None
    from_part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A sum of parts. Of the risks, lowest first, the last one reached counts.

    The first risk is reached by a total of 0, so that there always is one.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    risks: tuple[Risk, ...]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One number over another, both in steps; marked when above the bound."""

    name: str
    title: str
    over: Input
    under: Input
    marked_above: float
    version: int = 1


def _check(name: str, bands: Bands) -> None:
    lows = [band.interval[0] for band in bands]
    highs = [band.interval[1] for band in bands]
    rising = all(low <= high for low, high in zip(lows, highs, strict=True))
    joined = [*lows, math.inf] == [-math.inf, *(high + 1 for high in highs)]
    if not (rising and joined):
        msg = f"{name}: bands must join, rise and be open at both ends, got {bands}"
        raise ValueError(msg)
