"""Find the patterns of the catalogue in the vitals stream.

vitals (Kafka) -> readings -> arrivals -> steps -> runs -> matches (Kafka)
                                                -> following runs -> matches
                                       -> heartbeats -> slots -> matches (Kafka)
"""

from collections.abc import Callable, Sequence

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Followed, Held, Pattern, Silent
from jobs import followed, held, silence, thinning
from jobs.environment import NO_OPTIONS, Options, submit, table_environment
from jobs.kafka import Broker, read_json, write_json
from jobs.readings import readings_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of
from producers.contract import MATCHES, VITALS

JOB_NAME = "detect-patterns"

Steps = Callable[[Sequence[Held]], str]
"""Conditions in, the query for the readings they see out: thinned, or all."""


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the queries that together find every match of ``patterns``.

    The view ``readings`` must exist in ``t_env``. Nothing runs yet.
    """
    t_env.execute_sql(thinning.arrivals_view(rules(patterns)))
    return [
        *find_in_runs(t_env, patterns, thinning.steps),
        *(
            query
            for pattern in patterns
            if isinstance(pattern, Silent)
            for query in _silent(t_env, pattern)
        ),
    ]


def rules(patterns: Sequence[Pattern]) -> list[Held]:
    """Return all conditions that make runs: held patterns, then parts of others."""
    return [
        *(pattern for pattern in patterns if isinstance(pattern, Held)),
        *followed.rules([p for p in patterns if isinstance(p, Followed)]),
    ]


def find_in_runs(
    t_env: TableEnvironment, patterns: Sequence[Pattern], steps: Steps
) -> list[str]:
    """Return the queries for those patterns that are found in runs of ``steps``."""
    held_patterns = [p for p in patterns if isinstance(p, Held)]
    followed_patterns = [p for p in patterns if isinstance(p, Followed)]
    if conditions := rules(patterns):
        t_env.execute_sql(held.runs_view(conditions, steps(conditions)))
    return [
        *_held(held_patterns),
        *_followed(t_env, followed_patterns, first_rule=len(held_patterns)),
    ]


def _held(patterns: Sequence[Held], runs: str = held.RUNS) -> list[str]:
    return [held.found(patterns, runs), held.over(patterns, runs)] if patterns else []


def _followed(
    t_env: TableEnvironment, patterns: Sequence[Followed], first_rule: int
) -> list[str]:
    if patterns:
        t_env.execute_sql(followed.runs_view(patterns, first_rule))
    return _held([followed.then(p) for p in patterns], followed.FOLLOWING)


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
