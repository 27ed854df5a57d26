"""The response clock: by when somebody should have come to a patient, as SQL.

A chart gives some risks a time (``Risk.within_min``). Such a risk's clock starts
with the first row at which the patient has reached it for certain (by the lowest
possible total), goes on while he may still be there, and ends when he is known
to be below it (by the highest possible total). So

* getting worse gives nobody more time: the earliest of the running clocks counts;
* a value that goes missing, or a silence, neither ends a clock nor starts one;
* a patient who has left a risk and reaches it again has a new clock.

The row that a risk was reached at is the first one after the last one known to
be below it. Both are maxima over all rows so far, the second with the number of
the first in its upper half.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from jobs.observations import SLOT_MS
from jobs.sql import NEVER_MS
from scores.chart import Score

_HALF: Final = 1 << 30
_SLOT: Final = f"ts_ms / {SLOT_MS}"


class _Clock(NamedTuple):
    score: str
    rank: int
    within_min: int

    @property
    def below(self) -> str:
        return f"{self.score}_{self.rank}_below"

    @property
    def reached(self) -> str:
        return f"{self.score}_{self.rank}_reached"


def with_clocks(scores: Sequence[Score], rows: str) -> str:
    """Return the query for ``rows`` with the columns that respond_by_ms reads.

    ``rows`` is a query for patient_id, turn, ts_ms, and of each score its
    ``<name>_least`` and ``<name>_most``: the ranks of its risks.
    """
    clocks = [clock for score in scores for clock in _clocks(score)]
    below = "".join(f", {_below(clock)} OVER w AS {clock.below}" for clock in clocks)
    reached = "".join(
        f", {_first(clock)} OVER w AS {clock.reached}" for clock in clocks
    )
    window = "WINDOW w AS (PARTITION BY patient_id ORDER BY turn)"
    return f"SELECT *{reached} FROM (SELECT *{below} FROM ({rows}) {window}) {window}"


def respond_by_ms(score: Score) -> str:
    """Return SQL for the earliest end of a running clock of ``score``, if one runs."""
    ends = [*map(_ends_ms, _clocks(score)), str(NEVER_MS)]
    return f"NULLIF(LEAST({', '.join(ends)}), {NEVER_MS})"


def _clocks(score: Score) -> Iterator[_Clock]:
    for rank, risk in enumerate(score.risks):
        if risk.within_min is not None:
            yield _Clock(score.name, rank, risk.within_min)


def _below(clock: _Clock) -> str:
    return f"MAX(CASE WHEN {clock.score}_most < {clock.rank} THEN {_SLOT} END)"


def _first(clock: _Clock) -> str:
    """Return the maximum: of the last stay above, the earliest slot."""
    packed = f"COALESCE({clock.below}, 0) * {_HALF} + {_HALF - 1} - {_SLOT}"
    return f"MAX(CASE WHEN {clock.score}_least >= {clock.rank} THEN {packed} END)"


def _ends_ms(clock: _Clock) -> str:
    runs = f"{clock.reached} / {_HALF} = COALESCE({clock.below}, 0)"
    reached_slot = f"CAST({_HALF - 1} - MOD({clock.reached}, {_HALF}) AS BIGINT)"
    ends_ms = f"{reached_slot} * {SLOT_MS} + {clock.within_min * 60_000}"
    return f"CASE WHEN {runs} THEN {ends_ms} ELSE {NEVER_MS} END"
