"""How far the jobs are behind the end of the stream."""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from kafka import KafkaConsumer, TopicPartition

from producers.contract import VITALS
from stack.settings import Settings

READERS: Final = ("detect-patterns", "record-vitals", "score-patients")
"""Jobs that read the readings, by the name under which they say how far they are."""

CHECKPOINTS_S: Final = 14
"""Within this time each job has said, with a checkpoint, how far it is."""


def least_behind(settings: Settings, jobs: Iterable[str]) -> Mapping[str, int]:
    """Return how many readings each of ``jobs`` had still to read, at best.

    They say how far they are with each checkpoint; right behind one is at best.
    """
    consumers = {
        job: KafkaConsumer(bootstrap_servers=settings.kafka_brokers, group_id=job)
        for job in jobs
    }
    try:
        seen: dict[str, list[int]] = {job: [] for job in consumers}
        ends_s = time.monotonic() + CHECKPOINTS_S
        while time.monotonic() < ends_s:
            for job, consumer in consumers.items():
                seen[job].append(_behind(consumer))
            time.sleep(0.5)
        return {job: min(behind) for job, behind in seen.items()}
    finally:
        for consumer in consumers.values():
            consumer.close()


def _behind(consumer: KafkaConsumer) -> int:
    numbers = consumer.partitions_for_topic(VITALS.name) or ()
    ends = consumer.end_offsets([TopicPartition(VITALS.name, n) for n in numbers])
    return sum(end - (consumer.committed(part) or 0) for part, end in ends.items())
