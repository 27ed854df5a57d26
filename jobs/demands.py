"""What a decoded message must have to be used at all, as SQL.

``producers.validation`` says the same of the original bytes, and writes down why.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from jobs.decoding import looks_at_ids
from jobs.tables import says_when
from producers.schema import (
    MOST_MESSAGE_BYTES,
    Beside,
    Column,
    Plausible,
    Suspect,
    Topic,
)

_PLAIN: Final = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
"""A character that a text may have, as ``producers.values`` says."""


def demands(topic: Topic) -> str:
    """Return the predicate that is true of the messages of ``topic`` that are usable.

    Every required column is there, texts have their length, and the time is not
    absurd.
    """
    return " AND ".join((says_when(topic), *_of_each(topic, topic.columns)))


def has(topic: Topic, *names: str) -> str:
    """Return the predicate that is true where a message has those required columns."""
    columns = (column for column in topic.columns if column.name in names)
    return " AND ".join(_of_each(topic, columns))


def _of_each(topic: Topic, columns: Iterable[Column]) -> Iterator[str]:
    matches = "{} IS NOT NULL" if looks_at_ids(topic) else "REGEXP({}, '^{}\\z')"
    for column in columns:
        if column.required:
            yield from _of(column, matches)


def flag(column: Column) -> str:
    """Return what a flag says, which is read as a text: neither word is missing."""
    return f"CASE {column.name} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"


def usable(column: Column) -> str:
    """Return the predicate that is true of a number that counts as it is."""
    meant = [f"{column.name} <> {code}" for code in _codes_among_plausible(column)]
    likely = [f"NOT ({suspected(column, each)})" for each in column.suspects]
    return " AND ".join([plausible(column), *meant, *likely])


def plausible(column: Column) -> str:
    """Return the predicate that is true of what the column's sensor can mean."""
    return _within(column.name, column.plausible) if column.plausible else "TRUE"


def is_code(column: Column) -> str:
    """Return the predicate that is true of a number that says there is none."""
    codes = ", ".join(f"CAST({code} AS DOUBLE)" for code in column.no_value)
    return f"{column.name} IN ({codes})" if codes else "FALSE"


def suspected(column: Column, suspect: Suspect) -> str:
    """Return the predicate that is true of a number that is likely of another unit."""
    beside = " AND ".join(map(_is_beside, suspect.beside))
    within = _within(column.name, suspect.within)
    return f"{within} AND COALESCE({beside}, FALSE)" if beside else within


def _is_beside(beside: Beside) -> str:
    return _within(f"COALESCE({', '.join(beside.columns)})", beside.within)


def _within(number: str, limits: Plausible) -> str:
    lower = ">=" if limits.lower_included else ">"
    upper = "<=" if limits.upper_included else "<"
    return f"{number} {lower} {limits.above} AND {number} {upper} {limits.below}"


def _codes_among_plausible(column: Column) -> list[float]:
    limits = column.plausible
    return [code for code in column.no_value if limits is None or code in limits]


def _of(column: Column, matches: str) -> Iterator[str]:
    """Yield what a required column must be, so that its message is used at all.

    ``matches`` says, of a column and its pattern, that the one matches the other.
    """
    name = column.name
    if column.sql_type == "STRING":
        yield from _of_text(column, matches)
    elif column.sql_type == "ARRAY<STRING>":
        yield from _of_list(column)
    elif column.plausible:
        yield plausible(column)
    elif column.is_time:
        times_ms = column.whole_range
        yield f"{name} BETWEEN {times_ms[0]} AND {times_ms[-1]}"
    else:
        yield f"{name} IS NOT NULL"


def _of_list(column: Column) -> Iterator[str]:
    """Yield what a list of texts must be: none too long, and each a text."""
    name, most, most_items = column.name, column.max_length or 0, column.max_items or 0
    item = f"{_PLAIN}{{1,{most}}}"
    yield f"CARDINALITY({name}) BETWEEN 1 AND {most_items}"
    yield f"CHAR_LENGTH(ARRAY_JOIN({name}, '')) <= {most_items * most}"
    yield f"REGEXP(ARRAY_JOIN({name}, ''), '^{_PLAIN}*\\z')"
    yield f"REGEXP(ARRAY_JOIN({name}, CHR(10), ''), '^{item}(?:\\n{item})*\\z')"


def _of_text(column: Column, matches: str) -> Iterator[str]:
    """Yield what a text must be; half a megabyte is not counted out.

    A pattern says how long a text may be, too.
    """
    if column.max_length == MOST_MESSAGE_BYTES:
        yield f"{column.name} <> ''"
    elif column.max_length and not column.pattern:
        yield f"CHAR_LENGTH({column.name}) BETWEEN 1 AND {column.max_length}"
    if column.one_of:
        yield f"{column.name} IN ({_literals(column.one_of)})"
    if column.pattern:
        yield matches.format(column.name, column.pattern)
    if column.reserved:
        yield f"{column.name} NOT IN ({_literals(column.reserved)})"


def _literals(texts: Iterable[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts)
