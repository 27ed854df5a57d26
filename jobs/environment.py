"""The table environment of a job."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyflink.table import EnvironmentSettings, TableEnvironment

Options = Mapping[str, str]

NO_OPTIONS: Final[Options] = MappingProxyType({})


def table_environment(job_name: str, options: Options = NO_OPTIONS) -> TableEnvironment:
    """Return a streaming environment for one job; the cluster sets the rest."""
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    for name, value in {"pipeline.name": job_name, **options}.items():
        t_env.get_config().set(name, value)
    t_env.get_config().set_local_timezone("UTC")
    return t_env


def submit(t_env: TableEnvironment, inserts: list[str]) -> None:
    """Run ``inserts`` as one job."""
    statements = t_env.create_statement_set()
    for insert in inserts:
        statements.add_insert_sql(insert)
    statements.execute()
