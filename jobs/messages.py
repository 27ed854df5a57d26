"""Store a topic's messages, and keep those that could not be stored as they came.

topic (Kafka, bytes) -> validity -> a measurement (InfluxDB)
                                 -> rejected (Kafka)
"""

from collections.abc import Mapping
from typing import Final

from pyflink.table import TableEnvironment
from pyflink.table.udf import UserDefinedScalarFunctionWrapper

from jobs.kafka import Broker, read_bytes, write_bytes
from jobs.measurements import Measurement
from jobs.settings import JobSettings
from jobs.store import StoreMessages, store
from jobs.tables import bytes_sink_table, bytes_source_table, table_of
from producers.contract import REJECTED
from producers.schema import Topic
from producers.setting_aside import MOST_PAYLOAD_BYTES, MOST_REASON_BYTES

_ONE_A_BYTE: Final = "ISO-8859-1"
_CHARS: Final = f"DECODE({{}}, '{_ONE_A_BYTE}')"

_HEADERS: Final = {
    "reason": "reason",
    "source_partition": "CAST(source_partition AS STRING)",
    "source_offset": "CAST(source_offset AS STRING)",
}
_OF_A_LONG_ONE: Final = {
    "payload_bytes": f"CAST(CHAR_LENGTH({_CHARS.format('payload')}) AS STRING)",
    "payload_sha256": "REGEXP_EXTRACT(reason, 'SHA-256 ([0-9a-f]{64})', 1)",
}
"""As ``producers.setting_aside`` has them; whoever judges one says its hash."""


def define_messages(t_env: TableEnvironment, topic: Topic, broker: Broker) -> None:
    """Define the table that :func:`keep_messages` reads ``topic`` from."""
    t_env.execute_sql(bytes_source_table(_bytes_of(topic), read_bytes(topic, broker)))


def define_rejected(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the table that takes what is wrong, whatever the topic."""
    t_env.execute_sql(
        bytes_sink_table(table_of(REJECTED), write_bytes(REJECTED, broker))
    )


def keep_messages(
    t_env: TableEnvironment,
    topic: Topic,
    measurement: Measurement,
    settings: JobSettings,
) -> str:
    """Return the insert that stores ``topic`` and keeps what is wrong with it."""
    stored = store(StoreMessages(topic, measurement, settings))
    return keep_rejected(t_env, topic, f"store_{measurement.name}", stored)


def keep_rejected(
    t_env: TableEnvironment,
    topic: Topic,
    name: str,
    function: UserDefinedScalarFunctionWrapper,
) -> str:
    """Return the insert that keeps those messages of which ``function`` complains.

    It is given their bytes and when they arrived, and returns the reason, if any.
    """
    rejected = rejected_messages(t_env, topic, name, function)
    return f"INSERT INTO {table_of(REJECTED)} {rejected}"


def rejected_messages(
    t_env: TableEnvironment,
    topic: Topic,
    name: str,
    function: UserDefinedScalarFunctionWrapper,
) -> str:
    """Return the query for what is kept of them: key, bytes and headers, cut to fit."""
    t_env.create_temporary_function(name, function)
    headers = {"source_topic": f"'{topic.name}'", **_HEADERS}
    is_long = f"CHAR_LENGTH({_CHARS.format('payload')}) > {MOST_PAYLOAD_BYTES}"
    return f"""
        SELECT {_beginning("message_key", MOST_REASON_BYTES)},
               {_beginning("payload", MOST_PAYLOAD_BYTES)},
               CASE WHEN {is_long} THEN {_map(headers | _OF_A_LONG_ONE)}
                    ELSE {_map(headers)} END
        FROM (
            SELECT *, {name}(payload, CAST(arrived AS TIMESTAMP(3))) AS reason
            FROM {_bytes_of(topic)}
        )
        WHERE reason IS NOT NULL
    """


def _beginning(bytes_column: str, most: int) -> str:
    """Return the first ``most`` bytes: what SQL cuts is characters, here one a byte."""
    cut = f"SUBSTRING({_CHARS.format(bytes_column)} FROM 1 FOR {most})"
    return f"ENCODE({cut}, '{_ONE_A_BYTE}')"


def _map(headers: Mapping[str, str]) -> str:
    pairs = ", ".join(f"'{k}', ENCODE({v}, 'UTF-8')" for k, v in headers.items())
    return f"MAP[{pairs}]"


def _bytes_of(topic: Topic) -> str:
    return f"{topic.name}_bytes"
