"""Run the patterns over a file of messages, in this process, without any service.

The same queries as in ``detect_patterns``, with a file in place of the broker.
"""

from collections.abc import Sequence
from pathlib import Path

import orjson
from pyflink.table import TableEnvironment

from cep_patterns.pattern import Pattern
from jobs.detect_patterns import find
from jobs.environment import table_environment
from jobs.readings import readings_view
from jobs.tables import FROM_FILE, source_table
from producers.contract import MATCHES, VITALS
from producers.schema import Topic

Match = dict[str, object]


def matches_in(messages: Path, patterns: Sequence[Pattern]) -> list[Match]:
    """Return the matches of ``patterns`` in a file of JSON lines, in order of time.

    Lines stand in order of arrival. The end of the file is no silence: what
    would be found only after the file's last reading is left out. A device that
    falls silent while others go on is found silent; whoever joins recordings of
    different lengths in one file knows where each ends, and leaves out what
    comes after (``workbench.episodes``).
    """
    t_env = local_environment()
    read_file(t_env, VITALS, messages)
    t_env.execute_sql(readings_view())
    found = collected(t_env, "\nUNION ALL\n".join(find(t_env, patterns)))
    last_ms = _last_ms(messages)
    within = (match for match in found if int(str(match["ts_ms"])) <= last_ms)
    return sorted(within, key=lambda match: (match["ts_ms"], match["match_id"]))


def _last_ms(messages: Path) -> int:
    """Return the time of the latest reading in a file of JSON lines."""
    with messages.open("rb") as lines:
        return max(map(_ts_ms, lines), default=0)


def _ts_ms(line: bytes) -> int:
    """Return when a line was true; 0 if it does not say."""
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        return 0
    ts_ms = message.get("ts_ms") if isinstance(message, dict) else None
    return ts_ms if isinstance(ts_ms, int) else 0


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
