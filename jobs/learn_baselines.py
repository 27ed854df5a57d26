"""Learn what is usual for each patient, from what Kafka still holds; then end.

vitals (Kafka) -> past readings -> baselines -> baselines (Kafka)
matches (Kafka) ---------------------^

A batch: it reads both topics from their start to where they end now.
"""

import time

from pyflink.table import TableEnvironment

from jobs import baselines
from jobs.environment import NO_OPTIONS, Options, batch_environment, submit
from jobs.kafka import Broker, read_json, write_json
from jobs.readings import past_readings_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of
from producers.contract import BASELINES, MATCHES, VITALS

JOB_NAME = "learn-baselines"


def learn(t_env: TableEnvironment, learned_ms: int) -> str:
    """Return the query for all baselines, as learned at ``learned_ms``.

    The tables of ``vitals`` and ``matches`` must exist. Nothing runs yet.
    """
    t_env.execute_sql(past_readings_view())
    for view in baselines.views(learned_ms):
        t_env.execute_sql(view)
    return baselines.baselines(learned_ms)


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables that this job reads and writes."""
    for topic in (VITALS, MATCHES):
        t_env.execute_sql(source_table(topic, read_json(topic, broker)))
    t_env.execute_sql(sink_table(BASELINES, write_json(BASELINES, broker)))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the job and submit it."""
    settings = from_environment()
    t_env = batch_environment(JOB_NAME, options)
    define(
        t_env,
        Broker(addresses=settings.kafka_brokers, group=JOB_NAME, bounded=True),
    )
    query = learn(t_env, learned_ms=round(time.time() * 1000))
    submit(t_env, [f"INSERT INTO {table_of(BASELINES)} {query}"])


if __name__ == "__main__":
    main()
