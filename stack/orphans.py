"""End the Python workers of a task manager that was killed.

They would wait for it for ever. The supervisor gives each server a process
group; a group whose leader is gone belongs to nobody. Runs before each start of
the task manager, so it starts quickly and needs nothing but psutil.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import psutil

MARK: Final = "VIGIL_STACK"
"""Every process of a stack inherits this variable; its value names the stack."""


def of_stack(name: str) -> list[psutil.Process]:
    """Return every process of the stack called ``name`` that one may look at."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == name:
                found.append(process)
    return found


def orphans(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return those of ``processes`` whose group has lost its leader."""
    return [p for p in processes if not psutil.pid_exists(_group(p.pid))]


def _group(pid: int) -> int:
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return pid


def main() -> None:
    """Kill the orphans of the stack this process belongs to."""
    for process in orphans(of_stack(os.environ[MARK])):
        with suppress(psutil.NoSuchProcess):
            process.kill()


if __name__ == "__main__":
    main()
