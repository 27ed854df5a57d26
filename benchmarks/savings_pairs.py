"""What is measured with and without, for what it saves."""

from typing import Final, NamedTuple

from pyflink.table import TableDescriptor, TableEnvironment
from pyflink.table.statement_set import StatementSet

from benchmarks.cases import Add, Case
from cep_patterns.catalogue import CATALOGUE
from jobs import detect_patterns, windows
from jobs.detect_patterns import ALL, THINNED, Sight
from jobs.kafka import Broker, write_json
from jobs.matches import inserts
from jobs.parts import parts
from jobs.readings import READINGS
from jobs.settings import JobSettings
from jobs.tables import sink_table, table_of
from jobs.thinning import arrivals_view
from producers.contract import MATCHES, VITAL_SIGNS
from producers.contract.columns import PATIENT_ID, TS_MS
from producers.schema import Column, Topic

_STATISTICS: Final = tuple(
    f"{sign.name}_{kind}"
    for sign in VITAL_SIGNS
    for kind in ("mean", "min", "max", "count")
)
MINUTES: Final = Topic(
    name="minutes",
    doc="statistics of a minute, for this measurement alone",
    key="patient_id",
    columns=(
        PATIENT_ID,
        TS_MS,
        *(Column(name=name, sql_type="DOUBLE", doc=name) for name in _STATISTICS),
    ),
)


class Pair(NamedTuple):
    """The same job with and without; ``topic`` is where both say what they found.

    Both read ``readings`` of ``devices``: few where the job is slow without.
    """

    title: str
    devices: int
    readings: int
    topic: Topic
    on: Case
    off: Case


def _patterns(sight: Sight) -> Add:
    """Return what adds all patterns that are found in readings one by one."""
    by_part = parts(CATALOGUE)

    def add(job: StatementSet, t_env: TableEnvironment, _: JobSettings) -> None:
        t_env.execute_sql(arrivals_view(by_part.thinned_by))
        for insert in inserts(detect_patterns.in_runs(t_env, by_part, sight)):
            job.add_insert_sql(insert)

    return add


def _minutes(view: str) -> Add:
    """Return what adds the statistics of 10 s, and those of ``view``."""

    def add(job: StatementSet, t_env: TableEnvironment, settings: JobSettings) -> None:
        broker = Broker(addresses=settings.kafka_brokers, group="benchmark")
        t_env.execute_sql(sink_table(MINUTES, write_json(MINUTES, broker)))
        nowhere = TableDescriptor.for_connector("blackhole").build()
        t_env.execute_sql(windows.ten_seconds_view())
        t_env.execute_sql(windows.one_minute_view())
        t_env.execute_sql(_from_readings())
        of_10_s = t_env.sql_query(windows.statistics(windows.TEN_SECONDS))
        job.add_insert(nowhere, of_10_s)
        of_minutes = windows.statistics(view)
        job.add_insert_sql(f"INSERT INTO {table_of(MINUTES)} {of_minutes}")

    return add


_DIRECTLY: Final = "minutes_of_readings"


def _from_readings() -> str:
    """Return the DDL of the minutes, each made of its readings."""
    sums = ", ".join(
        f"SUM({s}) AS {s}_sum, COUNT({s}) AS {s}_count,"
        f" MIN({s}) AS {s}_min, MAX({s}) AS {s}_max"
        for s in (sign.name for sign in VITAL_SIGNS)
    )
    return f"""
        CREATE TEMPORARY VIEW {_DIRECTLY} AS
        SELECT patient_id, MIN(ts_ms) / 60000 * 60000 AS ts_ms, {sums}
        FROM TABLE(TUMBLE(TABLE {READINGS}, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
        GROUP BY patient_id, window_start, window_end
    """


PAIRS: Final = (
    Pair(
        "thinning: matches",
        400,
        200_000,
        MATCHES,
        Case("patterns, thinned", _patterns(THINNED)),
        Case("patterns, not thinned", _patterns(ALL)),
    ),
    Pair(
        "pre-aggregation: rows of a minute",
        5_000,
        3_000_000,
        MINUTES,
        Case("minutes of 10 s", _minutes(windows.ONE_MINUTE)),
        Case("minutes of readings", _minutes(_DIRECTLY)),
    ),
)
