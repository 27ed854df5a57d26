"""How a match looks on every board.

Severities are drawn as in IEC 60601-1-8: a colour, and marks that need none.
"""

from typing import Final

from cep_patterns.pattern import Severity
from grafana.show import (
    TIME,
    Show,
    mapped,
)
from grafana.stored import SEVERITY

COLOURS: Final = {
    Severity.HIGH: "#E02F44",
    Severity.MEDIUM: "#F2CC0C",
    Severity.LOW: "#00C8D7",
}
MARKS: Final = {Severity.HIGH: "!!!", Severity.MEDIUM: "!!", Severity.LOW: "!"}
NOT_PRESENT: Final = "#B877D9"
"""The colour of what is about the equipment, and of values that are not present."""

MOST_URGENT_FIRST: Final = tuple(reversed(Severity))


def spoken(severity: Severity) -> str:
    """Return the severity as it stands on a board, with its marks."""
    return f"{MARKS[severity]} {severity}"


SEVERITY_COLUMN: Final = Show(
    SEVERITY,
    "Severity",
    width=120,
    coloured="color-background",
    mappings=mapped((each, spoken(each), COLOURS[each]) for each in MOST_URGENT_FIRST),
)
PATTERN_COLUMN: Final = Show("pattern", "Pattern")
SINCE_COLUMN: Final = Show("since", "Since", TIME, width=160)
OBSERVED_COLUMN: Final = Show("observed", "Observed", "none", decimals=1, width=100)

_RANKS: Final = "".join(
    f'if r.{SEVERITY} == "{each}" then {i} else '
    for i, each in enumerate(MOST_URGENT_FIRST)
)
RANK: Final = f"{_RANKS}{len(MOST_URGENT_FIRST)}"
"""Flux that orders rows by severity, the most urgent first."""
