"""Store what other jobs found and learned, and how devices are, away from those jobs.

matches, alarms, proofs (Kafka, bytes)   -> validity -> events (InfluxDB)
scores, baselines (Kafka, bytes)         -> validity -> statistics (InfluxDB)
eeg_scores, device_status (Kafka, bytes) -> validity -> readings (InfluxDB)
                                                     -> rejected (Kafka)

A job of its own, so that a database that is away never holds an alarm back.
"""

from typing import Final

from pyflink.table import TableEnvironment

from jobs.environment import (
    NO_OPTIONS,
    UNHURRIED,
    Options,
    submit,
    table_environment,
)
from jobs.kafka import Broker
from jobs.measurements import (
    ALARM_STEPS,
    BASELINES_LEARNED,
    DEVICES_TOLD,
    EEG_SCORED,
    FIX_STEPS,
    MATCHES_FOUND,
    SCORES_FOUND,
    Measurement,
)
from jobs.messages import define_messages, define_rejected, keep_messages
from jobs.settings import JobSettings, from_environment
from producers.contract import (
    ALARMS,
    BASELINES,
    DEVICE_STATUS,
    EEG_SCORES,
    MATCHES,
    PROOFS,
    SCORES,
)
from producers.schema import Topic

JOB_NAME = "record-results"

ONE_WORKER: Final[Options] = {"parallelism.default": "1"}
"""Results are few; each further Python worker takes seconds to start."""

STORED: Final[tuple[tuple[Topic, Measurement], ...]] = (
    (MATCHES, MATCHES_FOUND),
    (ALARMS, ALARM_STEPS),
    (PROOFS, FIX_STEPS),
    (SCORES, SCORES_FOUND),
    (BASELINES, BASELINES_LEARNED),
    (EEG_SCORES, EEG_SCORED),
    (DEVICE_STATUS, DEVICES_TOLD),
)
"""Which topic goes where."""


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables that :func:`record` needs."""
    define_rejected(t_env, broker)
    for topic, _ in STORED:
        define_messages(t_env, topic, broker)


def record(t_env: TableEnvironment, settings: JobSettings) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    return [keep_messages(t_env, *each, settings) for each in STORED]


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka and InfluxDB to the job and submit it."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**UNHURRIED, **ONE_WORKER, **options})
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, record(t_env, settings))


if __name__ == "__main__":
    main()
