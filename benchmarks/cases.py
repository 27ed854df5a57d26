"""What is measured: one entry per case, each a bounded job on the same readings.

Every case decodes the topic once for each way it reads it, as the jobs do, so
that the ratio to ``decode only`` says what the case adds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyflink.table import TableDescriptor, TableEnvironment
from pyflink.table.statement_set import StatementSet

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from jobs import detect_patterns, record_vitals, score_eeg, score_patients, windows
from jobs.detect_patterns import ALL
from jobs.eeg_events import EEG_SCORED
from jobs.eeg_scoring import ScoreWindows
from jobs.eeg_seconds import EEG_SECONDS, seconds_view
from jobs.measurements import VITALS_RAW
from jobs.messages import keep_messages
from jobs.parts import parts
from jobs.settings import JobSettings
from jobs.tables import table_of
from producers.contract import EEG, VITALS
from scores.catalogue import RATIOS, SCORES

Add = Callable[[StatementSet, TableEnvironment, JobSettings], None]

FIRST_FOUR: Final = CATALOGUE[:4]


@dataclass(frozen=True, slots=True)
class Case:
    """One job to measure; ``aim`` is its least speed, as a share of the case ``of``.

    The last of ``runs`` counts: Java compiles during those before. Long ones run once.
    """

    name: str
    add: Add
    aim: float | None = None
    runs: int = 3
    of: str = "decode only"


def _decode(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    columns = ", ".join(column.name for column in VITALS.columns)
    _discard(job, t_env, [f"SELECT {columns} FROM {table_of(VITALS)}"])


def _windows(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    t_env.execute_sql(windows.ten_seconds_view())
    t_env.execute_sql(windows.one_minute_view())
    views = (windows.TEN_SECONDS, windows.ONE_MINUTE)
    _discard(job, t_env, [windows.statistics(view) for view in views])


def _four_patterns(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    _discard(job, t_env, detect_patterns.find(t_env, FIRST_FOUR))


def _catalogue(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    _discard(job, t_env, detect_patterns.find(t_env, CATALOGUE))


def _scores(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    said = score_patients.scored(t_env, SCORES, RATIOS)
    _discard(job, t_env, [said, *score_patients.find(t_env, CATALOGUE)])


def _not_thinned(patterns: Sequence[Pattern]) -> Add:
    by_part = parts(patterns)

    def add(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
        _discard(job, t_env, detect_patterns.in_runs(t_env, by_part, ALL))

    return add


def _raw(job: StatementSet, t_env: TableEnvironment, settings: JobSettings) -> None:
    job.add_insert_sql(keep_messages(t_env, VITALS, VITALS_RAW, settings))


def _stored_and_four(
    job: StatementSet, t_env: TableEnvironment, settings: JobSettings
) -> None:
    _insert(job, record_vitals.record(t_env, settings))
    _insert(job, detect_patterns.detect(t_env, FIRST_FOUR))


def _all(job: StatementSet, t_env: TableEnvironment, settings: JobSettings) -> None:
    _insert(job, record_vitals.record(t_env, settings))
    _insert(job, detect_patterns.detect(t_env, CATALOGUE))
    _insert(job, [score_patients.score(t_env)])
    _insert(job, score_patients.detect(t_env, CATALOGUE))


def _decode_eeg(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    columns = ", ".join(column.name for column in EEG.columns)
    _discard(job, t_env, [f"SELECT {columns} FROM {table_of(EEG)}"])


def _judge_eeg(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    _as_in_score_eeg(t_env)
    job.add_insert_sql(score_eeg.judged(t_env))


def _windows_of_eeg(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    t_env.execute_sql(seconds_view())
    _discard(job, t_env, [f"SELECT * FROM {EEG_SECONDS}"])


def _score_eeg(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    _as_in_score_eeg(t_env)
    score_eeg.observe(t_env, ScoreWindows())
    _discard(job, t_env, [f"SELECT * FROM {EEG_SCORED}"])


def _all_of_eeg(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    _as_in_score_eeg(t_env)
    _insert(job, score_eeg.inserts(t_env, CATALOGUE))


def _as_in_score_eeg(t_env: TableEnvironment) -> None:
    for name, value in {**score_eeg.SHARED, **score_eeg.SMALL_BATCHES}.items():
        t_env.get_config().set(name, value)


def _insert(job: StatementSet, inserts: Sequence[str]) -> None:
    for insert in inserts:
        job.add_insert_sql(insert)


def _discard(
    job: StatementSet, t_env: TableEnvironment, queries: Sequence[str]
) -> None:
    for query in queries:
        nowhere = TableDescriptor.for_connector("blackhole").build()
        job.add_insert(nowhere, t_env.sql_query(query))


CASES: Final = (
    Case("decode only", _decode),
    Case("windows of 10 s and 1 min", _windows, aim=0.55),
    Case("four patterns", _four_patterns, aim=0.38),
    Case("all patterns on readings", _catalogue, aim=0.75, of="four patterns"),
    Case("all scores, and patterns on patients", _scores),
    Case("three of the four, not thinned", _not_thinned(FIRST_FOUR), runs=1),
    Case("raw readings into InfluxDB", _raw, aim=0.07, runs=1),
    Case("record_vitals and four patterns in one job", _stored_and_four, 0.05, runs=1),
    Case("everything in one job", _all, runs=1),
)
"""What each part costs."""

EEG_CASES: Final = (
    Case("decode EEG", _decode_eeg),
    Case("judge its messages", _judge_eeg, runs=1),
    Case("windows of 4 s", _windows_of_eeg),
    Case("windows, scored", _score_eeg),
    Case("all of score_eeg", _all_of_eeg),
)
"""What each part of scoring EEG costs."""

PATTERNS: Final = (
    Case("four patterns", _four_patterns),
    Case("all patterns on readings", _catalogue, aim=0.75, of="four patterns"),
    Case("the four, not thinned", _not_thinned(FIRST_FOUR), runs=1, of="four patterns"),
    Case("all, not thinned", _not_thinned(CATALOGUE), runs=1, of="four patterns"),
)
"""What more patterns cost, and what thinning saves."""
