"""What a score says of a patient, and how much of it is certain."""

from dataclasses import dataclass

from scores.chart import Risk

RED = 3
"""The points that call for a look even when all else is normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One part: the fewest and the most points it can have, and its value's age.

    The age is as it was given, also where it is the reason to leave a value out.
    """

    name: str
    lowest: int
    highest: int
    age_s: float | None

    @property
    def points(self) -> int | None:
        """The points; None when they are not certain."""
        return self.lowest if self.lowest == self.highest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One score of one patient; what is missing widens the range, nothing else.

    ``risk_at_least`` is the risk of the lowest possible total: whatever the
    missing parts turn out to be, it is not lower. It is no all-clear: with
    nothing known it is the lowest there is, and ``risk`` is None.
    """

    name: str
    version: int
    parts: tuple[PartResult, ...]
    risk_at_least: Risk
    risk_at_most: Risk

    @property
    def lowest(self) -> int:
        """The total if all that is missing were as good as it can be."""
        return sum(part.lowest for part in self.parts)

    @property
    def highest(self) -> int:
        """The total if all that is missing were as bad as it can be."""
        return sum(part.highest for part in self.parts)

    @property
    def total(self) -> int | None:
        """The score; None when it is incomplete."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts without certain points, in the chart's order."""
        return tuple(part.name for part in self.parts if part.points is None)

    @property
    def completeness(self) -> tuple[int, int]:
        """How many parts have points, of how many."""
        return len(self.parts) - len(self.missing), len(self.parts)

    @property
    def single_three(self) -> bool:
        """Whether some part has 3 points for certain."""
        return any(part.points == RED for part in self.parts)

    @property
    def risk(self) -> Risk | None:
        """The risk; None when what is missing could change it."""
        return self.risk_at_least if self.risk_at_least == self.risk_at_most else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioResult:
    """A ratio and whether it is above its bound; both None when incomplete."""

    name: str
    version: int
    ratio: float | None
    marked: bool | None
    over_age_s: float | None
    under_age_s: float | None
