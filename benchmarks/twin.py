"""How fast the twin advances patients and devices, stage by stage, on one core.

``python -m benchmarks.twin``. A device-step is one device advanced by one period.
*Body* is all that is computed of a patient (flutter, day and hours, episodes and
their courses, coupling) until the true levels are there; *reading* is that, and what
the device makes of it; *message on its way* is that, with the network
and the truth: what ``ward.play`` yields, before anything is encoded.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from digital_twin import trends, vital_signs, ward
from digital_twin.charted import on_oxygen
from digital_twin.cohort import COHORT_SIZE, Streams, devices, phases, streams
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from digital_twin.ward import Devices, Setting

RUNS: Final = 7
STEPS: Final = 120
COHORTS: Final = 8
"""So that what they hold does not stay in the fastest cache all the time."""

Cohort = Iterator[object]

console = Console(highlight=False)


def main(
    scenario: Annotated[
        list[str] | None, typer.Option(help="Which; may be given again.")
    ] = None,
) -> None:
    """Measure device-steps per core-second: the median of several runs."""
    table = Table(title=f"million device-steps per core-second, median of {RUNS}")
    for column in ("scenario", *STAGES):
        table.add_column(column, justify="right")
    for name in scenario or ("calm", "busy", "night", "storm"):
        speeds = [_speed(stage, _setting(name)) for stage in STAGES.values()]
        table.add_row(name, *(f"{speed / 1e6:.1f}" for speed in speeds))
    console.print(table)


def _setting(scenario: str) -> Setting:
    return Setting(
        seed=1,
        period_s=1.0,
        scenario=SCENARIOS[scenario],
        network=NETWORKS["good"],
    )


def _speed(stage: Callable[[int, Setting], Cohort], setting: Setting) -> float:
    """Return the median of device-steps per second of processor time."""
    playing = [stage(cohort, setting) for cohort in range(COHORTS)]
    _advance(playing)
    return statistics.median(_advance(playing) for _ in range(RUNS))


def _advance(playing: list[Cohort]) -> float:
    began_s = time.process_time()
    for _ in range(STEPS):
        for cohort in playing:
            next(cohort)
    return STEPS * len(playing) * COHORT_SIZE / (time.process_time() - began_s)


def _devices(cohort: int, setting: Setting) -> tuple[Devices, Streams]:
    number = devices(cohort, COHORT_SIZE)
    device = Devices(number, phases(number), on_oxygen(number))
    return device, streams(setting.seed, cohort)


def _flutter(cohort: int, setting: Setting) -> Cohort:
    rng = streams(setting.seed, cohort)["physiology"]
    state = vital_signs.initial(COHORT_SIZE, setting.scenario.population, rng)
    while True:
        yield state
        state = vital_signs.step(state, dt_s=setting.period_s, rng=rng)


def _body(cohort: int, setting: Setting) -> Cohort:
    device, rng = _devices(cohort, setting)
    state = ward.initial(device, setting, rng)
    while True:
        yield trends.levels(state.trend, state.body)
        state = ward.step(state, device, setting, rng)


def _reading(cohort: int, setting: Setting) -> Cohort:
    device, rng = _devices(cohort, setting)
    state = ward.initial(device, setting, rng)
    while True:
        yield ward.read(state, device, setting)
        state = ward.step(state, device, setting, rng)


def _sent(cohort: int, setting: Setting) -> Cohort:
    return ward.play(cohort, COHORT_SIZE, setting)


STAGES: Final = {
    "flutter alone": _flutter,
    "body": _body,
    "reading": _reading,
    "message on its way": _sent,
}

if __name__ == "__main__":
    typer.run(main)
