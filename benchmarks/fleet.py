"""How fast the fleet sends, where its time goes, and what a device costs in memory.

``python -m benchmarks.fleet`` starts a stack of its own and plays a large fleet
against its broker: part by part, then as fast as one process goes, then in real
time with few and with many devices for their memory.
"""

import math
import subprocess
import sys
import threading
import time
from typing import Annotated, Final, NamedTuple

import psutil
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.own_stack import PEOPLE, own_stack
from digital_twin.cohort import cohorts
from digital_twin.scenarios import SCENARIOS
from digital_twin.ward import play as play_cohort
from producers.arrivals import SLOT_S, Fleet, batches, setting
from producers.contract import VITALS
from producers.figures import Figures
from producers.playing import Performance, play, publisher
from producers.publisher import Publisher
from producers.sending import Told
from stack.environment import ROOT
from stack.settings import Settings

DEVICES: Final = 100_000
FEW: Final = 1_000
PERIODS: Final = 4
READINGS: Final = 4_000_000
SETTLED_S: Final = 6
"""How long a fleet has played when its memory is looked at."""

US: Final = 1e6

console = Console()


class Part(NamedTuple):
    """One part of the work: processor time of one message, in us."""

    name: str
    us: float


def main(
    devices: Annotated[int, typer.Option(help="Devices of the fleet.")] = DEVICES,
    readings: Annotated[int, typer.Option(help="Readings at full speed.")] = READINGS,
) -> None:
    """Measure, and print two tables."""
    fleet = Fleet(devices=devices, rate_hz=1.0, seed=7, scenario=SCENARIOS["busy"])
    with own_stack(console, without=PEOPLE) as settings:
        console.print(_of_parts(_parts(fleet, settings)))
        console.print(_of_the_whole(fleet, readings, settings))


def _parts(fleet: Fleet, settings: Settings) -> list[Part]:
    """Return what each part takes; what is not ours in thread time is librdkafka's."""
    n = fleet.devices * PERIODS
    slots = batches(fleet, SLOT_S)
    next(slots)  # the first patients are drawn before it
    through = _publisher(settings)
    made_s, sent_s, all_s = 0.0, 0.0, time.process_time()
    for _ in range(PERIODS * round(fleet.period_s / SLOT_S)):
        began_s = time.thread_time()
        slot = next(slots)
        between_s = time.thread_time()
        through.send(VITALS, slot.vitals)
        made_s += between_s - began_s
        sent_s += time.thread_time() - between_s
    through.close()
    all_s = time.process_time() - all_s
    bodies_s = _physiology_s(fleet)
    taken_s = {
        "physiology and sensors": bodies_s,
        "order of arrival, encoding": made_s - bodies_s,
        "produce_batch": sent_s,
        "librdkafka: batches, compression, network": all_s - made_s - sent_s,
    }
    return [Part(name, seconds * US / n) for name, seconds in taken_s.items()]


def _physiology_s(fleet: Fleet) -> float:
    every = setting(fleet)
    plays = [play_cohort(each, n, every) for each, n in cohorts(fleet.devices)]
    for each in plays:
        next(each)
    began_s = time.thread_time()
    for _ in range(PERIODS):
        for each in plays:
            next(each)
    return time.thread_time() - began_s


def _of_parts(parts: list[Part]) -> Table:
    table = Table("part", "us a message", "share")
    whole = sum(part.us for part in parts)
    for part in (*parts, Part("all", whole)):
        table.add_row(part.name, f"{part.us:.2f}", f"{100 * part.us / whole:.0f} %")
    return table


def _of_the_whole(fleet: Fleet, readings: int, settings: Settings) -> Table:
    wall_s, sent = _at_full_speed(fleet, readings, settings)
    few, many = (_resident(each, settings) for each in (FEW, fleet.devices))
    table = Table("one process", f"{fleet.devices:,} devices")
    table.add_row("as fast as it goes", f"{sent.messages / wall_s:,.0f} messages/s")
    table.add_row("of which on a core", f"{100 * sent.cpu_s / wall_s:.0f} %")
    table.add_row("messages a core-second", f"{sent.messages / sent.cpu_s:,.0f}")
    table.add_row("before compression", f"{sent.bytes / wall_s / 1e6:,.0f} MB/s")
    table.add_row("memory in real time", f"{many / 1e6:,.0f} MB")
    table.add_row(f"memory of {FEW:,} devices", f"{few / 1e6:,.0f} MB")
    each = (many - few) / (fleet.devices - FEW)
    table.add_row("a device", f"{each:,.0f} bytes")
    return table


def _at_full_speed(
    fleet: Fleet, readings: int, settings: Settings
) -> tuple[float, Figures]:
    whole = Performance(
        fleet=fleet, brokers=settings.kafka_brokers, speed=math.inf, count=readings
    )
    stop, told, began_s = threading.Event(), Told(), time.monotonic()
    through = publisher(whole, stop)
    sent = play(whole, through, stop, told, begins_s=time.time())
    return time.monotonic() - began_s, sent


def _resident(devices: int, settings: Settings) -> int:
    """Return how many bytes a fleet has in memory that plays in real time."""
    command = [sys.executable, "-m", "producers.fleet", "--devices", str(devices)]
    command += ["--processes", "1", "--scenario", "busy"]
    command += ["--brokers", settings.kafka_brokers]
    with subprocess.Popen(command, cwd=ROOT) as playing:  # noqa: S603 - our own
        try:
            time.sleep(SETTLED_S)
            return int(psutil.Process(playing.pid).memory_info().rss)
        finally:
            playing.terminate()


def _publisher(settings: Settings) -> Publisher:
    return Publisher(settings.kafka_brokers, (VITALS,), threading.Event())


if __name__ == "__main__":
    typer.run(main)
