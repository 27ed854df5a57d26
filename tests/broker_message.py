"""A message as the broker's client gives it, for tests without a broker."""

from typing import NamedTuple


class BrokerMessage(NamedTuple):
    """What ``confluent_kafka.Message`` says of itself, in the first partition."""

    topic_name: str
    payload: bytes
    at_ms: int
    number: int = 7

    def error(self) -> None:
        """Nothing went wrong on the way."""

    def topic(self) -> str:
        """Where it was."""
        return self.topic_name

    def partition(self) -> int:
        """Its partition."""
        return 0

    def offset(self) -> int:
        """Its offset."""
        return self.number

    def key(self) -> bytes:
        """Its key."""
        return b"key"

    def value(self) -> bytes:
        """Its bytes."""
        return self.payload

    def timestamp(self) -> tuple[int, int]:
        """Its time of arrival."""
        return 1, self.at_ms
