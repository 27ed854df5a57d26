"""The same is the same: as often, in any order; else it is counted."""

import pytest

from benchmarks.cluster import Cost
from benchmarks.savings import Compared, Outcome, Row, report


def shared(on: list[Row], off: list[Row]) -> str:
    """Return what the table says that both have in common, and is saved."""
    table = report(
        [Compared("t", Outcome(on, Cost(1.0, 25.0)), Outcome(off, Cost(1.0, 100.0)))]
    )
    same, saved = (list(table.columns[i].cells)[0] for i in (3, -1))  # noqa: RUF015
    assert saved == "75 %"
    return str(same)


@pytest.mark.parametrize(
    ("on", "off", "same"),
    [
        ([("a", 1), ("b", 2)], [("a", 1), ("b", 2)], "all"),
        ([("a", 1)], [("a", 1), ("a", 1)], "1"),
        ([("a", 1)], [("a", 2)], "0"),
        ([], [("a", 2)], "0"),
    ],
)
def test_what_both_said_is_compared(on: list[Row], off: list[Row], same: str) -> None:
    assert shared(on, off) == same
