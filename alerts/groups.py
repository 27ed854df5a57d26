"""How far jobs have read, and who takes part: what the broker knows of groups.

By consumers that read nothing, and by librdkafka's older question for groups: the
newer ones of its AdminClient end the whole process, where the broker answers that it
does not look after a group (yet).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from producers.offsets import CONNECTION, PATIENCE_S
from producers.progress import Place


class Groups:
    """Asks; everything raises ``KafkaException`` while the broker is away."""

    def __init__(self, brokers: str) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._broker = {"bootstrap.servers": brokers} | CONNECTION
        self._admin: Any = None
        self._consumers: dict[str, Any] = {}

    def committed(
        self, places: Mapping[str, Iterable[Place]]
    ) -> dict[str, dict[Place, int]]:
        """Return what each group reads next, of the places asked for it."""
        return {group: self._committed(group, of) for group, of in places.items()}

    def _committed(self, group: str, places: Iterable[Place]) -> dict[Place, int]:
        if group not in self._consumers:
            own = {"group.id": group, "enable.auto.commit": False}
            self._consumers[group] = Consumer(self._broker | own)
        asked = [TopicPartition(*place) for place in places]
        found = self._consumers[group].committed(asked, timeout=PATIENCE_S)
        return {
            Place(part.topic, part.partition): part.offset
            for part in found
            if part.offset >= 0
        }

    def is_attended(self, group: str) -> bool | None:
        """Return whether anybody takes part in a group; None: nobody ever did."""
        if self._admin is None:
            self._admin = AdminClient(self._broker)
        found = self._admin.list_groups(group, timeout=PATIENCE_S)
        known = [each for each in found if each.state not in {"", "Dead"}]
        return bool(known[0].members) if known else None

    def close(self) -> None:
        """Let go of the broker."""
        for consumer in self._consumers.values():
            consumer.close()
        self._consumers = {}
