"""Both sides of a bound of a chart, as values on the wire."""

from decimal import Decimal
from typing import NamedTuple


class Bound(NamedTuple):
    """The last value of a band, and the points up to it and after it."""

    column: str
    last: str
    before: int
    after: int

    @property
    def resolution(self) -> Decimal:
        """How the chart counts: in ones, or in tenths where ``last`` has them."""
        return Decimal("0.1") if "." in self.last else Decimal(1)

    def cases(self) -> list[tuple[float, int]]:
        """Return values round the bound, and the points of each."""
        below = [(k, self.before) for k in ("-1", "-0.1", "0", "0.1", "0.4", "0.499")]
        above = [(k, self.after) for k in ("0.5", "0.501", "0.6", "0.9", "1", "1.1")]
        last = Decimal(self.last)
        return [
            (float(last + Decimal(k) * self.resolution), p) for k, p in below + above
        ]
