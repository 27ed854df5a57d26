"""Flink table definitions, written from the wire contract.

A source has, beside the topic's columns, ``ts`` (event time, with its
watermark), ``arrived`` (when the broker took the message), and where it stood.
Jobs that run in one environment share the tables that all of them define.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from jobs.sql import interval
from producers.schema import Column, Topic

Options = Mapping[str, str]


class Envelope(NamedTuple):
    """What is known of a message beside its columns: ``arrived``, and where it stood.

    ``arrived`` is SQL over the message's columns, for what cannot read the column.
    """

    columns: tuple[str, ...]
    arrived: str = "arrived"


FROM_KAFKA: Final = Envelope(
    (
        "arrived TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
        "source_partition INT METADATA FROM 'partition' VIRTUAL",
        "source_offset BIGINT METADATA FROM 'offset' VIRTUAL",
    )
)
"""What only a broker knows of a message."""

_NO_TIME: Final = "TO_TIMESTAMP_LTZ(0, 3)"


def from_file(topic: Topic) -> Envelope:
    """Return the same, where a file stands in.

    A line arrived when its ``arrived_ms`` says, and in time where it says nothing.
    """
    ms = f"COALESCE(arrived_ms, {topic.event_time})"
    arrived = f"COALESCE({_time(ms)}, {_NO_TIME})"
    columns = (
        "arrived_ms BIGINT",
        f"arrived AS {arrived}",
        "source_partition AS 0",
        "source_offset AS CAST(0 AS BIGINT)",
    )
    return Envelope(columns, arrived)


def table_of(topic: Topic) -> str:
    """Return the table that stands for ``topic`` (some topics are reserved words)."""
    return f"{topic.name}_topic"


def source_table(
    topic: Topic, options: Options, envelope: Envelope = FROM_KAFKA
) -> str:
    """Return the DDL that reads ``topic``, decoded, in event time.

    A value of the wrong type comes out as missing, and what is no JSON object
    does not come out at all; ``record_vitals`` finds and keeps both. A flag comes
    out as a text (``jobs.demands.flag``).

    A message that says no time, or an absurd one, has that of its arrival, so that
    event time goes on with it and nobody waits for its sender. It is no message to be
    used: of all others alone :func:`says_when` is true.
    """
    columns = _in_event_time(
        topic, envelope, _watermark(topic), _event_time(topic, envelope)
    )
    return _create(table_of(topic), columns, options)


def arrivals_table(
    topic: Topic, options: Options, envelope: Envelope = FROM_KAFKA
) -> str:
    """Return the DDL that reads ``topic`` decoded, by the broker's clock.

    For what judges the clocks of devices: event time is ``arrived``.
    """
    watermark = f"arrived - {interval(topic.max_lateness_ms)}"
    columns = (
        *_decoded(topic.columns),
        *envelope.columns,
        f"WATERMARK FOR arrived AS {watermark}",
    )
    return _create(f"{table_of(topic)}_arrivals", columns, options)


def versioned_table(
    topic: Topic, options: Options, envelope: Envelope = FROM_KAFKA
) -> str:
    """Return the DDL that reads compacted ``topic`` as rows with versions.

    A row holds from its event time on, until the next of the same key does:
    ``JOIN … FOR SYSTEM_TIME AS OF`` finds the one that held at a reading's time.
    It must compare each column of the key with a column, not with a constant.

    Its watermark is ahead of the time of arrival. So a row that has just come
    holds no reading back, while those that came long ago do: a job that starts
    reads them first, until the topic is idle.

    A row without a time would end the job. It gets the oldest there is: what
    reads it must look at the column itself, which is missing.
    """
    ahead_ms = topic.max_ahead_ms if envelope is FROM_KAFKA else 0
    columns = _in_event_time(
        topic,
        envelope,
        f"arrived + {interval(ahead_ms)}",
        f"COALESCE({_time(topic.event_time)}, {_NO_TIME})",
    )
    key = f"PRIMARY KEY ({', '.join(topic.keys)}) NOT ENFORCED"
    return _create(table_of(topic), (*columns, key), options)


def _in_event_time(
    topic: Topic, envelope: Envelope, watermark: str, ts: str
) -> tuple[str, ...]:
    return (
        *_decoded(topic.columns),
        *envelope.columns,
        f"ts AS {ts}",
        f"WATERMARK FOR ts AS {watermark}",
    )


def _event_time(topic: Topic, envelope: Envelope) -> str:
    """Return when a message was true; when it came, if what it says cannot be."""
    said, arrived = _time(topic.event_time), envelope.arrived
    return f"CASE WHEN {says_when(topic, arrived)} THEN {said} ELSE {arrived} END"


def says_when(topic: Topic, arrived: str = "arrived") -> str:
    """Return the predicate that is true of messages that say when they were true.

    Of others, the event time of :func:`source_table` is another one. (Written over the
    columns, not over ``ts``, which Flink would work out here once more.)
    """
    oldest = f"{arrived} - {interval(topic.max_age_ms)}"
    newest = f"{arrived} + {interval(topic.max_ahead_ms)}"
    return f"{_time(topic.event_time)} BETWEEN {oldest} AND {newest}"


def _time(ms: str) -> str:
    """Return the time that ``ms`` after 1970 is; none beyond the year 9999."""
    return f"TO_TIMESTAMP_LTZ({ms}, 3)"


def _watermark(topic: Topic) -> str:
    """Return the watermark: the latest event time less the lateness allowed.

    It never passes the time of arrival, so that a device whose clock runs ahead
    makes no other device late. (Written over the column, not over ``ts``, which would
    be worked out once more for each time it stands here.)
    """
    said, oldest = _time(topic.event_time), f"arrived - {interval(topic.max_age_ms)}"
    latest = (
        f"CASE WHEN {said} BETWEEN {oldest} AND arrived THEN {said} ELSE arrived END"
    )
    return f"{latest} - {interval(topic.max_lateness_ms)}"


def sink_table(topic: Topic, options: Options) -> str:
    """Return the DDL that writes ``topic``."""
    return _create(table_of(topic), _physical(topic.columns), options)


def bytes_source_table(name: str, options: Options) -> str:
    """Return the DDL of table ``name`` that reads messages byte for byte."""
    return _create(
        name, ("message_key BYTES", "payload BYTES", *FROM_KAFKA.columns), options
    )


def bytes_sink_table(name: str, options: Options) -> str:
    """Return the DDL of table ``name`` that writes bytes, and columns as headers."""
    return _create(
        name,
        (
            "message_key BYTES",
            "payload BYTES",
            "headers MAP<STRING, BYTES> METADATA",
        ),
        options,
    )


def _physical(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(f"{column.name} {column.declared_type}" for column in columns)


def _decoded(columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the columns as read: to Flink, a flag that it cannot read is false."""
    return tuple(
        f"{column.name} {'STRING' if is_flag(column) else column.declared_type}"
        for column in columns
    )


def is_flag(column: Column) -> bool:
    """Return whether a column says yes or no."""
    return column.sql_type == "BOOLEAN"


def _create(name: str, columns: Iterable[str], options: Options) -> str:
    body = ",\n    ".join(columns)
    pairs = ",\n    ".join(f"'{k}' = '{v}'" for k, v in sorted(options.items()))
    created = f"CREATE TEMPORARY TABLE IF NOT EXISTS {name}"
    return f"{created} (\n    {body}\n) WITH (\n    {pairs}\n)"
