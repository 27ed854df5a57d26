"""Run patterns or scores over a file of messages, in this process, without a service.

The same queries as in ``detect_patterns``, ``score_patients``, ``score_eeg`` and
``watch_devices``, with files in place of the broker.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
from pyflink.table import TableEnvironment

from cep_patterns.pattern import Pattern
from jobs import detect_patterns, score_eeg, score_patients, watch_devices
from jobs.decoding import decoding
from jobs.eeg_events import told_state_view
from jobs.eeg_scoring import ScoreWindows
from jobs.environment import NO_OPTIONS, Options, table_environment
from jobs.readings import readings_view
from jobs.tables import (
    arrivals_table,
    from_file,
    sink_table,
    source_table,
    versioned_table,
)
from producers.contract import (
    BASELINES,
    DEVICE_STATUS,
    EEG,
    EEG_SCORES,
    LIMITS,
    MATCHES,
    SCORES,
    VITALS,
)
from producers.schema import Topic

Match = dict[str, object]
Message = dict[str, object]


def matches_in(
    messages: Path,
    patterns: Sequence[Pattern],
    *,
    limits: Sequence[Message] = (),
    baselines: Sequence[Message] = (),
    eeg_scores: Sequence[Message] = (),
) -> list[Match]:
    """Return the matches of ``patterns`` in a file of JSON lines, in order of time.

    Lines stand in order of arrival. The end of the file is no silence: what
    would be found only after the file's last reading is left out. A device that
    falls silent while others go on is found silent; whoever joins recordings of
    different lengths in one file knows where each ends, and leaves out what
    comes after (``workbench.episodes``). ``limits``, ``baselines`` and ``eeg_scores``
    are messages of those topics.
    """
    t_env = local_environment()
    read_file(t_env, VITALS, messages)
    t_env.execute_sql(readings_view())
    score_patients.observe(t_env)
    with tempfile.TemporaryDirectory() as folder:
        write_versions(t_env, LIMITS, limits, Path(folder))
        write_versions(t_env, BASELINES, baselines, Path(folder))
        seconds = _lines(EEG_SCORES, eeg_scores, Path(folder))
        read_file(t_env, EEG_SCORES, seconds)
        t_env.execute_sql(told_state_view())
        queries = [
            *detect_patterns.find(t_env, patterns),
            *score_patients.find(t_env, patterns),
            *(score_eeg.find(t_env, patterns) if eeg_scores else ()),
        ]
        found = collected(t_env, "\nUNION ALL\n".join(queries)) if queries else []
        last_ms = max(_last_ms(messages), _last_ms(seconds))
    within = (match for match in found if int(str(match["ts_ms"])) <= last_ms)
    return sorted(within, key=lambda match: (match["ts_ms"], match["match_id"]))


def device_matches_in(
    statuses: Path, patterns: Sequence[Pattern], options: Options = NO_OPTIONS
) -> list[Match]:
    """Return the matches of ``patterns`` in a file of statuses, in order of time.

    JSON lines in order of arrival, each with ``arrived_ms`` beside the contract's
    columns: what the broker would say of it.
    """
    t_env = local_environment(options)
    read_arrivals(t_env, statuses)
    watch_devices.observe(t_env)
    found = [
        match
        for q in watch_devices.find(t_env, patterns)
        for match in collected(t_env, q)
    ]
    return sorted(found, key=lambda match: (match["ts_ms"], match["match_id"]))


def read_arrivals(t_env: TableEnvironment, statuses: Path) -> None:
    """Let the JSON lines in ``statuses`` stand in for ``device_status``."""
    envelope = from_file(DEVICE_STATUS)
    options = _from(statuses, DEVICE_STATUS)
    t_env.execute_sql(arrivals_table(DEVICE_STATUS, options, envelope))


def scores_in(messages: Path) -> list[Message]:
    """Return every message about the patients in a file of JSON lines, by time.

    Lines stand in order of arrival; the slot that the file ends in counts. The
    messages go through a file, because that is how they look on the wire, and
    because a map with a gap in it cannot be collected.
    """
    t_env = local_environment()
    read_file(t_env, VITALS, messages)
    t_env.execute_sql(readings_view())
    score_patients.observe(t_env)
    with tempfile.TemporaryDirectory() as folder:
        write_folder(t_env, SCORES, Path(folder))
        t_env.execute_sql(score_patients.score(t_env)).wait()
        said = list(_written(Path(folder)))
    return sorted(said, key=lambda m: (m["ts_ms"], m["patient_id"], m["score_name"]))


def eeg_scores_in(messages: Path, scorer: ScoreWindows) -> list[Message]:
    """Return every score of the seconds of EEG in a file of JSON lines, by time.

    Lines stand in order of arrival.
    """
    t_env = local_environment({**score_eeg.SHARED, **score_eeg.SMALL_BATCHES})
    read_file(t_env, EEG, messages)
    score_eeg.observe(t_env, scorer)
    with tempfile.TemporaryDirectory() as folder:
        write_folder(t_env, EEG_SCORES, Path(folder))
        t_env.execute_sql(score_eeg.scored()).wait()
        said = list(_written(Path(folder)))
    return sorted(said, key=lambda m: (m["ts_ms"], m["patient_id"], m["device_id"]))


def _written(folder: Path) -> Iterator[Message]:
    for file in folder.rglob("part-*"):
        yield from map(orjson.loads, file.read_bytes().splitlines())


def _last_ms(messages: Path) -> int:
    """Return when the latest reading in a file of JSON lines came."""
    with messages.open("rb") as lines:
        return max(map(_arrived_ms, lines), default=0)


def _arrived_ms(line: bytes) -> int:
    """Return when a line came, or else when it was true; 0 if it says neither."""
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        return 0
    if not isinstance(message, dict):
        return 0
    came_ms = message.get("arrived_ms", message.get("ts_ms"))
    return came_ms if isinstance(came_ms, int) else 0


def local_environment(options: Options = NO_OPTIONS) -> TableEnvironment:
    """Return an environment of one slot: same input, same order of output."""
    t_env = table_environment("in-process", options)
    t_env.get_config().set("parallelism.default", "1")
    return t_env


def read_file(t_env: TableEnvironment, topic: Topic, messages: Path) -> None:
    """Let the JSON lines in ``messages`` stand in for ``topic``."""
    options = _from(messages, topic)
    t_env.execute_sql(_table(topic)(topic, options, from_file(topic)))


def _table(topic: Topic) -> Callable[..., str]:
    return versioned_table if topic.compacted else source_table


def write_versions(
    t_env: TableEnvironment, topic: Topic, messages: Sequence[Message], folder: Path
) -> None:
    """Let ``messages`` stand in for a compacted ``topic``, written to ``folder``."""
    read_file(t_env, topic, _lines(topic, messages, folder))


def _lines(topic: Topic, messages: Sequence[Message], folder: Path) -> Path:
    """Write ``messages`` as JSON lines to ``folder``."""
    path = folder / f"{topic.name}.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, messages)))
    return path


def _from(messages: Path, topic: Topic) -> dict[str, str]:
    return {
        "connector": "filesystem",
        "path": messages.absolute().as_uri(),
        **decoding(topic),
    }


def write_folder(t_env: TableEnvironment, topic: Topic, folder: Path) -> None:
    """Let JSON lines in ``folder`` stand in for ``topic``, written."""
    options = {
        "connector": "filesystem",
        "path": folder.absolute().as_uri(),
        "format": "json",
        "json.encode.ignore-null-fields": "true",
    }
    t_env.execute_sql(sink_table(topic, options))


def collected(
    t_env: TableEnvironment, query: str, topic: Topic = MATCHES
) -> list[Match]:
    """Run ``query`` for messages of ``topic`` and return them."""
    names = [column.name for column in topic.columns]
    with t_env.sql_query(query).execute().collect() as rows:
        return [dict(zip(names, row, strict=True)) for row in rows]
