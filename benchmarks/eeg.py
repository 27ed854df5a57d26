"""How many patients' EEG is scored in real time, where the time goes, and how soon.

``python -m benchmarks.eeg`` starts a stack of its own with two slots, writes a minute
of EEG of simulated patients (19 channels at 256 Hz), and runs one case after the
other on it as fast as it goes. Then it plays half of the patients that were reached
in real time to the whole job, and takes of each score the time from the last sample
to a reader of Kafka.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.cases import EEG_CASES
from benchmarks.cluster import Cost
from benchmarks.delays import delays_ms
from benchmarks.own_stack import PEOPLE, own_stack
from benchmarks.speed import warm
from producers.contract import EEG, EEG_SCORES
from stack.environment import ROOT
from stack.flink_jobs import submit
from stack.flink_run import Cluster
from stack.servers import find
from stack.settings import Settings

PATIENTS: Final = 1_000
SECONDS: Final = 60
WARM_UP_S: Final = 120
"""Until Java has compiled what it will, and the jobs' first pauses are over."""

MB: Final = 1e6

console = Console()


def main(
    patients: Annotated[
        int, typer.Option(help="Patients, written at once.")
    ] = PATIENTS,
    seconds: Annotated[int, typer.Option(help="Seconds of EEG of each.")] = SECONDS,
    live: Annotated[
        int, typer.Option(help="Patients played live; 0: half of those reached.")
    ] = 0,
) -> None:
    """Measure how many patients are scored in real time, then how soon at half."""
    with own_stack(console, without=PEOPLE) as settings:
        _play(settings, patients, "--max-speed", "--count", str(patients * seconds))
        costs = {case.name: warm(case, settings) for case in EEG_CASES}
    messages = patients * seconds
    console.print(report(costs, messages))
    reached = round(messages / costs[EEG_CASES[-1].name].wall_s)
    with own_stack(console, slots=12, without=PEOPLE) as settings:
        submit(Cluster(settings, find(settings, os.environ), os.environ), ["score_eeg"])
        half = live or reached // 2
        fleet = _fleet(settings, half)
        found = delays_ms(
            settings, EEG_SCORES, fleet, warm_up_s=WARM_UP_S, for_s=seconds
        )
        console.print(_latency(half, list(found)))


def _play(settings: Settings, patients: int, *options: str) -> None:
    subprocess.run(_fleet(settings, patients, *options), check=True, cwd=ROOT)  # noqa: S603 - our own command


def _fleet(settings: Settings, patients: int, *options: str) -> list[str]:
    command = [sys.executable, "-m", "producers.fleet", "--devices", str(patients)]
    command += ["--eeg-patients", str(patients), "--network", "perfect", *options]
    return [*command, "--brokers", settings.kafka_brokers]


def report(costs: Mapping[str, Cost], messages: int) -> Table:
    """Return the table of ``costs``: how many patients at a second each."""
    table = Table("case", "s", "patients in real time", "per CPU-s", "MB a worker")
    for name, each in costs.items():
        table.add_row(
            name,
            f"{each.wall_s:.1f}",
            f"{messages / each.wall_s:,.0f}",
            f"{messages / each.cpu_s:,.0f}",
            f"{each.worker_bytes / MB:,.0f}" if each.worker_bytes else "",
        )
    return table


def _latency(patients: int, delays: list[float]) -> Table:
    table = Table("patients", "scores", "p50", "p99", "of which allowance")
    p50_s, p99_s = np.percentile(delays, [50, 99]) / 1000
    allowed = f"{EEG.max_lateness_ms / 1000:.2f} s"
    table.add_row(
        f"{patients:,}",
        f"{len(delays):,}",
        f"{p50_s:.2f} s",
        f"{p99_s:.2f} s",
        allowed,
    )
    return table


if __name__ == "__main__":
    typer.run(main)
