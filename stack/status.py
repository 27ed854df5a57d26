"""What runs, as a table."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from stack.flink_rest import Flink, Job
from stack.health import checks
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import SERVICES, Process, Supervisor

PORTS: Final = {
    "kafka": "kafka_port",
    "influxd": "influx_port",
    "jobmanager": "flink_port",
    "taskmanager": "",
    "alerts": "",
    "fixes": "",
    "timetable": "",
    "keeper": "",
    "gateway": "gateway_port",
}


def status(settings: Settings) -> tuple[Group, bool]:
    """Return the tables of services and jobs, and whether every service is up."""
    supervisor = Supervisor(Paths(settings.state_dir))
    found = {process.name: process for process in supervisor.processes()}
    states = {name: _state(name, found.get(name), settings) for name in SERVICES}
    services = _services(settings, supervisor.paths, found, states)
    jobs = _jobs(Flink(settings.flink_url).latest() if found else [])
    return Group(services, jobs, *_silence(states)), set(states.values()) == {"up"}


def _silence(states: dict[str, str]) -> list[Text]:
    """Return what must not be overlooked: that nobody is told of any alarm."""
    if states["alerts"] == "up":
        return []
    return [Text("NOBODY SERVES ALARMS: nobody is told anything", style="bold red")]


def _state(name: str, process: Process | None, settings: Settings) -> str:
    if not process:
        return "down"
    if not process.pid:
        return process.state
    return "up" if checks(settings)[name]() else "not answering"


def _services(
    settings: Settings, paths: Paths, found: dict[str, Process], states: dict[str, str]
) -> Table:
    table = Table("service", "state", "pid", "port", "uptime")
    table.add_column("log", overflow="fold")
    for name in SERVICES:
        process = found.get(name)
        port = getattr(settings, PORTS[name]) if PORTS[name] else ""
        pid = str(process.pid) if process and process.pid else ""
        uptime = str(timedelta(seconds=process.uptime_s)) if process else ""
        table.add_row(
            name, states[name], pid, str(port), uptime, _shown(paths.log(name))
        )
    return table


def _shown(log: Path) -> str:
    here = Path.cwd()
    return str(log.relative_to(here) if log.is_relative_to(here) else log)


def _jobs(jobs: list[Job]) -> Table:
    table = Table("job", "state", "since", "id")
    for job in jobs:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(job.started_ms / 1e3))
        table.add_row(job.name, job.state.lower(), since, job.job_id)
    return table
