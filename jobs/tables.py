"""Flink table definitions, written from the wire contract.

A source has, beside the topic's columns, ``ts`` (event time, with its
watermark), ``arrived`` (when the broker took the message), and where it stood.
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

FROM_FILE: Final = (
    "arrived AS TO_TIMESTAMP_LTZ(ts_ms, 3)",
    "source_partition AS 0",
    "source_offset AS CAST(0 AS BIGINT)",
)
"""The same columns, where a file stands in for the broker: all arrived in time."""


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
    return _create(
        table_of(topic),
        (
            *_physical(topic.columns),
            *envelope,
            "ts AS TO_TIMESTAMP_LTZ(ts_ms, 3)",
            f"WATERMARK FOR ts AS {_watermark(topic)}",
        ),
        options,
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
    return tuple(f"{column.name} {column.sql_type}" for column in columns)


def _create(name: str, columns: Iterable[str], options: Options) -> str:
    body = ",\n    ".join(columns)
    pairs = ",\n    ".join(f"'{k}' = '{v}'" for k, v in sorted(options.items()))
    return f"CREATE TEMPORARY TABLE {name} (\n    {body}\n) WITH (\n    {pairs}\n)"
