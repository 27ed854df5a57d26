"""Find the patterns of the catalogue in the vitals stream.

vitals (Kafka) -> readings -> arrivals -> steps -> runs -> matches (Kafka)
                                       -> heartbeats -> slots -> matches (Kafka)
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Held, Pattern, Silent
from jobs import held, silence, thinning
from jobs.environment import NO_OPTIONS, Options, submit, table_environment
from jobs.kafka import Broker, read_json, write_json
from jobs.readings import readings_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of
from producers.contract import MATCHES, VITALS

JOB_NAME = "detect-patterns"


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the queries that together find every match of ``patterns``.

    The view ``readings`` must exist in ``t_env``. Nothing runs yet.
    """
    held_patterns = [p for p in patterns if isinstance(p, Held)]
    silent_patterns = [p for p in patterns if isinstance(p, Silent)]
    t_env.execute_sql(thinning.arrivals_view(held_patterns))
    return [
        *_held(t_env, held_patterns),
        *(query for p in silent_patterns for query in _silent(t_env, p)),
    ]


def _held(t_env: TableEnvironment, patterns: Sequence[Held]) -> list[str]:
    if not patterns:
        return []
    t_env.execute_sql(held.runs_view(patterns, thinning.steps(patterns)))
    return [held.found(patterns), held.over(patterns)]


def _silent(t_env: TableEnvironment, pattern: Silent) -> list[str]:
    t_env.execute_sql(
        silence.slots_view(pattern, thinning.heartbeats(pattern.slot_s * 1000))
    )
    return [silence.found(pattern), silence.over(pattern)]


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables and views that :func:`detect` needs."""
    t_env.execute_sql(source_table(VITALS, read_json(VITALS, broker)))
    t_env.execute_sql(readings_view())
    define_sink(t_env, broker)


def define_sink(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the table that the matches go to."""
    t_env.execute_sql(sink_table(MATCHES, write_json(MATCHES, broker)))


def detect(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    queries = find(t_env, patterns)
    return [f"INSERT INTO {table_of(MATCHES)} {query}" for query in queries]


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the patterns and submit the job."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, options)
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, detect(t_env, CATALOGUE))


if __name__ == "__main__":
    main()
