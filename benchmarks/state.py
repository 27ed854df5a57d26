"""How much the jobs remember: a day of a ward, and what is left when it empties.

``python -m benchmarks.state`` plays a day of simulated time hour by hour, as
fast as it goes, and prints the size of a checkpoint after each hour. Then nine
patients of ten leave, and those who stay play on until what is known of the
others may be forgotten, which here takes a minute and not a month.
"""

import subprocess
import sys
import time
from typing import Annotated, Final, NamedTuple

import typer
from kafka import KafkaConsumer, TopicPartition
from rich.console import Console
from rich.table import Table

from benchmarks.cluster import environment
from benchmarks.own_stack import PEOPLE, own_stack
from cep_patterns.catalogue import CATALOGUE
from jobs import detect_patterns, score_patients
from jobs.kafka import Broker
from producers.contract import VITALS
from stack.environment import ROOT
from stack.flink_rest import Flink
from stack.settings import Settings
from stack.waiting import until

HOURS: Final = 24
HOUR_S: Final = 3600
FORGET_S: Final = 60
STAY: Final = 10
"""One patient in so many stays."""

SLOTS: Final = 4
MB: Final = 1e6
GROUP: Final = "benchmark-state"
NAMES: Final = ("detect", "score")

console = Console()


class Fleet(NamedTuple):
    """Who is on the ward, and how often each is measured."""

    patients: int
    per_minute: int


def main(
    patients: Annotated[int, typer.Option(help="Patients on the ward.")] = 1000,
    per_minute: Annotated[int, typer.Option(help="Readings of each a minute.")] = 6,
    hours: Annotated[int, typer.Option(help="How long they stay.")] = HOURS,
) -> None:
    """Print the size of the jobs' checkpoints, hour by hour."""
    table = Table("hour", "patients", *(f"{name} MB" for name in NAMES))
    with own_stack(console, slots=SLOTS, without=PEOPLE) as settings:
        jobs = [_submit(settings, name) for name in NAMES]
        start_ms = round(time.time() * 1000) - (hours + 1) * HOUR_S * 1000
        for hour in range(hours):
            _play(settings, Fleet(patients, per_minute), start_ms, hour)
            sizes = _sizes(settings, jobs)
            table.add_row(str(hour + 1), f"{patients:,}", *sizes)
            console.log(f"hour {hour + 1} of {hours}: {', '.join(sizes)} MB")
        few = patients // STAY
        _play(settings, Fleet(few, per_minute), start_ms, hours)
        table.add_row(str(hours + 1), f"{few:,}", *_sizes(settings, jobs))
        _wait_to_forget(settings, Fleet(few, per_minute))
        table.add_row("forgotten", f"{few:,}", *_sizes(settings, jobs))
    console.print(table)


def _submit(settings: Settings, name: str) -> str:
    """Start a job that forgets soon; return its id."""
    t_env = environment(settings, name)
    t_env.get_config().set("table.exec.state.ttl", f"{FORGET_S} s")
    t_env.get_config().set("parallelism.default", str(SLOTS // len(NAMES)))
    broker = Broker(addresses=settings.kafka_brokers, group=f"{GROUP}-{name}")
    job = t_env.create_statement_set()
    module = {"detect": detect_patterns, "score": score_patients}[name]
    module.define(t_env, broker)
    for insert in module.detect(t_env, CATALOGUE):
        job.add_insert_sql(insert)
    if name == "score":
        job.add_insert_sql(score_patients.score(t_env))
    job_id = str(job.execute().get_job_client().get_job_id())
    until(
        lambda: Flink(settings.flink_url).tasks_run(job_id),
        otherwise=lambda: f"{name} does not run",
    )
    return job_id


def _play(settings: Settings, fleet: Fleet, start_ms: int, hour: int) -> None:
    """Publish one hour, and wait until both jobs have read it."""
    command = [sys.executable, "-m", "producers.fleet", "--max-speed"]
    command += ["--devices", str(fleet.patients), "--rate", str(fleet.per_minute / 60)]
    command += ["--start-ms", str(start_ms + hour * HOUR_S * 1000)]
    command += ["--count", str(fleet.patients * fleet.per_minute * 60)]
    command += ["--seed", str(hour), "--scenario", "ill", "--network", "perfect"]
    command += ["--brokers", settings.kafka_brokers]
    subprocess.run(  # noqa: S603 - our own command
        command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _wait_until_read(settings)


def _wait_until_read(settings: Settings) -> None:
    """Wait until both jobs have committed, with a checkpoint, all that is there."""
    until(
        lambda: all(_has_read(settings, f"{GROUP}-{name}") for name in NAMES),
        otherwise=lambda: "the jobs do not keep up",
        timeout_s=300,
    )


def _has_read(settings: Settings, group: str) -> bool:
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_brokers, group_id=group)
    try:
        numbers = consumer.partitions_for_topic(VITALS.name) or ()
        partitions = [TopicPartition(VITALS.name, number) for number in numbers]
        ends = consumer.end_offsets(partitions)
        return all((consumer.committed(p) or 0) >= end for p, end in ends.items())
    finally:
        consumer.close()


def _wait_to_forget(settings: Settings, fleet: Fleet) -> None:
    """Let those who stayed play on in real time, for longer than is remembered."""
    command = [sys.executable, "-m", "producers.fleet", "--devices"]
    command += [str(fleet.patients), "--rate", str(fleet.per_minute / 60)]
    command += ["--network", "perfect", "--brokers", settings.kafka_brokers]
    command += ["--duration", str(3 * FORGET_S)]
    subprocess.run(  # noqa: S603 - our own command
        command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _wait_until_read(settings)


def _sizes(settings: Settings, jobs: list[str]) -> list[str]:
    flink = Flink(settings.flink_url)
    return [f"{flink.state_bytes(job) / MB:.1f}" for job in jobs]


if __name__ == "__main__":
    typer.run(main)
