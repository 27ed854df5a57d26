"""What each part of the stack, and a fleet, takes of the processor."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

import psutil

from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor

Seconds = Mapping[str, float]

_OTHERS = {"alerts": "others", "timetable": "others", "gateway": "others"}


def cpu_s(settings: Settings, fleet_pid: int) -> Seconds:
    """Return the processor time that each part has had since it began, in s.

    The task manager's Python workers are a part of their own, and so is the fleet
    with all its processes.
    """
    taken: dict[str, float] = {}
    for part, seconds in _each(settings, fleet_pid):
        taken[part] = taken.get(part, 0.0) + seconds
    return taken


def _each(settings: Settings, fleet_pid: int) -> Iterator[tuple[str, float]]:
    for server in Supervisor(Paths(settings.state_dir)).processes():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(server.pid)
            yield _OTHERS.get(server.name, server.name), own_s(process)
            name = "workers" if server.name == "taskmanager" else "others"
            yield name, _children_s(process)
    fleet = psutil.Process(fleet_pid)
    yield "fleet", own_s(fleet) + _children_s(fleet)


def own_s(process: psutil.Process) -> float:
    """Return what a process itself took, without its children."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _children_s(process: psutil.Process) -> float:
    """Return what the children took, and theirs, also those that are gone."""
    gone = process.cpu_times()
    taken = float(gone.children_user + gone.children_system)
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            taken += sum(child.cpu_times()[:4])
    return taken
