"""What thinning and pre-aggregation save, and that they change nothing that is found.

``python -m benchmarks.savings`` runs each job twice on the same readings, with and
without, keeps what both say, and prints one table: what was said, how much of it is
the same, and the processor time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

import orjson
import typer
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from rich.console import Console
from rich.table import Table

from benchmarks.cases import Case
from benchmarks.cluster import Cost, measured, restart_task_manager
from benchmarks.own_stack import PEOPLE, own_stack
from benchmarks.savings_pairs import MINUTES, PAIRS, Pair
from benchmarks.speed import publish
from producers.schema import Topic
from stack.settings import Settings

SCENARIO: Final = "ill"
DIGITS: Final = 9
"""Sums of the same numbers in another order differ behind so many decimals."""

Row = tuple[object, ...]

console = Console()


class Outcome(NamedTuple):
    """What a run said, and what it took."""

    said: Sequence[Row]
    cost: Cost


class Compared(NamedTuple):
    """The outcome of the same job with and without."""

    title: str
    on: Outcome
    off: Outcome


def main(
    leave_out: Annotated[
        str | None, typer.Option(help="Pairs with this in their name.")
    ] = None,
) -> None:
    """Measure each with and without, and print the table."""
    wanted = [p for p in PAIRS if leave_out is None or leave_out not in p.title]
    console.print(report([_compared(pair) for pair in wanted]))


def _make(topic: Topic, settings: Settings) -> None:
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_brokers)
    try:
        admin.create_topics(
            {topic.name: {"num_partitions": topic.partitions}}, wait_for_metadata=True
        )
    finally:
        admin.close()


def _compared(pair: Pair) -> Compared:
    with own_stack(console, without=PEOPLE) as settings:
        if pair.topic is MINUTES:
            _make(pair.topic, settings)
        publish(settings, pair.readings, SCENARIO, pair.devices)
        on = _outcome(pair.on, pair.topic, settings)
        return Compared(pair.title, on, _outcome(pair.off, pair.topic, settings))


def _outcome(case: Case, topic: Topic, settings: Settings) -> Outcome:
    """Run ``case`` on a fresh task manager: what Java compiled for another is gone."""
    restart_task_manager(settings)
    begins = _ends(topic, settings)
    cost = measured(case, settings)
    console.log(f"{case.name}: {cost.cpu_s:.1f} s of processor")
    return Outcome(sorted(_said(topic, begins, settings), key=str), cost)


def report(found: Sequence[Compared]) -> Table:
    """Return the table; what is the same was said by both, each row as often."""
    table = Table("", "with", "without", "the same", "CPU-s with", "without", "saved")
    for title, on, off in found:
        same = "all" if on.said == off.said else _in_common(on, off)
        saved = 1.0 - on.cost.cpu_s / off.cost.cpu_s
        table.add_row(
            title,
            f"{len(on.said):,}",
            f"{len(off.said):,}",
            same,
            f"{on.cost.cpu_s:.1f}",
            f"{off.cost.cpu_s:.1f}",
            f"{100 * saved:.0f} %",
        )
    return table


def _in_common(on: Outcome, off: Outcome) -> str:
    return f"{len(set(on.said) & set(off.said)):,}"


def _ends(topic: Topic, settings: Settings) -> Mapping[TopicPartition, int]:
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_brokers)
    try:
        numbers = range(topic.partitions)
        ends: Mapping[TopicPartition, int] = consumer.end_offsets(
            [TopicPartition(topic.name, number) for number in numbers]
        )
        return ends
    finally:
        consumer.close()


def _said(
    topic: Topic, begins: Mapping[TopicPartition, int], settings: Settings
) -> Iterator[Row]:
    """Yield what was written into ``topic`` since ``begins``."""
    ends = _ends(topic, settings)
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_brokers)
    try:
        consumer.assign(list(begins))
        for partition, offset in begins.items():
            consumer.seek(partition, offset)
        while any(consumer.position(part) < end for part, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                for record in records:
                    yield _row(topic, orjson.loads(record.value))
    finally:
        consumer.close()


def _row(topic: Topic, message: Mapping[str, Any]) -> Row:
    values = (message.get(column.name) for column in topic.columns)
    return tuple(round(v, DIGITS) if isinstance(v, float) else v for v in values)


if __name__ == "__main__":
    typer.run(main)
