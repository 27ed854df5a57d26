"""Topics that are there already are compared with the contract, and made up to it."""

import logging
from dataclasses import replace

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    ResourceType,
)

from producers.contract import EEG, LATE, LIMITS, MATCHES, REJECTED, VITALS
from producers.existing_topics import brought_up
from producers.schema import MOST_MESSAGE_BYTES, Topic
from producers.topics import create_topics
from stack.waiting import PATIENCE_S, until
from tests.broker import Broker

pytestmark = pytest.mark.system


@pytest.fixture
def admin(real: Broker) -> AdminClient:
    """Return what looks at the broker."""
    return AdminClient({"bootstrap.servers": real.address})


def changed(
    admin: AdminClient, topic: Topic, how: AlterConfigOpType, **values: str
) -> None:
    """Change settings of ``topic`` as somebody else would, and see that it is done."""
    named = {name.replace("_", "."): value for name, value in values.items()}
    entries = [
        ConfigEntry(name, value, incremental_operation=how)
        for name, value in named.items()
    ]
    asked = ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries)
    admin.incremental_alter_configs([asked])[asked].result(PATIENCE_S)
    until(
        lambda: all(
            (settings(admin, topic)[name] == value) is (how is AlterConfigOpType.SET)
            for name, value in named.items()
        ),
        otherwise=lambda: f"{topic.name} is not {named}",
    )


def settings(admin: AdminClient, topic: Topic) -> dict[str, str]:
    asked = ConfigResource(ResourceType.TOPIC, topic.name)
    entries = admin.describe_configs([asked])[asked].result(PATIENCE_S)
    return {name: entry.value for name, entry in entries.items()}


def partitions(admin: AdminClient, topic: Topic) -> int:
    return len(
        admin.list_topics(topic.name, timeout=PATIENCE_S).topics[topic.name].partitions
    )


def test_what_nobody_set_is_made_up_to_the_contract(
    real: Broker, admin: AdminClient, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = VITALS.configs
    few = {name.replace(".", "_"): wanted[name] for name in ("retention.bytes",)}
    changed(admin, VITALS, AlterConfigOpType.DELETE, **few)
    with caplog.at_level(logging.WARNING):
        assert create_topics(real.address) == []
    assert "vitals: now {'retention.bytes'" in caplog.text
    until(
        lambda: wanted.items() <= settings(admin, VITALS).items(),
        otherwise=lambda: f"{settings(admin, VITALS)} is not {wanted}",
    )
    caplog.clear()
    create_topics(real.address)
    assert "vitals" not in caplog.text


def test_partitions_that_are_too_few_are_added(admin: AdminClient) -> None:
    wider = replace(LATE, partitions=6)
    [told] = brought_up(admin, [wider], {LATE.name: LATE.partitions})
    assert told == "late: now 6 partitions"
    until(
        lambda: partitions(admin, LATE) == 6,
        otherwise=lambda: f"{partitions(admin, LATE)} partitions",
    )


def test_what_somebody_set_is_left_and_named(
    real: Broker, admin: AdminClient, caplog: pytest.LogCaptureFixture
) -> None:
    changed(admin, MATCHES, AlterConfigOpType.SET, retention_ms="1000")
    admin.create_partitions([NewPartitions(MATCHES.name, 8)])[MATCHES.name].result(
        PATIENCE_S
    )
    until(
        lambda: partitions(admin, MATCHES) == 8,
        otherwise=lambda: f"{partitions(admin, MATCHES)} partitions",
    )
    with caplog.at_level(logging.WARNING):
        create_topics(real.address)
    wanted = MATCHES.configs["retention.ms"]
    assert f"matches: retention.ms is 1000, the contract says {wanted}" in caplog.text
    assert "matches: 8 partitions, the contract says 4" in caplog.text
    assert settings(admin, MATCHES)["retention.ms"] == "1000"


@pytest.mark.parametrize(
    ("topic", "size", "is_taken"),
    [
        (EEG, MOST_MESSAGE_BYTES - 1_000, True),
        (EEG, MOST_MESSAGE_BYTES + 1, False),
        (LIMITS, MOST_MESSAGE_BYTES + 1, False),
        (REJECTED, MOST_MESSAGE_BYTES + 50_000, True),
    ],
)
def test_a_topic_takes_what_its_readers_read(
    real: Broker, topic: Topic, size: int, *, is_taken: bool
) -> None:
    told: list[object] = []
    limit = {"bootstrap.servers": real.address, "message.max.bytes": 4_000_000}
    producer = Producer(limit)
    producer.produce(
        topic.name, b"x" * size, b"key", on_delivery=lambda error, _: told.append(error)
    )
    producer.flush(PATIENCE_S)
    [error] = told
    assert (error is None) is is_taken
