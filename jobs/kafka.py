"""How a table meets the broker: options of the Kafka connector."""

from typing import Final

from producers.contract import Topic

_JSON: Final = {"value.format": "json"}
_DECODED: Final = {
    **_JSON,
    # Neither lost nor uncounted: record_vitals reads the same bytes once more
    # and keeps in ``rejected`` whatever this decoding leaves out.
    "value.json.ignore-parse-errors": "true",
}
_BYTES: Final = {
    "key.format": "raw",
    "key.fields": "message_key",
    "value.format": "raw",
    "value.fields-include": "EXCEPT_KEY",
}


def read_json(topic: Topic, *, brokers: str, group: str) -> dict[str, str]:
    """Return the options that read ``topic`` decoded, from where ``group`` stopped."""
    return {**_source(topic, brokers=brokers, group=group), **_DECODED}


def read_bytes(topic: Topic, *, brokers: str, group: str) -> dict[str, str]:
    """Return the options that read ``topic`` byte for byte."""
    return {**_source(topic, brokers=brokers, group=group), **_BYTES}


def write_json(topic: Topic, *, brokers: str) -> dict[str, str]:
    """Return the options that write ``topic`` as JSON, keyed as the contract says."""
    return {
        **_connector(topic, brokers=brokers),
        **_JSON,
        "key.format": "raw",
        "key.fields": topic.key,
        "value.json.encode.ignore-null-fields": "true",
    }


def write_bytes(topic: Topic, *, brokers: str) -> dict[str, str]:
    """Return the options that write ``topic`` byte for byte, large messages too."""
    return {
        **_connector(topic, brokers=brokers),
        **_BYTES,
        "properties.max.request.size": topic.configs["max.message.bytes"],
    }


def _source(topic: Topic, *, brokers: str, group: str) -> dict[str, str]:
    return {
        **_connector(topic, brokers=brokers),
        "properties.group.id": group,
        "scan.startup.mode": "group-offsets",
        "properties.auto.offset.reset": "earliest",
    }


def _connector(topic: Topic, *, brokers: str) -> dict[str, str]:
    return {
        "connector": "kafka",
        "topic": topic.name,
        "properties.bootstrap.servers": brokers,
    }
