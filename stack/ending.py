"""End processes: ask first, then kill."""

from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil


def end(processes: Iterable[psutil.Process], grace_s: float) -> list[psutil.Process]:
    """End all of ``processes``; return those killed because they ran on."""
    stubborn = _signal(processes, psutil.Process.terminate, grace_s)
    _signal(stubborn, psutil.Process.kill, grace_s)
    return stubborn


def _signal(
    processes: Iterable[psutil.Process],
    send: Callable[[psutil.Process], None],
    grace_s: float,
) -> list[psutil.Process]:
    """Signal all of ``processes``, and return those that still run a while later."""
    signalled = list(processes)
    for process in signalled:
        with suppress(psutil.NoSuchProcess):
            send(process)
    return psutil.wait_procs(signalled, timeout=grace_s)[1]
