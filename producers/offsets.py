"""Ask the broker what topics it has, and how far their partitions go."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from confluent_kafka import TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from producers.progress import Place

PATIENCE_S: Final = 3.0
"""A broker that does not answer for so long counts as away."""
CONNECTION: Final = {"reconnect.backoff.max.ms": 1_000, "log_level": 0}

Specs = Mapping[Place, OffsetSpec]


class Topics(NamedTuple):
    """The topics asked for: which they are, and every partition of them."""

    ids: Mapping[str, str]
    """A topic that is made anew under its old name has another id."""
    places: list[Place]


class Offsets:
    """Asks; everything raises ``KafkaException`` while the broker is away."""

    def __init__(self, brokers: str) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._brokers = brokers
        self._admin: Any = None

    def topics(self, names: Iterable[str]) -> Topics:
        """Return what there is of these topics; all of them must be there."""
        asked = self._asked().describe_topics(
            TopicCollection(list(names)), request_timeout=PATIENCE_S
        )
        found = {name: each.result() for name, each in asked.items()}
        ids = {name: str(topic.topic_id) for name, topic in found.items()}
        return Topics(ids, [Place(t, p.id) for t in found for p in found[t].partitions])

    def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """Return the offset of the next message of each partition."""
        return self.of(dict.fromkeys(places, OffsetSpec.latest()))

    def firsts(self, places: Iterable[Place]) -> dict[Place, int]:
        """Return the offset of the oldest message of each partition."""
        return self.of(dict.fromkeys(places, OffsetSpec.earliest()))

    def of(self, specs: Specs) -> dict[Place, int]:
        """Return the offset that each partition has for its question; -1 for none."""
        if not specs:
            return {}
        asked = self._asked().list_offsets(
            {TopicPartition(*place): spec for place, spec in specs.items()},
            request_timeout=PATIENCE_S,
        )
        return {
            Place(part.topic, part.partition): each.result().offset
            for part, each in asked.items()
        }

    def _asked(self) -> Any:  # noqa: ANN401 - untyped library
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self._brokers} | CONNECTION)
        return self._admin
