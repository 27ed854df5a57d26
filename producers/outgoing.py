"""What is on its way to Kafka."""

from collections.abc import Sequence
from typing import NamedTuple

Message = tuple[bytes | None, bytes]
"""Key and value, as Kafka gets them."""


class Batch(NamedTuple):
    """What goes out ``at_s`` after the start: readings, and what began meanwhile."""

    at_s: float
    vitals: Sequence[Message]
    truth: Sequence[Message] = ()
