"""How far jobs have read, and who takes part: what the broker knows of groups."""

from collections.abc import Iterable
from typing import Any, Final

from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions
from confluent_kafka.admin import AdminClient

from producers.offsets import CONNECTION, PATIENCE_S
from producers.progress import Place

_NEVER: Final = ConsumerGroupState.DEAD
"""What the broker says of a group that it does not know."""


class Groups:
    """Asks; everything raises ``KafkaException`` while the broker is away."""

    def __init__(self, brokers: str) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._brokers = brokers
        self._admin: Any = None

    def committed(self, groups: Iterable[str]) -> dict[str, dict[Place, int]]:
        """Return what each group reads next, where it has said so."""
        admin = self._asked()
        asked: dict[str, Any] = {}
        for group in groups:  # the library takes one at a time
            asked |= admin.list_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(group)], request_timeout=PATIENCE_S
            )
        return {
            group: {
                Place(part.topic, part.partition): part.offset
                for part in answer.result().topic_partitions
                if part.offset >= 0
            }
            for group, answer in asked.items()
        }

    def is_attended(self, group: str) -> bool | None:
        """Return whether anybody takes part in a group; None: nobody ever did."""
        (answer,) = (
            self._asked()
            .describe_consumer_groups([group], request_timeout=PATIENCE_S)
            .values()
        )
        found = answer.result()
        return None if found.state is _NEVER else bool(found.members)

    def _asked(self) -> Any:  # noqa: ANN401 - untyped library
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self._brokers} | CONNECTION)
        return self._admin
