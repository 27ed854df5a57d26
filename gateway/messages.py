"""A message as it came, and its values once the contract's judgement let it in."""

from collections.abc import Mapping
from typing import NamedTuple

Message = Mapping[str, object]


class Arrived(NamedTuple):
    """A message, when the broker had it, and where in the broker it lies."""

    topic_name: str
    payload: bytes | None
    arrived_ms: int
    partition: int = -1
    offset: int = -1

    @property
    def place(self) -> str:
        """Return where it lies: that names a message without saying what is in it."""
        return f"{self.topic_name}/{self.partition} at {self.offset}"


def number(message: Message, name: str) -> float | None:
    """Return the number called ``name``, where the message has it."""
    value = message.get(name)
    return value if isinstance(value, int | float) else None


def text(message: Message, name: str) -> str:
    """Return the text called ``name``; empty where the message has none."""
    value = message.get(name)
    return value if isinstance(value, str) else ""


def instant(message: Message, name: str) -> int | None:
    """Return the time called ``name``, in ms, where the message has it."""
    value = number(message, name)
    return None if value is None else int(value)
