"""Run the patterns over a file of messages, in this process, without any service.

The same queries as in ``detect_patterns``, with a file in place of the broker.
"""

from collections.abc import Sequence
from pathlib import Path

from pyflink.table import TableEnvironment

from cep_patterns.pattern import Pattern
from jobs.detect_patterns import find
from jobs.environment import table_environment
from jobs.readings import readings_view
from jobs.tables import FROM_FILE, source_table
from producers.contract import MATCHES, VITALS, Topic

Match = dict[str, object]


def matches_in(messages: Path, patterns: Sequence[Pattern]) -> list[Match]:
    """Return the matches of ``patterns`` in a file of JSON lines, in order of time.

    Lines stand in order of arrival. The end of the file is no silence: what
    would be found only after the last reading is left out.
    """
    t_env = local_environment()
    read_file(t_env, VITALS, messages)
    t_env.execute_sql(readings_view())
    found = collected(t_env, "\nUNION ALL\n".join(find(t_env, patterns)))
    return sorted(found, key=lambda match: (match["ts_ms"], match["match_id"]))


def local_environment() -> TableEnvironment:
    """Return an environment of one slot: same input, same order of output."""
    t_env = table_environment("in-process")
    t_env.get_config().set("parallelism.default", "1")
    return t_env


def read_file(t_env: TableEnvironment, topic: Topic, messages: Path) -> None:
    """Let the JSON lines in ``messages`` stand in for ``topic``."""
    options = {
        "connector": "filesystem",
        "path": messages.absolute().as_uri(),
        "format": "json",
        "json.ignore-parse-errors": "true",
    }
    t_env.execute_sql(source_table(topic, options, FROM_FILE))


def collected(t_env: TableEnvironment, query: str) -> list[Match]:
    """Run ``query`` for matches and return them."""
    names = [column.name for column in MATCHES.columns]
    with t_env.sql_query(query).execute().collect() as rows:
        return [dict(zip(names, row, strict=True)) for row in rows]
