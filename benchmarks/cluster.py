"""Run bounded jobs on the cluster, and measure what each costs."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pyflink
from pyflink.common import Configuration
from pyflink.java_gateway import get_gateway
from pyflink.table import EnvironmentSettings, TableEnvironment

from benchmarks.cases import Case
from benchmarks.usage import watched
from jobs import detect_patterns, record_vitals, score_eeg, score_patients
from jobs.kafka import Broker
from jobs.settings import JobSettings
from stack.flink_rest import Flink
from stack.flink_run import archive, client_headers
from stack.health import wait_for
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor
from stack.waiting import until

TASK_MANAGER: Final = "taskmanager"
FLINK_PYTHON: Final = next(Path(pyflink.__path__[0]).glob("opt/flink-python-*.jar"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one job took: time on the wall, and processor time of all servers.

    ``worker_bytes`` is the most memory that one of its Python workers had.
    """

    wall_s: float
    cpu_s: float
    worker_bytes: int = 0


def measured(case: Case, settings: Settings) -> Cost:
    """Run ``case`` to its end on all that is in the topic."""
    t_env = environment(settings, case.name)
    job_settings = JobSettings.model_validate(settings.model_dump())
    broker = Broker(addresses=settings.kafka_brokers, group="benchmark", bounded=True)
    for each in (record_vitals, detect_patterns, score_patients, score_eeg):
        each.define(t_env, broker)
    job = t_env.create_statement_set()
    case.add(job, t_env, job_settings)
    with watched(settings) as usage:
        result = job.execute()
        result.wait()
    job_id = str(result.get_job_client().get_job_id())
    return Cost(_wall_s(settings, job_id), usage.cpu_s, usage.worker_bytes)


def restart_task_manager(settings: Settings) -> None:
    """Replace the task manager by a fresh one."""
    supervisor = Supervisor(Paths(settings.state_dir))
    supervisor.stop(TASK_MANAGER)
    until(
        lambda: not Flink(settings.flink_url).slots(),
        otherwise=lambda: "Flink still counts on the task manager that was stopped",
    )
    supervisor.start(TASK_MANAGER)
    wait_for(TASK_MANAGER, settings, supervisor)


def environment(settings: Settings, name: str) -> TableEnvironment:
    """Return an environment whose jobs run on the cluster, in all its slots."""
    os.environ["_python_worker_execution_mode"] = "process"  # noqa: SIM112 - its name
    os.environ |= client_headers(settings)
    options = {
        "pipeline.name": name,
        "execution.target": "remote",
        "rest.address": "127.0.0.1",
        "rest.port": str(settings.flink_port),
        "parallelism.default": str(settings.flink_slots),
        "pipeline.jars": FLINK_PYTHON.as_uri(),
        "python.files": str(archive()),
        "python.executable": sys.executable,
        "python.client.executable": sys.executable,
    }
    configuration = _as_submitted(settings)
    for option, value in options.items():
        configuration.set_string(option, value)
    return TableEnvironment.create(
        EnvironmentSettings.new_instance().with_configuration(configuration).build()
    )


def _as_submitted(settings: Settings) -> Configuration:
    """Return the options of ``config.yaml``, which ``flink run`` brings along."""
    folder = str(Paths(settings.state_dir).conf / "flink")
    flink = get_gateway().jvm.org.apache.flink.configuration.GlobalConfiguration
    return Configuration(j_configuration=flink.loadConfiguration(folder))


def _wall_s(settings: Settings, job_id: str) -> float:
    """Return how long the tasks ran, without planning and submission."""
    job = httpx.get(f"{settings.flink_url}/jobs/{job_id}").json()
    started = min(vertex["start-time"] for vertex in job["vertices"])
    ended = max(vertex["end-time"] for vertex in job["vertices"])
    return float(ended - started) / 1000
