"""Put recorded patients on the wire as if they lay here now.

python -m producers.replay ../shared/data/vitals_bidmc --loop
"""

import math
import time
from pathlib import Path
from typing import Annotated, Final

import typer

from producers.arrivals import SLOT_S
from producers.command_line import (
    DEFAULT_BROKERS,
    FOR_EVER,
    TOPICS,
    Brokers,
    Duration,
    MaxSpeed,
    RefusedError,
    StartMs,
    check_times,
    event_start_s,
    manners,
    seconds,
)
from producers.contract import VITALS
from producers.pacing import for_at_most
from producers.publisher import Publisher
from producers.recordings import Recording, RecordingError, read_all
from producers.sending import send
from producers.timeline import Replay, batches, length_s, rate_hz

MAX_SPEED_SLOT_S: Final = 1.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[
    list[Path],
    typer.Argument(help="BIDMC CSV, PhysioNet 2019 PSV or .tar, JSON lines, folders."),
]
Loop = Annotated[bool, typer.Option("--loop", help="Begin again, without end.")]
Speed = Annotated[float, typer.Option(help="Times faster than recorded.")]


@app.command()
def main(  # noqa: PLR0913 - one argument an option
    *,
    paths: Paths,
    loop: Loop = False,
    speed: Speed = 1.0,
    duration: Duration = FOR_EVER,
    brokers: Brokers = DEFAULT_BROKERS,
    max_speed: MaxSpeed = False,
    start_ms: StartMs = None,
) -> None:
    """Put recorded patients on the wire, re-stamped to now, until all are played."""
    with manners("replay") as stop:
        recordings = _read(paths)
        _check(speed, recordings)
        lasts_s = math.inf if loop else length_s(recordings) / speed
        most_s = seconds(duration)
        ends_s = min(most_s, lasts_s)
        check_times(ends_s, max_speed=max_speed, start_ms=start_ms)
        publisher = Publisher(brokers, TOPICS, stop)
        start_s = event_start_s(
            ends_s, max_speed=max_speed, start_ms=start_ms, now_s=time.time()
        )
        play = Replay(start_ms=round(start_s * 1000.0), speed=speed, loop=loop)
        slots = batches(recordings, play, MAX_SPEED_SLOT_S if max_speed else SLOT_S)
        enough = for_at_most(slots, duration_s=most_s)
        send(enough, publisher, stop, start_s=start_s, max_speed=max_speed)


def _read(paths: list[Path]) -> list[Recording]:
    try:
        return read_all(paths)
    except RecordingError as error:
        raise RefusedError(str(error)) from None


def _check(speed: float, recordings: list[Recording]) -> None:
    if speed <= 0:
        msg = f"--speed {speed:g}: must be above 0"
        raise RefusedError(msg)
    if (hz := rate_hz(recordings, speed)) > VITALS.max_rate_hz:
        msg = (
            f"--speed {speed:g}: devices would send {hz:g} readings a second; "
            f"{VITALS.max_rate_hz} is allowed (producers/contract/)"
        )
        raise RefusedError(msg)


if __name__ == "__main__":
    app()
