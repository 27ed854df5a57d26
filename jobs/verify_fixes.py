"""Verify that independent telemetry shows what an applied command promised.

vitals (Kafka) -> readings -> slots of 5 s -> beside the fix in force -> verdicts
device_status (Kafka)                      -> beside the fix in force -> verdicts
proofs (Kafka), those applied              -> the fix in force of each patient

A device says that it is done on ``reports``; here nobody reads what it says there.
What counts is what its readings and those of the patient's other devices say, in
event time, in the window that the command named; of a restart or a firmware, the
device's own next status. Each command is judged once, by the first that is heard
behind its window: so a device or a reference that has fallen silent is found, too.
"""

from typing import Final

from pyflink.table import TableEnvironment

from jobs.environment import (
    FORGETTING,
    NO_OPTIONS,
    Options,
    submit,
    table_environment,
)
from jobs.kafka import Broker, read_json, write_json
from jobs.readings import readings_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of
from jobs.verdicts import from_slots, from_statuses, views
from producers.contract import DEVICE_STATUS, PROOFS, VERDICTS, VITALS

JOB_NAME = "verify-fixes"

FEW: Final[Options] = {"parallelism.default": "1", **FORGETTING}
"""Fixes are few: what is much are readings, and one task can sum them up."""

SELDOM: Final = {"scan.watermark.idle-timeout": "2 s"}
"""Steps come seldom: between them, they hold no reading back."""


def observe(t_env: TableEnvironment) -> None:
    """Define the views of fixes and telemetry. The tables must exist."""
    t_env.execute_sql(readings_view())
    for view in views():
        t_env.execute_sql(view)


def judged() -> str:
    """Return the query for all verdicts. Fixes and telemetry must be observed."""
    return f"{from_slots()}\nUNION ALL\n{from_statuses()}"


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables of this job."""
    for topic in (VITALS, DEVICE_STATUS):
        t_env.execute_sql(source_table(topic, read_json(topic, broker)))
    steps = {**read_json(PROOFS, broker), **SELDOM}
    t_env.execute_sql(source_table(PROOFS, steps))
    t_env.execute_sql(sink_table(VERDICTS, write_json(VERDICTS, broker)))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the verdicts and submit the job."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**FEW, **options})
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    observe(t_env)
    submit(t_env, [f"INSERT INTO {table_of(VERDICTS)} {judged()}"])


if __name__ == "__main__":
    main()
