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
from jobs import detect_patterns, record_vitals, thinning, windows
from jobs.measurements import VITALS_RAW
from jobs.messages import keep_messages
from jobs.settings import JobSettings
from jobs.tables import table_of
from producers.contract import VITALS

Add = Callable[[StatementSet, TableEnvironment, JobSettings], None]

FIRST_FOUR: Final = CATALOGUE[:4]


@dataclass(frozen=True, slots=True)
class Case:
    """One job to measure; ``aim`` is its least speed, as a share of decoding alone.

    The last of ``runs`` counts; long ones are steady in their first.
    """

    name: str
    add: Add
    aim: float | None = None
    runs: int = 2


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


def _not_thinned(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
    queries = detect_patterns.find_in_runs(t_env, FIRST_FOUR, thinning.all_steps)
    _discard(job, t_env, queries)


def _raw(job: StatementSet, t_env: TableEnvironment, settings: JobSettings) -> None:
    job.add_insert_sql(keep_messages(t_env, VITALS, VITALS_RAW, settings))


def _all(job: StatementSet, t_env: TableEnvironment, settings: JobSettings) -> None:
    for insert in record_vitals.record(t_env, settings):
        job.add_insert_sql(insert)
    for insert in detect_patterns.detect(t_env, CATALOGUE):
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
    Case(f"whole catalogue ({len(CATALOGUE)})", _catalogue),
    Case("three of the four, not thinned", _not_thinned, runs=1),
    Case("raw readings into InfluxDB", _raw, aim=0.07, runs=1),
    Case("everything in one job", _all, aim=0.05, runs=1),
)
