"""Whether anything that can be used has come to ``vitals`` since we last looked.

Messages are read from where the topic ended then, until the first that can be used:
nearly always one. Of a flood of others no more than ``MOST`` are read.
"""

import time
from collections.abc import Mapping
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from producers.consumer import READING
from producers.contract import VITAL_SIGNS, VITALS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.offsets import CONNECTION, PATIENCE_S
from producers.progress import Place
from producers.validation import verdict

MOST: Final = 2_000
_FEW_BYTES: Final = 65_536
"""What is fetched at once of a partition: the first message is enough."""
_FEW_KB: Final = 1_024
"""What waits at most in memory to be judged."""
_SIGNS: Final = frozenset(sign.name for sign in VITAL_SIGNS)

Ends = Mapping[Place, int]


def is_usable(payload: bytes | None, arrived_ms: int) -> bool:
    """Return whether a message is a reading, of a device, that says anything.

    One that the contract refuses is none, and neither is one without a number for any
    vital sign. A number that cannot be is one: other alarms name it (a sensor is off).
    """
    message, reasons = verdict(VITALS, payload, arrived_ms)
    if message is None or message["patient_id"] == SYNTHETIC_PATIENT_ID:
        return False
    return bool(_SIGNS & message.keys()) or any(map(_names_a_number, reasons))


def _names_a_number(reason: str) -> bool:
    """Return whether a reason says that a vital sign is a number, if a wrong one."""
    fault, _, rest = reason.partition(" ")
    column = rest.partition(":")[0].partition(" ")[0]
    return fault != "wrong_type" and column in _SIGNS


class UsableReadings:
    """Counts the looks that found one."""

    def __init__(self, brokers: str) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._settings = {
            **CONNECTION,
            **READING,
            "bootstrap.servers": brokers,
            "client.id": "alerts-watch",
            "group.id": "alerts-watch",
            "fetch.message.max.bytes": _FEW_BYTES,
            "queued.max.messages.kbytes": _FEW_KB,
        }
        self._before: Ends | None = None
        self._count = 0

    def count(self, ends: Ends | None) -> int | None:
        """Return a number that is greater than before where a usable one has come.

        ``ends`` is how far partitions go now. None: nobody can tell.
        """
        if ends is None:
            return None
        before, self._before = self._before, ends
        found = False if before is None else self._has_come(before, ends)
        self._count += bool(found)
        return None if found is None else self._count

    def _has_come(self, before: Ends, ends: Ends) -> bool | None:
        since = {p: _begin(before.get(p, 0), end) for p, end in ends.items()}
        grown = {place: at for place, at in since.items() if at < ends[place]}
        if not grown:
            return False
        consumer = Consumer(self._settings)
        try:
            consumer.assign([TopicPartition(*p, at) for p, at in grown.items()])
            return _found(consumer, {place: ends[place] for place in grown})
        except KafkaException:
            return None
        finally:
            consumer.close()


def _found(consumer: Any, left: dict[Place, int]) -> bool | None:  # noqa: ANN401 - untyped library
    """Read partitions up to their ends, or to the first message that is usable."""
    until_s = time.monotonic() + PATIENCE_S
    for _ in range(MOST):
        left_s = until_s - time.monotonic()
        message = consumer.poll(left_s) if left_s > 0 else None
        if message is None:
            return None
        place, error = Place(message.topic(), message.partition()), message.error()
        if error is None and is_usable(message.value(), message.timestamp()[1]):
            return True
        is_end = error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001 - its public name
        if error is not None and not is_end:
            return None
        if is_end or message.offset() + 1 >= left.get(place, 0):
            left.pop(place, None)
        if not left:
            return False
    return None


def _begin(before: int, end: int) -> int:
    """Return where to go on; a topic that was made anew begins at 0."""
    return before if before <= end else 0
