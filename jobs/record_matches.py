"""Store the matches, away from the job that finds them.

matches (Kafka, bytes) -> validity -> events (InfluxDB)
                                   -> rejected (Kafka)

A job of its own, so that a database that is away never holds an alarm back.
"""

from typing import Final

from jobs.environment import NO_OPTIONS, Options, submit, table_environment
from jobs.kafka import Broker
from jobs.measurements import MATCHES_FOUND
from jobs.messages import define_messages, keep_messages
from jobs.settings import from_environment
from producers.contract import MATCHES

JOB_NAME = "record-matches"

ONE_WORKER: Final[Options] = {"parallelism.default": "1"}
"""Matches are few; each further Python worker takes seconds to start."""


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka and InfluxDB to the job and submit it."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**ONE_WORKER, **options})
    broker = Broker(addresses=settings.kafka_brokers, group=JOB_NAME)
    define_messages(t_env, MATCHES, broker)
    submit(t_env, [keep_messages(t_env, MATCHES, MATCHES_FOUND, settings)])


if __name__ == "__main__":
    main()
