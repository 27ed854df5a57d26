"""Watch devices: find those that are about to fail, from what they say of themselves.

device_status (Kafka) -> hours of devices -> quarters of days -> trends
                              -> signals of devices -> matches (Kafka)

Everything is aggregated to hours first, and trends to quarters of days, so that what
is remembered of a week are 28 rows of a device.
"""

from collections.abc import Sequence
from typing import Final

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from jobs import held, matches
from jobs.device_hours import hours_view, probe_hours_view, statuses_view
from jobs.device_signals import DEVICE_SIGNALS_VIEW, signals_views
from jobs.environment import (
    FORGETTING,
    NO_OPTIONS,
    UNHURRIED,
    Options,
    submit,
    table_environment,
)
from jobs.kafka import Broker, read_json, write_json
from jobs.limits import judged
from jobs.parts import parts
from jobs.patients import steps
from jobs.settings import from_environment
from jobs.tables import arrivals_table, sink_table
from producers.contract import DEVICE_STATUS, MATCHES

JOB_NAME = "watch-devices"

ONE_TASK: Final[Options] = {"parallelism.default": "1"}
"""A status a minute of each device is little, and slots are for patients."""


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables that the inserts need."""
    statuses = read_json(DEVICE_STATUS, broker)
    t_env.execute_sql(arrivals_table(DEVICE_STATUS, statuses))
    t_env.execute_sql(sink_table(MATCHES, write_json(MATCHES, broker)))


def observe(t_env: TableEnvironment) -> None:
    """Define the views of what is known of devices, over the table of statuses."""
    of_hours = (statuses_view(), hours_view(), probe_hours_view())
    for view in (*of_hours, *signals_views()):
        t_env.execute_sql(view)


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the query for every match of those ``patterns`` that are of devices.

    The devices must be observed. Nothing runs yet.
    """
    of_devices = parts(patterns).of_devices
    if not of_devices:
        return []
    rows = steps(of_devices, DEVICE_SIGNALS_VIEW)
    return [held.matches(t_env, "devices", of_devices, judged(of_devices, rows))]


def detect(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    observe(t_env)
    return matches.inserts(find(t_env, patterns))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the patterns and submit the job."""
    settings = from_environment()
    t_env = table_environment(
        JOB_NAME, {**FORGETTING, **UNHURRIED, **ONE_TASK, **options}
    )
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, detect(t_env, CATALOGUE))


if __name__ == "__main__":
    main()
