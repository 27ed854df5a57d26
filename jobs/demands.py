"""What a decoded message must have to be used at all, as SQL.

``producers.validation`` says the same of the original bytes, and writes down why.
"""

from collections.abc import Iterable, Iterator

from jobs.sql import interval
from producers.schema import MOST_MESSAGE_BYTES, Column, Topic


def demands(topic: Topic) -> str:
    """Return the predicate that is true of the messages of ``topic`` that are usable.

    Every required column is there, texts have their length, and the time is not
    absurd.
    """
    return " AND ".join(
        (
            f"ts <= arrived + {interval(topic.max_ahead_ms)}",
            f"ts >= arrived - {interval(topic.max_age_ms)}",
            *(demand for column in topic.columns for demand in _of(column)),
        )
    )


def plausible(column: Column) -> str:
    """Return the predicate that is true of what the column's sensor can mean."""
    limits = column.plausible
    if limits is None:
        return "TRUE"
    lower = ">=" if limits.lower_included else ">"
    upper = "<=" if limits.upper_included else "<"
    return (
        f"{column.name} {lower} {limits.above} AND {column.name} {upper} {limits.below}"
    )


def _of(column: Column) -> Iterator[str]:
    """Yield what a column must be, so that its message is used at all."""
    name = column.name
    if not column.required:
        return
    if column.sql_type == "STRING":
        yield _fits(column)
        yield from _of_text(column)
    elif column.sql_type == "ARRAY<STRING>":
        most = (column.max_items or 0) * (column.max_length or 0)
        yield f"CARDINALITY({name}) BETWEEN 1 AND {column.max_items}"
        yield f"CHAR_LENGTH(ARRAY_JOIN({name}, '')) <= {most}"
    elif column.plausible:
        yield plausible(column)
    else:
        yield f"{name} IS NOT NULL"


def _fits(column: Column) -> str:
    """Return the predicate of a text's length; half a megabyte is not counted out."""
    if column.max_length == MOST_MESSAGE_BYTES:
        return f"{column.name} <> ''"
    return f"CHAR_LENGTH({column.name}) BETWEEN 1 AND {column.max_length}"


def _of_text(column: Column) -> Iterator[str]:
    if column.one_of:
        yield f"{column.name} IN ({_literals(column.one_of)})"
    if column.pattern:
        yield f"REGEXP({column.name}, '^{column.pattern}\\z')"
    if column.reserved:
        yield f"{column.name} NOT IN ({_literals(column.reserved)})"


def _literals(texts: Iterable[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts)
