"""Store the vitals stream, keep what is wrong with it, and sum it up in windows.

vitals (Kafka, bytes)   -> validity -> readings (InfluxDB)
                                    -> rejected (Kafka), byte for byte
vitals (Kafka, decoded) -> readings -> 10 s, 1 min -> statistics (InfluxDB)
                        -> behind the watermark -> late (Kafka)
"""

from pyflink.table import TableEnvironment

from jobs import windows
from jobs.environment import NO_OPTIONS, UNHURRIED, Options, submit, table_environment
from jobs.kafka import Broker, read_json, write_json
from jobs.measurements import VITALS_1M, VITALS_10S, VITALS_RAW, Measurement
from jobs.messages import define_messages, define_rejected, keep_messages
from jobs.readings import LATE_READINGS, late_readings_view, readings_view
from jobs.settings import JobSettings, from_environment
from jobs.store import StoreRows, columns_of, store
from jobs.tables import sink_table, source_table, table_of
from producers.contract import LATE, VITALS

JOB_NAME = "record-vitals"


def record(t_env: TableEnvironment, settings: JobSettings) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    return [
        keep_messages(t_env, VITALS, VITALS_RAW, settings),
        *keep_windows(t_env, settings),
        _keep_late(t_env),
    ]


def keep_windows(t_env: TableEnvironment, settings: JobSettings) -> list[str]:
    """Return the inserts that store the statistics of both lengths of window."""
    t_env.execute_sql(windows.ten_seconds_view())
    t_env.execute_sql(windows.one_minute_view())
    t_env.execute_sql("""
        CREATE TEMPORARY TABLE stored (reason STRING) WITH ('connector' = 'blackhole')
    """)
    return [
        _keep_rows(t_env, windows.TEN_SECONDS, VITALS_10S, settings),
        _keep_rows(t_env, windows.ONE_MINUTE, VITALS_1M, settings),
    ]


def _keep_rows(
    t_env: TableEnvironment, view: str, measurement: Measurement, settings: JobSettings
) -> str:
    function = f"store_{measurement.name}"
    t_env.create_temporary_function(function, store(StoreRows(measurement, settings)))
    columns = ", ".join(columns_of(measurement))
    return f"""
        INSERT INTO stored
        SELECT {function}({columns}) FROM ({windows.statistics(view)})
    """


def _keep_late(t_env: TableEnvironment) -> str:
    t_env.execute_sql(late_readings_view())
    return f"INSERT INTO {table_of(LATE)} SELECT * FROM {LATE_READINGS}"


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables and views that :func:`record` needs."""
    define_rejected(t_env, broker)
    define_messages(t_env, VITALS, broker)
    t_env.execute_sql(source_table(VITALS, read_json(VITALS, broker)))
    t_env.execute_sql(readings_view())
    t_env.execute_sql(sink_table(LATE, write_json(LATE, broker)))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka and InfluxDB to the job and submit it."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**UNHURRIED, **options})
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, record(t_env, settings))


if __name__ == "__main__":
    main()
