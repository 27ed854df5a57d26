"""How a table meets the broker: options of the Kafka connector."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jobs.decoding import LENIENT_JSON, decoding
from producers.schema import Topic

_READ_BY_THEN: Final = "5 s"
"""How long a versioned table is waited for when a job starts, and after old rows."""


def _of(part: str, options: Mapping[str, str]) -> dict[str, str]:
    """Return the options of a format as those of a message's key or value."""
    return {f"{part}.{name}": value for name, value in options.items()}


_WHERE_THE_GROUP_STOPPED: Final = {
    "scan.startup.mode": "group-offsets",
    "properties.auto.offset.reset": "earliest",
}
_UP_TO_NOW: Final = {"scan.bounded.mode": "latest-offset"}
_WHAT_IS_THERE: Final = {"scan.startup.mode": "earliest-offset", **_UP_TO_NOW}
_BYTES: Final = {
    "key.format": "raw",
    "key.fields": "message_key",
    "value.format": "raw",
    "value.fields-include": "EXCEPT_KEY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the topics are, and on whose behalf they are read.

    ``bounded`` reads what is there now and ends, which is what a measurement
    wants; a job reads on from where its group stopped.
    """

    addresses: str
    group: str
    bounded: bool = False


def read_json(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that read ``topic`` decoded."""
    return {**_source(topic, broker), **_of("value", decoding(topic))}


def read_bytes(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that read ``topic`` byte for byte."""
    return {**_source(topic, broker), **_BYTES}


def write_json(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that write ``topic`` as JSON, keyed as the contract says."""
    return {
        **_connector(topic, broker),
        **_as_large_as(topic),
        "value.format": "json",
        "key.format": _key_format(topic),
        "key.fields": ";".join(topic.keys),
        "value.json.encode.ignore-null-fields": "true",
    }


def read_versions(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that read compacted ``topic`` as rows that change.

    It is always read from its start. While it is quiet, it holds nothing back.
    """
    key_format = _key_format(topic)
    lenient = _of("key", LENIENT_JSON) if key_format == "json" else {}
    return {
        **_connector(topic, broker),
        **_of("value", decoding(topic)),
        **lenient,
        "connector": "upsert-kafka",
        "key.format": key_format,
        "scan.watermark.idle-timeout": _READ_BY_THEN,
        **(_UP_TO_NOW if broker.bounded else {}),
    }


def _key_format(topic: Topic) -> str:
    """Return how a key is written: one column as it is, several as JSON."""
    return "raw" if len(topic.keys) == 1 else "json"


def write_bytes(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that write ``topic`` byte for byte, large messages too."""
    return {
        **_connector(topic, broker),
        **_as_large_as(topic),
        **_BYTES,
    }


def _as_large_as(topic: Topic) -> dict[str, str]:
    """Return the options that write whatever ``topic`` takes, however large."""
    return {"properties.max.request.size": str(topic.max_bytes)}


def _source(topic: Topic, broker: Broker) -> dict[str, str]:
    return {
        **_connector(topic, broker),
        "properties.group.id": broker.group,
        **(_WHAT_IS_THERE if broker.bounded else _WHERE_THE_GROUP_STOPPED),
    }


def _connector(topic: Topic, broker: Broker) -> dict[str, str]:
    return {
        "connector": "kafka",
        "topic": topic.name,
        "properties.bootstrap.servers": broker.addresses,
    }
