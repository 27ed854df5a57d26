"""What every match says of itself, whatever shape found it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from cep_patterns.pattern import Pattern
from jobs.tables import table_of
from producers.contract import MATCHES

P = TypeVar("P", bound=Pattern)


_OF_PATTERN: Final[dict[str, Callable[[Pattern], object]]] = {
    "pattern_name": lambda pattern: f"'{pattern.name}'",
    "rule_version": lambda pattern: pattern.version,
    "kind": lambda pattern: f"'{pattern.kind}'",
    "severity": lambda pattern: f"'{pattern.severity}'",
}
_MATCH_ID: Final = (
    "MD5(CONCAT_WS('|', pattern_name, severity, patient_id, device_id,"
    " CAST(started_ms AS STRING)))"
)
"""The same on every replay, because all of it is: readers count a match by it."""


def by_rule(patterns: Sequence[P], value: Callable[[P], object]) -> str:
    """Return the ``value`` of the pattern that the column ``rule`` counts to."""
    cases = (f"WHEN {rule} THEN {value(p)}" for rule, p in enumerate(patterns))
    return f"CASE rule {' '.join(cases)} END"


def inserts(queries: Sequence[str]) -> list[str]:
    """Return the statements that write what ``queries`` find to the topic."""
    return [f"INSERT INTO {table_of(MATCHES)} {query}" for query in queries]


def as_matches(patterns: Sequence[Pattern], *, occurrences: str) -> str:
    """Return ``occurrences`` with the columns of the topic ``matches``, in order.

    ``occurrences`` is a query for patient_id, device_id, rule (an index in
    ``patterns``), phase, started_ms, ended_ms, ts_ms,
    limit_value and observed.
    """
    labels = (f"{by_rule(patterns, v)} AS {name}" for name, v in _OF_PATTERN.items())
    return f"""
        SELECT {", ".join(column.name for column in MATCHES.columns)}
        FROM (
            SELECT *, {_MATCH_ID} AS match_id
            FROM (SELECT *, {", ".join(labels)} FROM ({occurrences}))
        )
    """
