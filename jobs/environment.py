"""The table environment of a job."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import orjson
from pyflink.table import EnvironmentSettings, TableEnvironment

Options = Mapping[str, str]

NO_OPTIONS: Final[Options] = MappingProxyType({})

FORGETTING: Final[Options] = MappingProxyType({"table.exec.state.ttl": "32 d"})
"""What is known of patients is forgotten when nothing is heard of them for so long.

Longer than any pattern looks back, and than a patient's own limit holds.
"""

UNHURRIED: Final[Options] = MappingProxyType(
    {
        "execution.buffer-timeout.interval": "500 ms",
        "python.fn-execution.bundle.time": "1000",
    }
)
"""Nobody waits for what is stored as for an alarm: fewer, larger pieces of work."""

_ENDS: Final[Options] = {
    # Beside jobs that find alarms: each of its stages has one task, in one slot.
    "parallelism.default": "1",
    # It runs again tomorrow: trying for ever would only keep it from doing so.
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "3",
    "restart-strategy.fixed-delay.delay": "10 s",
}

_IN_ONE_PIECE: Final[Options] = MappingProxyType(
    # Flink cuts generated code that is longer into methods, and turns what they share
    # from variables into fields. Four patterns on 2.5 million readings took 22.6
    # CPU-seconds so, and 24.7 with its own 4,000 characters; all patterns 44.6 and 46.8
    # (third runs, one each, on a busy machine; first runs gain nothing). Java compiles
    # no method of more than 8,000 bytes; the longest seen compiled has 2,600.
    {"table.generated-code.max-length": "16000"}
)


def table_environment(job_name: str, options: Options = NO_OPTIONS) -> TableEnvironment:
    """Return a streaming environment for one job; the cluster sets the rest."""
    return _environment(EnvironmentSettings.in_streaming_mode(), job_name, options)


def batch_environment(job_name: str, options: Options = NO_OPTIONS) -> TableEnvironment:
    """Return an environment for one job that reads what is there, and ends."""
    return _environment(
        EnvironmentSettings.in_batch_mode(), job_name, {**_ENDS, **options}
    )


def _environment(
    settings: EnvironmentSettings, job_name: str, options: Options
) -> TableEnvironment:
    t_env = TableEnvironment.create(settings)
    for name, value in {
        "pipeline.name": job_name,
        **_IN_ONE_PIECE,
        **options,
    }.items():
        t_env.get_config().set(name, value)
    t_env.get_config().set_local_timezone("UTC")
    return t_env


PLAN: Final = "vigil.plan"
"""An option of ours: the file in which a job's plan is kept for its next start."""


def is_planned(options: Options) -> bool:
    """Return whether the plan that ``options`` name was made at an earlier start."""
    plan = options.get(PLAN, "")
    return bool(plan) and Path(plan).exists()


def submit(t_env: TableEnvironment, inserts: list[str]) -> None:
    """Run ``inserts`` as one job, by the plan that is kept, if one is to be kept."""
    plan = t_env.get_config().get(PLAN, "")
    if plan:
        _keep(t_env, inserts, Path(plan))
        t_env.execute_sql(f"EXECUTE PLAN '{plan}'")
        return
    statements = t_env.create_statement_set()
    for insert in inserts:
        statements.add_insert_sql(insert)
    statements.execute()


def _keep(t_env: TableEnvironment, inserts: list[str], plan: Path) -> None:
    """Make the plan, unless it is there; one that is there is whole."""
    if plan.exists():
        return
    unfinished = plan.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    every = ";\n".join(inserts)
    t_env.execute_sql(
        f"COMPILE PLAN '{unfinished}' FOR STATEMENT SET BEGIN\n{every};\nEND"
    )
    unfinished.write_bytes(_counted_from_1(unfinished.read_bytes()))
    unfinished.replace(plan)


def _counted_from_1(plan: bytes) -> bytes:
    """Return ``plan`` as a client would make it that has planned nothing before.

    Flink numbers nodes by what this process has planned, goes through them by number,
    and names operators by that order: so a checkpoint would not fit the plan that
    another client made of the same queries.
    """
    graph = orjson.loads(plan)
    numbers = {node["id"]: i for i, node in enumerate(graph["nodes"], 1)}
    for node in graph["nodes"]:
        node["id"] = numbers[node["id"]]
    for edge in graph["edges"]:
        for end in ("source", "target"):
            edge[end] = numbers[edge[end]]
    return orjson.dumps(graph)
