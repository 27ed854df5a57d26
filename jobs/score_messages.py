"""What a score's message says, whatever its chart, as SQL.

Both kinds read the view ``scored`` of ``jobs.scored``.
"""

from collections.abc import Mapping
from typing import Final

from jobs import charts
from jobs.observations import age_s
from jobs.response_clock import respond_by_ms
from jobs.scored import (
    SCORED,
    highest,
    least,
    lowest,
    most,
    packed,
)
from producers.contract import SCORES
from scores.chart import Input, Ratio, Score

_NOTHING: Final = "NULL"


def of_score(score: Score) -> str:
    """Return the query for the messages of ``score``, in the topic's columns."""
    low, high = lowest(score), highest(score)
    at_least = charts.of_risk(score, least(score), lambda risk: risk.name)
    at_most = charts.of_risk(score, most(score), lambda risk: risk.name)
    return _messages(
        score,
        total=f"CASE WHEN {low} = {high} THEN {low} END",
        lowest=low,
        highest=high,
        risk=f"CASE WHEN {least(score)} = {most(score)} THEN {at_least} END",
        risk_at_least=at_least,
        risk_at_most=at_most,
        response=charts.of_risk(score, least(score), lambda risk: risk.response),
        respond_by_ms=respond_by_ms(score),
        **_parts_of_score(score),
    )


def of_ratio(ratio: Ratio) -> str:
    """Return the query for the messages of ``ratio``, in the topic's columns."""
    return _messages(
        ratio,
        ratio=charts.quotient(ratio),
        marked=charts.marked(ratio),
        **_parts_of_ratio(ratio),
    )


def _parts_of_score(score: Score) -> dict[str, str]:
    points = {
        part.name: (charts.lowest(packed(score), i), charts.highest(packed(score), i))
        for i, part in enumerate(score.parts)
    }
    known = {name: f"{low} = {high}" for name, (low, high) in points.items()}
    rows = {
        part.name: f"ROW({', '.join(points[part.name])}, {age_s(part.reads)})"
        for part in score.parts
    }
    return _parts(known, rows)


def _parts_of_ratio(ratio: Ratio) -> dict[str, str]:
    rows = {read.column: _aged(read) for read in (ratio.over, ratio.under)}
    return _parts(charts.usable(ratio), rows)


def _aged(read: Input) -> str:
    nothing = "CAST(NULL AS INT)"
    return f"ROW({nothing}, {nothing}, {age_s(read)})"


def _parts(known: Mapping[str, str], rows: Mapping[str, str]) -> dict[str, str]:
    """Return what a message says of its parts: which are known, and their rows."""
    count = " + ".join(f"CASE WHEN {sql} THEN 1 ELSE 0 END" for sql in known.values())
    names = (f"CASE WHEN NOT ({sql}) THEN '{n}' END" for n, sql in known.items())
    entries = (f"'{name}', {row}" for name, row in rows.items())
    return {
        "known_parts": count,
        "of_parts": str(len(known)),
        "missing": f"NULLIF(CONCAT_WS(', ', {', '.join(names)}), '')",
        "parts": f"MAP[{', '.join(entries)}]",
    }


def _messages(of: Score | Ratio, **columns: str) -> str:
    """Return the query for messages; a column that is not given is missing."""
    labels = {"score_name": f"'{of.name}'", "score_version": str(of.version)}
    own = {"patient_id": "patient_id", "ts_ms": "ts_ms", **labels, **columns}
    given = ", ".join(
        f"CAST({own.get(c.name, _NOTHING)} AS {c.declared_type}) AS {c.name}"
        for c in SCORES.columns
    )
    return f"SELECT {given} FROM {SCORED}"
