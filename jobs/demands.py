"""What a decoded message must have to be used at all, as SQL.

``producers.validation`` says the same of the original bytes, and writes down why.
"""

from collections.abc import Iterator

from jobs.sql import interval
from producers.schema import Column, Topic


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
    if column.plausible is None:
        return "TRUE"
    upper = "<=" if column.plausible.upper_included else "<"
    return (
        f"{column.name} > {column.plausible.above}"
        f" AND {column.name} {upper} {column.plausible.below}"
    )


def _of(column: Column) -> Iterator[str]:
    if column.max_length and column.sql_type == "STRING" and column.required:
        yield f"CHAR_LENGTH({column.name}) BETWEEN 1 AND {column.max_length}"
    elif column.required and column.plausible:
        yield plausible(column)
    elif column.required:
        yield f"{column.name} IS NOT NULL"
