"""How the value of a message becomes a row: the options of a table's format.

A value of the wrong type is missing, and nothing else. Neither lost nor uncounted:
``record_vitals`` reads the same bytes once more and keeps in ``rejected`` whatever
decoding leaves out.
"""

from collections.abc import Mapping
from typing import Final

from producers.schema import Topic

_SCALARS: Final = {"STRING", "BOOLEAN", "INT", "BIGINT", "DOUBLE"}
"""What ``flat-json`` reads; a flag is read as a text."""

LENIENT_JSON: Final[Mapping[str, str]] = {
    "json.ignore-parse-errors": "true",
    # The other way of decoding loses all that stands behind an object or a list in
    # the place of a number; of a list in the place of a key it makes a row that is
    # none, which ends the job.
    "json.decode.json-parser.enabled": "false",
}


def looks_at_ids(topic: Topic) -> bool:
    """Return whether decoding leaves out a text that does not match its pattern.

    Where it does not, SQL must (``jobs.demands``), which is slower. Part of a row of a
    compacted topic comes out of the message's key, where nothing is looked at.
    """
    flat = all(column.sql_type in _SCALARS for column in topic.columns)
    return flat and not topic.compacted


def decoding(topic: Topic) -> dict[str, str]:
    """Return the options that decode a value of ``topic``.

    ``flat-json`` is ours (``docker/native/flink/flat_json``), because Flink's own way
    that is right takes a sixth more of a job's processor.
    """
    if not looks_at_ids(topic):
        return {"format": "json", **LENIENT_JSON}
    patterns = {c.name: c.pattern for c in topic.columns if c.pattern}
    return {
        "format": "flat-json",
        **{f"flat-json.pattern.{name}": each for name, each in patterns.items()},
    }
