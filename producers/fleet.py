"""Put a simulated fleet of patients and devices on the wire.

python -m producers.fleet --devices 1000 --rate 1 --scenario demo
"""

import math
import time
from collections.abc import Mapping
from threading import Event
from typing import Annotated, Final, TypeVar

import typer

from digital_twin.devices.plans import PLANS, Plan
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet
from producers.command_line import (
    DEFAULT_BROKERS,
    FOR_EVER,
    Brokers,
    Duration,
    MaxSpeed,
    RefusedError,
    StartMs,
    check_times,
    manners,
    seconds,
)
from producers.contract import VITALS
from producers.crew import play_together
from producers.dealing import parts, shard_of
from producers.playing import Performance, play, publisher
from producers.sending import Told
from producers.shards import WHOLE

T = TypeVar("T")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_SCENARIOS: Final = "; ".join(f"{k}: {v.doc}" for k, v in SCENARIOS.items())
_NETWORKS: Final = "; ".join(f"{k}: {v.doc}" for k, v in NETWORKS.items())

Devices = Annotated[int, typer.Option(min=1, help="Devices, one patient each.")]
EegPatients = Annotated[
    int, typer.Option(min=0, help="How many of the patients have an EEG, too.")
]
Rate = Annotated[float, typer.Option(help="Readings a second of each device.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed plays the same.")]
ScenarioName = Annotated[str, typer.Option("--scenario", help=_SCENARIOS)]
NetworkName = Annotated[str, typer.Option("--network", help=_NETWORKS)]
_PLANS: Final = "; ".join(f"{k}: {v.doc}" for k, v in PLANS.items())
DeviceFaults = Annotated[
    str | None,
    typer.Option(help=f"Devices tell how they are, and this befalls them. {_PLANS}"),
]
Count = Annotated[
    int | None, typer.Option(min=1, help="Stop after this many readings.")
]
Speed = Annotated[
    float, typer.Option(help="Event time passes so much faster, and then ends now.")
]
ShardName = Annotated[
    str,
    typer.Option("--shard", help="Play one share of the fleet, as in 2/4, no other."),
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Processes; by default one, or a core for each 50,000/s."),
]


@app.command()
def main(  # noqa: PLR0913 - one argument an option
    *,
    devices: Devices = 1000,
    eeg_patients: EegPatients = 0,
    device_faults: DeviceFaults = None,
    rate: Rate = 1.0,
    seed: Seed = 1,
    scenario: ScenarioName = "demo",
    network: NetworkName = "good",
    shard: ShardName = str(WHOLE),
    processes: Processes = None,
    brokers: Brokers = DEFAULT_BROKERS,
    duration: Duration = FOR_EVER,
    count: Count = None,
    speed: Speed = 1.0,
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
            shard=shard_of(shard, devices),
            device_plan=_plan(device_faults),
        )
        _check_eeg(eeg_patients, devices)
        whole = Performance(
            fleet=fleet,
            brokers=brokers,
            eeg_patients=eeg_patients,
            speed=math.inf if max_speed else _above_0(speed),
            duration_s=seconds(duration),
            count=count or math.inf,
            start_ms=start_ms,
        )
        check_times(whole.length_s, max_speed=max_speed, start_ms=start_ms)
        _check_speed(whole)
        each = parts(whole, processes)
        if len(each) > 1:
            play_together(each, stop)
        else:
            _play_alone(whole, stop)


def _plan(name: str | None) -> Plan | None:
    return None if name is None else _named("device-faults", name, PLANS)


def _play_alone(of: Performance, stop: Event) -> None:
    through = publisher(of, stop)
    begins_s = time.time() + (0.0 if math.isinf(of.speed) else of.lead_s)
    told = Told()
    told.end(play(of, through, stop, told, begins_s=begins_s))


def _above_0(speed: float) -> float:
    if 0.0 < speed < math.inf:
        return speed
    msg = f"--speed {speed:g}: must be above 0"
    raise RefusedError(msg)


def _check_speed(whole: Performance) -> None:
    if whole.speed > 1.0 and math.isinf(whole.length_s):
        msg = (
            f"--speed {whole.speed:g} needs an end, or event time would outrun now:"
            " --duration"
        )
        raise RefusedError(msg)


def _allowed(rate_hz: float) -> float:
    if 0 < rate_hz <= VITALS.max_rate_hz:
        return rate_hz
    msg = (
        f"--rate {rate_hz:g}: a device sends at most {VITALS.max_rate_hz} reading a "
        "second (producers/contract/); for more readings take more --devices"
    )
    raise RefusedError(msg)


def _check_eeg(patients: int, devices: int) -> None:
    if patients > devices:
        msg = (
            f"--eeg-patients {patients}: there are {devices} patients, one a device;"
            " take more --devices"
        )
        raise RefusedError(msg)


def _named(option: str, name: str, known: Mapping[str, T]) -> T:
    if name in known:
        return known[name]
    msg = f"--{option} {name}: there is no such {option}; there are {', '.join(known)}"
    raise RefusedError(msg)


if __name__ == "__main__":
    app()
