"""What is on its way to Kafka."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

Message = tuple[bytes | None, bytes]
"""Key and value, as Kafka gets them."""


def truth_message(
    patient_id: str, device_id: str, episode: str, onset_ms: int, **times_ms: int
) -> Message:
    """Return what is known to be so, as the topic ``truth`` has it."""
    value = {
        "patient_id": patient_id,
        "device_id": device_id,
        "episode": episode,
        "onset_ms": onset_ms,
        **times_ms,
    }
    return patient_id.encode(), orjson.dumps(value)


class Batch(NamedTuple):
    """What goes out ``at_s`` after the start: readings, and what began meanwhile."""

    at_s: float
    vitals: Sequence[Message] = ()
    truth: Sequence[Message] = ()
    eeg: Sequence[Message] = ()
    statuses: Sequence[Message] = ()

    @property
    def readings(self) -> int:
        """Return how many readings there are of any sort."""
        return len(self.vitals) + len(self.eeg)
