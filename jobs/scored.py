"""The slots at which something is said of a patient's scores, as SQL.

observations -> points -> slots to speak of -> totals and risks -> clocks -> scored

All scores of a patient are said together: at the first slot of each minute of
the clock, and at each slot where the possible points of some part are not those
of the slot before, or a ratio crosses its bound. A value that moves within its
band waits for the next minute.
"""

from collections.abc import Sequence
from typing import Final

from jobs import charts
from jobs.observations import OBSERVATIONS, SLOT_MS
from jobs.response_clock import with_clocks
from producers.schema import MINUTE_MS
from scores.chart import Ratio, Score

SPOKEN: Final = "spoken"
SCORED: Final = "scored"

_MINUTE: Final = f"({{}} - {SLOT_MS}) / {MINUTE_MS}"
"""The minute of the clock that the slot with this end lies in."""


def spoken_view(scores: Sequence[Score], ratios: Sequence[Ratio]) -> str:
    """Return the DDL of the view of the observations at which something is said.

    Beside those, a row has the points of each score, packed.
    """
    spoken = _to_speak_of([*scores, *ratios], _with_points(scores, ratios))
    return f"CREATE TEMPORARY VIEW {SPOKEN} AS {spoken}"


def scored_view(scores: Sequence[Score]) -> str:
    """Return the DDL of the view of what there is to say, a row a patient and slot.

    Beside the columns of ``spoken``, a row has the columns that the functions
    below name, and those of ``with_clocks``.
    """
    rows = with_clocks(scores, _with_totals(scores, f"SELECT * FROM {SPOKEN}"))
    return f"CREATE TEMPORARY VIEW {SCORED} AS {rows}"


def packed(of: Score | Ratio) -> str:
    """Return the column of the packed points; of a ratio, where it stands."""
    return f"{of.name}_points"


def lowest(score: Score) -> str:
    """Return the column of the lowest possible total."""
    return f"{score.name}_lowest"


def highest(score: Score) -> str:
    """Return the column of the highest possible total."""
    return f"{score.name}_highest"


def least(score: Score) -> str:
    """Return the column of the rank of the risk of the lowest possible total."""
    return f"{score.name}_least"


def most(score: Score) -> str:
    """Return the column of the rank of the risk of the highest possible total."""
    return f"{score.name}_most"


def lows(score: Score) -> list[str]:
    """Return SQL for the fewest points of each part, over the packed ones."""
    return [charts.lowest(packed(score), part) for part in range(len(score.parts))]


def highs(score: Score) -> list[str]:
    """Return SQL for the most points of each part, over the packed ones."""
    return [charts.highest(packed(score), part) for part in range(len(score.parts))]


def _with_points(scores: Sequence[Score], ratios: Sequence[Ratio]) -> str:
    points = [f"{charts.points(score)} AS {packed(score)}" for score in scores]
    sides = [f"{charts.side(ratio)} AS {packed(ratio)}" for ratio in ratios]
    return f"SELECT *, {', '.join(points + sides)} FROM {OBSERVATIONS}"


def _to_speak_of(all_scores: Sequence[Score | Ratio], rows: str) -> str:
    """Return the query for the ``rows`` that begin a minute or say something new."""
    names = ["ts_ms", *map(packed, all_scores)]
    before = ", ".join(f"LAG({name}) OVER w AS {name}_before" for name in names)
    changed = (f"{name} <> {name}_before" for name in names[1:])
    minutes = _MINUTE.format("ts_ms"), _MINUTE.format("ts_ms_before")
    return f"""
        SELECT * FROM (
            SELECT *, {before} FROM ({rows})
            WINDOW w AS (PARTITION BY patient_id ORDER BY turn)
        )
        WHERE ts_ms_before IS NULL OR {" <> ".join(minutes)} OR {" OR ".join(changed)}
    """


def _with_totals(scores: Sequence[Score], rows: str) -> str:
    columns = ", ".join(
        f"{sql} AS {n}" for s in scores for n, sql in _totals(s).items()
    )
    return f"SELECT *, {columns} FROM ({rows})"


def _totals(score: Score) -> dict[str, str]:
    return {
        lowest(score): " + ".join(lows(score)),
        highest(score): " + ".join(highs(score)),
        least(score): charts.rank(score, lows(score)),
        most(score): charts.rank(score, highs(score)),
    }
