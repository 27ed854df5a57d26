"""How fast this machine is, said at the start: whoever reads a failure wants it."""

import os
import time
from typing import Final, NamedTuple

REFERENCE_S: Final = 0.042
"""What ``_work`` took on a core of the EPYC on which the suite takes 15 minutes."""

ROUNDS: Final = 4


class Speed(NamedTuple):
    """How long a fixed piece of work takes a core, and with the others' turns."""

    work_s: float
    wall_s: float


def measured() -> Speed:
    """Return the best of a few rounds, and what all took of the clock on the wall."""
    begin_s = time.perf_counter()
    best_s = min(_round() for _ in range(ROUNDS))
    return Speed(best_s, (time.perf_counter() - begin_s) / ROUNDS)


def described(speed: Speed, cores: int, load: float) -> str:
    """Return a line for people."""
    slower = speed.work_s / REFERENCE_S
    share_pct = min(100.0, 100 * speed.work_s / speed.wall_s)
    return (
        f"machine: {cores} cores, load {load:.1f}; a fixed piece of work takes a core "
        f"{speed.work_s * 1000:.0f} ms, {slower:.1f} times the reference; "
        f"we got {share_pct:.0f} % of a core"
    )


def header() -> str:
    """Return what is said of this machine, now."""
    return described(measured(), os.cpu_count() or 1, os.getloadavg()[0])


def _round() -> float:
    begin_s = time.thread_time()
    _work()
    return time.thread_time() - begin_s


def _work() -> int:
    return sum(n * n % 7 for n in range(1_000_000))
