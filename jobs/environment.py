"""The table environment of a job."""

from pyflink.table import EnvironmentSettings, TableEnvironment


def table_environment(job_name: str) -> TableEnvironment:
    """Return a streaming environment for one job; the cluster sets the rest."""
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.get_config().set("pipeline.name", job_name)
    t_env.get_config().set_local_timezone("UTC")
    return t_env


def submit(t_env: TableEnvironment, inserts: list[str]) -> None:
    """Run ``inserts`` as one job."""
    statements = t_env.create_statement_set()
    for insert in inserts:
        statements.add_insert_sql(insert)
    statements.execute()
