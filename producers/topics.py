"""Create the topics of the contract on the broker, or describe them.

``python -m producers.topics`` prints every topic with its columns and units.
"""

import logging
import signal
import time
from collections.abc import Iterator

from confluent_kafka.admin import AdminClient, NewTopic

from producers.contract import TOPICS
from producers.existing_topics import ANSWER_S, brought_up
from producers.schema import Column, Topic

logger = logging.getLogger(__name__)


def create_topics(brokers: str) -> list[str]:
    """Create the topics that are missing, and return their names.

    Those that are there are compared with the contract: what is missing of it is made
    up for, and what stays different is named in the log.
    """
    admin = AdminClient({"bootstrap.servers": brokers})
    existing = {
        name: len(found.partitions)
        for name, found in admin.list_topics(timeout=ANSWER_S).topics.items()
    }
    missing = [topic for topic in TOPICS if topic.name not in existing]
    _create(admin, missing)
    there = [topic for topic in TOPICS if topic.name in existing]
    for difference in brought_up(admin, there, existing):
        logger.warning("%s", difference)
    return [topic.name for topic in missing]


def _create(admin: AdminClient, topics: list[Topic]) -> None:
    wanted = [NewTopic(t.name, t.partitions, config=t.configs) for t in topics]
    if wanted:
        for answer in admin.create_topics(wanted).values():
            answer.result(ANSWER_S)
        _wait_until_known(admin, {topic.name for topic in topics})


def _wait_until_known(admin: AdminClient, names: set[str]) -> None:
    """Return when the broker has heard of all topics, a moment after its controller."""
    until_s = time.monotonic() + ANSWER_S
    while left := names - set(admin.list_topics(timeout=ANSWER_S).topics):
        if time.monotonic() > until_s:
            msg = f"{sorted(left)}: made, and unknown to the broker for {ANSWER_S} s"
            raise TimeoutError(msg)
        time.sleep(0.1)


def description(topic: Topic) -> str:
    """Return ``topic`` as Markdown: what a message is, then a line a column."""
    rows = "\n".join(_row(column) for column in topic.columns)
    return (
        f"### {topic.name}\n\n"
        f"{topic.doc}. Key: {', '.join(topic.keys)}. Value: {topic.wire}.\n\n"
        f"| column | type | unit | what it is |\n|---|---|---|---|\n{rows}\n"
    )


def _row(column: Column) -> str:
    what = "; ".join((column.doc, *_terms(column)))
    return f"| {column.name} | {column.declared_type} | {column.unit} | {what} |"


def _terms(column: Column) -> Iterator[str]:
    """Yield what a value must be, and the codes it goes by elsewhere."""
    if column.required:
        yield "required"
    if column.max_length and not column.one_of:
        yield f"1 to {column.max_length} characters"
    if column.max_items:
        yield f"at most {column.max_items}"
    if column.pattern:
        yield f"a pseudonym: {column.pattern}"
    if column.reserved:
        yield f"never {', '.join(column.reserved)}"
    if column.plausible:
        yield str(column.plausible)
    if column.one_of:
        yield f"one of {', '.join(column.one_of)}"
    if column.loinc:
        yield f"LOINC {column.loinc}"
    if column.mdc:
        yield f"MDC {column.mdc}"


def main() -> None:
    """Print the whole contract; who reads only its head is no error."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print("\n".join(map(description, TOPICS)))  # noqa: T201 - its output is its purpose


if __name__ == "__main__":
    main()
