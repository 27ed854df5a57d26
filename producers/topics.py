"""Create the topics of the contract on the broker, or describe them.

``python -m producers.topics`` prints every topic with its columns and units.
"""

import signal
from collections.abc import Iterator

from kafka import KafkaAdminClient

from producers.contract import TOPICS
from producers.schema import Column, Topic


def create_topics(brokers: str) -> list[str]:
    """Create the topics that are missing, and return their names."""
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    try:
        existing = set(admin.list_topics())
        missing = [topic for topic in TOPICS if topic.name not in existing]
        if missing:
            admin.create_topics(
                {topic.name: _options(topic) for topic in missing},
                wait_for_metadata=True,
            )
        return [topic.name for topic in missing]
    finally:
        admin.close()


def _options(topic: Topic) -> dict[str, object]:
    return {"num_partitions": topic.partitions, "configs": topic.configs}


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
