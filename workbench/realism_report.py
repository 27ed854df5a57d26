"""Fleet beside recordings, as a table that says what lies inside and what does not."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from rich.table import Table

from workbench.realism_measures import (
    SIGNS,
    Array,
    Measure,
    Pace,
    Patient,
    chance,
    measured,
    measures,
)

FEW: Final = 50
"""Of fewer recorded patients the range is from the least to the greatest."""

NINE_TENTHS: Final = 1.645
"""So many standard errors each way hold the middle nine tenths of what chance does."""


class Verdict(StrEnum):
    """Where the middle nine tenths of the fleet lie beside recorded patients."""

    INSIDE = "inside"
    PARTLY = "partly"
    OUTSIDE = "outside"
    TOO_SHORT = "not compared with"


class Row(NamedTuple):
    """One measure of one sign: the fleet's and the recorded patients' values."""

    sign: str
    measure: Measure
    fleet: Array
    recorded: Array
    chance: float = 0.0

    @property
    def range(self) -> tuple[float, float]:
        """Return between what recorded patients lie: of many, 98 in 100."""
        share = (0, 100) if self.recorded.size < FEW else (1, 99)
        low, high = np.percentile(self.recorded, share)
        return float(low), float(high)

    @property
    def verdict(self) -> Verdict:
        """Return whether the fleet lies inside; partly is: its median does."""
        low, high = self.range
        fleet = np.percentile(self.fleet, (5, 50, 95))
        inside = (fleet >= low - 1e-9) & (fleet <= high + 1e-9)
        if inside.all():
            return Verdict.INSIDE
        if self.is_chance:
            return Verdict.TOO_SHORT
        return Verdict.PARTLY if inside[1] else Verdict.OUTSIDE

    @property
    def is_chance(self) -> bool:
        """Return whether recorded patients, seen as briefly again, would be outside.

        So it is of an autocorrelation of which their median has none, and chance alone
        carries a twentieth of patients who are just like that past their range.
        """
        low, high = self.range
        middle, reach = float(np.median(self.recorded)), NINE_TENTHS * self.chance
        return (
            abs(middle) < reach and not low <= middle - reach < middle + reach <= high
        )

    @property
    def covered(self) -> float:
        """Return the share of recorded patients between the fleet's extremes."""
        low, high = self.fleet.min() - 1e-9, self.fleet.max() + 1e-9
        return float(((self.recorded >= low) & (self.recorded <= high)).mean())


def rows(
    fleet: Sequence[Patient], recorded: Sequence[Patient], pace: Pace
) -> Iterator[Row]:
    """Yield what can be compared at a pace."""
    for sign in SIGNS:
        for measure in measures(pace):
            ours, theirs = (measured(each, sign, measure) for each in (fleet, recorded))
            if ours.size and theirs.size:
                error = chance(recorded, sign, measure.steps) if measure.steps else 0.0
                yield Row(sign, measure, ours, theirs, error)


def table(found: Sequence[Row], title: str) -> Table:
    """Return the rows as a table: medians, with the middle nine tenths."""
    report = Table(title=title, title_justify="left")
    for name in ("sign", "measure"):
        report.add_column(name, no_wrap=True)
    for name in ("recorded", "their range", "fleet", "covered"):
        report.add_column(name, justify="right", no_wrap=True)
    report.add_column("fleet is", no_wrap=True)
    before = ""
    for row in found:
        low, high = row.range
        report.add_row(
            "" if row.sign == before else row.sign,
            row.measure.name,
            _spread(row.recorded),
            f"{low:.4g} to {high:.4g}",
            _spread(row.fleet),
            f"{row.covered:.0%}",
            row.verdict,
        )
        before = row.sign
    return report


def _spread(values: Array) -> str:
    low, middle, high = np.percentile(values, (5, 50, 95))
    return f"{middle:.3g} ({low:.3g}..{high:.3g})"
