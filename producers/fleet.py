"""Put a simulated fleet of patients and devices on the wire.

python -m producers.fleet --devices 1000 --rate 1 --scenario demo
"""

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final, TypeVar

import typer

from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import SLOT_S, Fleet, batches
from producers.command_line import (
    DEFAULT_BROKERS,
    TOPICS,
    Brokers,
    Duration,
    MaxSpeed,
    RefusedError,
    StartMs,
    check_times,
    event_start_s,
    manners,
    send,
)
from producers.contract import VITALS
from producers.pacing import for_at_most
from producers.publisher import Publisher

T = TypeVar("T")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_SCENARIOS: Final = "; ".join(f"{k}: {v.doc}" for k, v in SCENARIOS.items())
_NETWORKS: Final = "; ".join(f"{k}: {v.doc}" for k, v in NETWORKS.items())

Devices = Annotated[int, typer.Option(min=1, help="Devices, one patient each.")]
Rate = Annotated[float, typer.Option(help="Readings a second of each device.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed plays the same.")]
ScenarioName = Annotated[str, typer.Option("--scenario", help=_SCENARIOS)]
NetworkName = Annotated[str, typer.Option("--network", help=_NETWORKS)]
Count = Annotated[
    int | None, typer.Option(min=1, help="Stop after this many readings.")
]


@app.command()
def main(  # noqa: PLR0913 - one argument an option
    *,
    devices: Devices = 1000,
    rate: Rate = 1.0,
    seed: Seed = 1,
    scenario: ScenarioName = "demo",
    network: NetworkName = "good",
    brokers: Brokers = DEFAULT_BROKERS,
    duration: Duration = math.inf,
    count: Count = None,
    max_speed: MaxSpeed = False,
    start_ms: StartMs = None,
) -> None:
    """Put simulated patients and their devices on the wire, until Ctrl-C."""
    with manners("fleet") as stop:
        fleet = Fleet(
            devices=devices,
            rate_hz=_allowed(rate),
            seed=seed,
            scenario=_named("scenario", scenario, SCENARIOS),
            network=_named("network", network, NETWORKS),
        )
        most = count or math.inf
        length_s = min(duration, most * fleet.period_s / devices)
        check_times(length_s, max_speed=max_speed, start_ms=start_ms)
        publisher = Publisher(brokers, TOPICS, stop)
        start_s = event_start_s(
            length_s, max_speed=max_speed, start_ms=start_ms, now_s=time.time()
        )
        fleet = replace(fleet, start_ms=round(start_s * 1000.0))
        slots = batches(fleet, math.inf if max_speed else SLOT_S)
        enough = for_at_most(slots, duration_s=duration, count=most)
        send(enough, publisher, stop, start_s=start_s, max_speed=max_speed)


def _allowed(rate_hz: float) -> float:
    if 0 < rate_hz <= VITALS.max_rate_hz:
        return rate_hz
    msg = (
        f"--rate {rate_hz:g}: a device sends at most {VITALS.max_rate_hz} reading a "
        "second (producers/contract.py); for more readings take more --devices"
    )
    raise RefusedError(msg)


def _named(option: str, name: str, known: Mapping[str, T]) -> T:
    if name in known:
        return known[name]
    msg = f"--{option} {name}: there is no such {option}; there are {', '.join(known)}"
    raise RefusedError(msg)


if __name__ == "__main__":
    app()
