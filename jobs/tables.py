"""Flink table definitions, written from the wire contract.

A source has, beside the topic's columns, ``ts`` (event time, with its
watermark), ``arrived`` (when the broker took the message), and where it stood.
Jobs that run in one environment share the tables that all of them define.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from jobs.sql import interval
from producers.schema import Column, Topic

Options = Mapping[str, str]

FROM_KAFKA: Final = (
    "arrived TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
    "source_partition INT METADATA FROM 'partition' VIRTUAL",
    "source_offset BIGINT METADATA FROM 'offset' VIRTUAL",
)
"""What only a broker knows of a message."""


def from_file(topic: Topic) -> tuple[str, ...]:
    """Return the same columns, where a file stands in: all arrived in time."""
    return (
        f"arrived AS TO_TIMESTAMP_LTZ({topic.event_time}, 3)",
        "source_partition AS 0",
        "source_offset AS CAST(0 AS BIGINT)",
    )


def table_of(topic: Topic) -> str:
    """Return the table that stands for ``topic`` (some topics are reserved words)."""
    return f"{topic.name}_topic"


def source_table(
    topic: Topic, options: Options, envelope: tuple[str, ...] = FROM_KAFKA
) -> str:
    """Return the DDL that reads ``topic``, decoded, in event time.

    A value of the wrong type comes out as missing, and what is no JSON object
    does not come out at all; ``record_vitals`` finds and keeps both.
    """
    columns = _in_event_time(topic, envelope, _watermark(topic), topic.event_time)
    return _create(table_of(topic), columns, options)


def arrivals_table(
    topic: Topic, options: Options, envelope: tuple[str, ...] = FROM_KAFKA
) -> str:
    """Return the DDL that reads ``topic`` decoded, by the broker's clock.

    For what judges the clocks of devices: event time is ``arrived``.
    """
    watermark = f"arrived - {interval(topic.max_lateness_ms)}"
    columns = (
        *_physical(topic.columns),
        *envelope,
        f"WATERMARK FOR arrived AS {watermark}",
    )
    return _create(f"{table_of(topic)}_arrivals", columns, options)


def versioned_table(
    topic: Topic, options: Options, envelope: tuple[str, ...] = FROM_KAFKA
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
        f"COALESCE({topic.event_time}, 0)",
    )
    key = f"PRIMARY KEY ({', '.join(topic.keys)}) NOT ENFORCED"
    return _create(table_of(topic), (*columns, key), options)


def _in_event_time(
    topic: Topic, envelope: tuple[str, ...], watermark: str, time_ms: str
) -> tuple[str, ...]:
    return (
        *_physical(topic.columns),
        *envelope,
        f"ts AS TO_TIMESTAMP_LTZ({time_ms}, 3)",
        f"WATERMARK FOR ts AS {watermark}",
    )


def _watermark(topic: Topic) -> str:
    """Return the watermark: the latest event time less the lateness allowed.

    It never passes the time of arrival, so that a device whose clock runs ahead
    makes no other device late; and an absurd time does not move it at all.
    """
    return f"""
        CASE WHEN ts > arrived + {interval(topic.max_ahead_ms)}
             THEN CAST(NULL AS TIMESTAMP_LTZ(3))
             WHEN ts > arrived THEN arrived
             ELSE ts END - {interval(topic.max_lateness_ms)}"""


def sink_table(topic: Topic, options: Options) -> str:
    """Return the DDL that writes ``topic``."""
    return _create(table_of(topic), _physical(topic.columns), options)


def bytes_source_table(name: str, options: Options) -> str:
    """Return the DDL of table ``name`` that reads messages byte for byte."""
    return _create(name, ("message_key BYTES", "payload BYTES", *FROM_KAFKA), options)


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


def _create(name: str, columns: Iterable[str], options: Options) -> str:
    body = ",\n    ".join(columns)
    pairs = ",\n    ".join(f"'{k}' = '{v}'" for k, v in sorted(options.items()))
    created = f"CREATE TEMPORARY TABLE IF NOT EXISTS {name}"
    return f"{created} (\n    {body}\n) WITH (\n    {pairs}\n)"
