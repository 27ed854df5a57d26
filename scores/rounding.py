"""From a number on the wire to a whole number of a chart's steps.

Exact, and the same in Flink SQL, where the steps of ``x`` with ``d`` decimals are

    CAST(ROUND(CAST(x AS DECIMAL(10, 4)), d) * 10^d AS INT)

The inner cast goes by the shortest decimal that reads back as the same double,
as ``str`` does: 38.05 is 38.05 and not 38.04999...; both roundings are half
away from zero. The first one, to STORED, also takes away what arithmetic on
doubles leaves behind.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

STORED: Final = Decimal("0.0001")
LIMIT: Final = 1_000_000
"""DECIMAL(10, 4) ends here, and SQL says NULL; no vital sign comes near."""


def steps(value: float | str, decimals: int) -> int:
    """Return ``value`` in steps of ``10 ** -decimals``, half away from zero.

    Decimal calls that ROUND_HALF_UP. Nothing is clipped.

    >>> steps(38.05, decimals=1), steps(90.5, decimals=0), steps(-0.5, decimals=0)
    (381, 91, -1)
    """
    if isinstance(value, bool | str) or not abs(value) < LIMIT:
        msg = f"a chart reads numbers below {LIMIT}, got {value!r}: validate it first"
        raise ValueError(msg)
    stored = Decimal(str(value)).quantize(STORED, ROUND_HALF_UP)
    return int(stored.scaleb(decimals).to_integral_value(ROUND_HALF_UP))
