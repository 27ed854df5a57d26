"""Topics that are on a broker already, brought up to the contract where that is safe.

What nobody set there is set as the contract has it, and partitions that are too few are
added. What somebody set otherwise is theirs, and so is a partition too many: that is
left as it is, and named.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    ResourceType,
)

from producers.schema import Topic

ANSWER_S: Final = 60


class Existing(NamedTuple):
    """A topic as the broker has it: ``own`` are the settings that somebody made."""

    topic: Topic
    partitions: int
    settings: Mapping[str, str]
    own: frozenset[str]

    def differing(self) -> dict[str, str]:
        """Return the settings that are not as the contract has them."""
        contract = self.topic.configs
        return {k: v for k, v in contract.items() if self.settings.get(k) != v}

    def unset(self) -> dict[str, str]:
        """Return those of them that nobody set, as they should be."""
        return {k: v for k, v in self.differing().items() if k not in self.own}

    def told(self) -> Iterator[str]:
        """Yield what stays different, in words."""
        topic, but = self.topic, "the contract says"
        for name, wanted in self.differing().items():
            if name in self.own:
                yield f"{topic.name}: {name} is {self.settings[name]}, {but} {wanted}"
        if (found := self.partitions) > topic.partitions:
            yield f"{topic.name}: {found} partitions, {but} {topic.partitions}"


def brought_up(
    admin: AdminClient, topics: Sequence[Topic], partitions: Mapping[str, int]
) -> list[str]:
    """Bring ``topics``, with ``partitions`` each, up to the contract.

    Returns what stays different, and what was changed, in words.
    """
    found = _described(admin, topics, partitions)
    changed = {each.topic.name: each.unset() for each in found if each.unset()}
    grown = [each for each in found if each.partitions < each.topic.partitions]
    _configure(admin, changed)
    _widen(admin, grown)
    return [
        *(line for each in found for line in each.told()),
        *(f"{name}: now {settings}" for name, settings in changed.items()),
        *(f"{e.topic.name}: now {e.topic.partitions} partitions" for e in grown),
    ]


def _described(
    admin: AdminClient, topics: Sequence[Topic], partitions: Mapping[str, int]
) -> list[Existing]:
    asked = {each.name: _resource(each.name) for each in topics}
    answers = admin.describe_configs([*asked.values()]) if asked else {}
    found = []
    for topic in topics:
        entries = answers[asked[topic.name]].result(ANSWER_S)
        settings = {name: entry.value for name, entry in entries.items()}
        own = frozenset(n for n, entry in entries.items() if entry.source == _BY_HAND)
        found.append(Existing(topic, partitions[topic.name], settings, own))
    return found


_BY_HAND: Final = ConfigSource.DYNAMIC_TOPIC_CONFIG.value


def _configure(admin: AdminClient, changed: Mapping[str, Mapping[str, str]]) -> None:
    resources = [
        ConfigResource(
            ResourceType.TOPIC,
            name,
            incremental_configs=[
                ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
                for key, value in settings.items()
            ],
        )
        for name, settings in changed.items()
    ]
    if resources:
        for answer in admin.incremental_alter_configs(resources).values():
            answer.result(ANSWER_S)


def _widen(admin: AdminClient, grown: Sequence[Existing]) -> None:
    wanted = [NewPartitions(e.topic.name, e.topic.partitions) for e in grown]
    if wanted:
        for answer in admin.create_partitions(wanted).values():
            answer.result(ANSWER_S)


def _resource(name: str) -> ConfigResource:
    return ConfigResource(ResourceType.TOPIC, name)
