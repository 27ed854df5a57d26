"""Hand messages to the broker, and know of each whether it has it."""

from collections.abc import Iterable

from confluent_kafka import Producer

Given = tuple[str, str | bytes, bytes]
"""Name of the topic, key and value."""


def undelivered(
    producer: Producer, messages: Iterable[Given], timeout_s: float
) -> list[object]:
    """Return why the broker does not have all of ``messages`` after ``timeout_s``.

    Nothing is returned where it has them all.
    """
    why: list[object] = []

    def on_delivery(error: object, _message: object) -> None:
        if error is not None:
            why.append(error)

    for topic_name, key, value in messages:
        producer.produce(topic_name, value, key, on_delivery=on_delivery)
    if left := producer.flush(timeout_s):
        why.append(f"{left} are not answered yet")
    return why
