"""What a device costs as the fleet grows, and at which size what gives way.

``python -m benchmarks.scale`` runs the whole stack with all jobs, and larger and
larger fleets at 1 Hz in real time on it. It says at which size something gave way
first and goes on all the same, prints a table, and draws a picture.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.backlog import READERS, least_behind
from benchmarks.consumption import cpu_s
from benchmarks.delays import arriving_ms, playing
from benchmarks.own_stack import left_out, own_stack
from benchmarks.scale_picture import draw
from benchmarks.scale_size import Pair, Size, verdict
from producers.contract import MATCHES
from stack.flink_jobs import job_name, submit
from stack.flink_rest import Flink
from stack.flink_run import Cluster
from stack.servers import find
from stack.settings import Settings

FIRST_WARM_UP_S: Final = 60
"""While Java compiles; between sizes, half of it is enough."""

_LATE: Final = re.compile(rb"late by ([\d,]+) ms \(p50\), ([\d,]+) ms \(p99\)")

console = Console()


def main(
    devices: Annotated[list[int], typer.Option(help="How many, from few to many.")] = [  # noqa: B006 - typer copies it
        1_000,
        10_000,
        50_000,
        100_000,
    ],
    leave_out: Annotated[
        list[str], typer.Option(help="Jobs and services not to run.")
    ] = [],  # noqa: B006 - typer copies it
    seconds: Annotated[int, typer.Option(help="How long each is measured.")] = 40,
    picture: Annotated[Path, typer.Option(help="Where it is drawn.")] = Path(
        "build/scale.svg"
    ),
) -> None:
    """Measure one fleet after the other, and say where something gave way first."""
    jobs, without = left_out(leave_out)
    with own_stack(console, slots=12, without=without) as settings:
        submit(Cluster(settings, find(settings, os.environ), os.environ), jobs)
        sizes = list(_climb(settings, jobs, sorted(devices), seconds))
    draw(sizes, picture)
    console.print(report(sizes))
    console.print(f"{verdict(sizes)}; drawn in {picture}", soft_wrap=True)


def _climb(
    settings: Settings, jobs: Iterable[str], devices: Iterable[int], seconds: int
) -> Iterator[Size]:
    """Yield what each size was like; what one left to do, the next one has, too."""
    readers = [job_name(job) for job in jobs if job_name(job) in READERS]
    warm_up_s = FIRST_WARM_UP_S
    for each in devices:
        console.log(f"{each:,} devices")
        size = _measured(settings, each, readers, warm_up_s, seconds)
        yield size
        for said in size.gave_way:
            console.log(said)
        warm_up_s = FIRST_WARM_UP_S // 2


def _measured(
    settings: Settings, devices: int, readers: list[str], warm_up_s: int, seconds: int
) -> Size:
    flink = Flink(settings.flink_url)
    with (
        tempfile.NamedTemporaryFile() as log,
        playing(_fleet(settings, devices), log) as pid,
    ):
        time.sleep(warm_up_s)
        said, began_s = len(_said(log.name)), time.monotonic()
        before = cpu_s(settings, pid)
        delays = list(arriving_ms(settings, MATCHES, for_s=seconds))
        passed_s, after = time.monotonic() - began_s, cpu_s(settings, pid)
        behind = least_behind(settings, readers)
        jobs = [job for job in flink.latest() if not job.is_over]
        return Size(
            devices=devices,
            cores={part: (after[part] - before[part]) / passed_s for part in before},
            late_ms=_lateness(_said(log.name)[said:]),
            latency_s=Pair(*np.percentile(delays or [0.0], [50, 99]) / 1000),
            matches=len(delays),
            behind_s={job: count / devices for job, count in behind.items()},
            state_bytes={j.name: flink.state_bytes(j.job_id) for j in jobs},
        )


def _fleet(settings: Settings, devices: int) -> list[str]:
    command = [sys.executable, "-m", "producers.fleet", "--devices", str(devices)]
    command += ["--scenario", "busy", "--network", "perfect"]
    return [*command, "--brokers", settings.kafka_brokers]


def _said(log: str) -> list[Pair]:
    """Return how late readings were, of each time that the fleet said so; in ms."""
    found = _LATE.findall(Path(log).read_bytes())
    return [Pair(*(float(each.replace(b",", b"")) for each in pair)) for pair in found]


def _lateness(said: list[Pair]) -> Pair:
    """Return the worst of what was said; a fleet that says nothing is stuck."""
    never = Pair(np.inf, np.inf)
    return max(said, key=lambda pair: pair.p99, default=never)


def report(sizes: list[Size]) -> Table:
    """Return the table of ``sizes``: processor time in us a reading, by part."""
    parts = list(dict.fromkeys(part for size in sizes for part in size.us))
    table = Table("", *(f"{size.devices:,}" for size in sizes))
    for part in parts:
        table.add_row(f"{part}, us a reading", *(f"{s.us[part]:,.0f}" for s in sizes))
    table.add_row("all, cores", *(f"{sum(s.cores.values()):.2f}" for s in sizes))
    table.add_row("readings late, ms", *(_pair(s.late_ms, ",.0f") for s in sizes))
    table.add_row("device to match, s", *(_pair(s.latency_s, ".2f") for s in sizes))
    table.add_row("matches", *(f"{s.matches:,}" for s in sizes))
    for job in sizes[0].behind_s:
        table.add_row(f"{job} behind, s", *(f"{s.behind_s[job]:.1f}" for s in sizes))
    state = (sum(s.state_bytes.values()) / s.devices / 1e3 for s in sizes)
    table.add_row("state, kB a device", *(f"{kb:.1f}" for kb in state))
    return table


def _pair(pair: Pair, form: str) -> str:
    return f"{pair.p50:{form}} / {pair.p99:{form}}"


if __name__ == "__main__":
    typer.run(main)
