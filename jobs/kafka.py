"""How a table meets the broker: options of the Kafka connector."""

from dataclasses import dataclass
from typing import Final

from producers.schema import Topic

_JSON: Final = {"value.format": "json"}
_DECODED: Final = {
    **_JSON,
    # Neither lost nor uncounted: record_vitals reads the same bytes once more
    # and keeps in ``rejected`` whatever this decoding leaves out.
    "value.json.ignore-parse-errors": "true",
}
_WHERE_THE_GROUP_STOPPED: Final = {
    "scan.startup.mode": "group-offsets",
    "properties.auto.offset.reset": "earliest",
}
_WHAT_IS_THERE: Final = {
    "scan.startup.mode": "earliest-offset",
    "scan.bounded.mode": "latest-offset",
}
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
    return {**_source(topic, broker), **_DECODED}


def read_bytes(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that read ``topic`` byte for byte."""
    return {**_source(topic, broker), **_BYTES}


def write_json(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that write ``topic`` as JSON, keyed as the contract says."""
    return {
        **_connector(topic, broker),
        **_JSON,
        "key.format": "raw",
        "key.fields": topic.key,
        "value.json.encode.ignore-null-fields": "true",
    }


def write_bytes(topic: Topic, broker: Broker) -> dict[str, str]:
    """Return the options that write ``topic`` byte for byte, large messages too."""
    return {
        **_connector(topic, broker),
        **_BYTES,
        "properties.max.request.size": topic.configs["max.message.bytes"],
    }


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
