"""Put recorded EEG on the wire as if it were measured here now.

python -m producers.eeg recording.edf --loop
"""

import logging
import math
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from eeg.recording import RecordingError as UnreadableError
from eeg.recordings import EXPECTED, read_all
from producers.command_line import (
    DEFAULT_BROKERS,
    FOR_EVER,
    Brokers,
    Duration,
    RefusedError,
    manners,
    seconds,
)
from producers.contract import EEG, TRUTH
from producers.eeg_timeline import Player, batches, players
from producers.eeg_wire import MOST_BYTES, device
from producers.pacing import for_at_most, head_start_s, quicker
from producers.publisher import Publisher
from producers.recordings import RecordingError
from producers.sending import send

logger = logging.getLogger(__name__)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[list[Path], typer.Argument(help=f"{EXPECTED}; folders of them.")]
Loop = Annotated[bool, typer.Option("--loop", help="Begin again, without end.")]
Speed = Annotated[
    float, typer.Option(help="Times faster than recorded; event time then ends now.")
]


@app.command()
def main(
    *,
    paths: Paths,
    loop: Loop = False,
    speed: Speed = 1.0,
    duration: Duration = FOR_EVER,
    brokers: Brokers = DEFAULT_BROKERS,
) -> None:
    """Put recorded EEG on the wire, re-stamped to now, until all of it is played."""
    with manners("eeg") as stop:
        most_s = seconds(duration)
        _check(speed, math.inf if loop and math.isinf(most_s) else 0.0)
        found = _read(paths)
        longest_s = math.inf if loop else max(each.length_s for each in found)
        ends_s = min(most_s, longest_s)
        publisher = Publisher(brokers, (EEG, TRUTH), stop)
        _tell(found, ends_s / speed)
        now_s = time.time()
        start_ms = round((now_s - head_start_s(ends_s, speed)) * 1000.0)
        played = batches(found, start_ms, loop=loop)
        enough = for_at_most(played, duration_s=ends_s)
        send(quicker(enough, speed), publisher, stop, start_s=now_s, max_speed=False)


def _check(speed: float, ends_s: float) -> None:
    if not 0.0 < speed < math.inf:
        msg = f"--speed {speed:g}: must be above 0"
        raise RefusedError(msg)
    if speed > 1.0 and math.isinf(ends_s):
        msg = "--loop with --speed needs an end, or event time outruns now: --duration"
        raise RefusedError(msg)


def _read(paths: list[Path]) -> list[Player]:
    try:
        found = players(read_all(paths))
    except (UnreadableError, RecordingError, OSError) as error:
        raise RefusedError(str(error)) from None
    if short := [each.patient_id for each in found if not each.length_s]:
        msg = f"shorter than a second, the least a message holds: {', '.join(short)}"
        raise RefusedError(msg)
    _check_sizes(found)
    return found


def _check_sizes(found: list[Player]) -> None:
    every = [each for player in found for each in player.recordings]
    for recording in every:
        if (size := device(recording, recording.name).message_bytes) > MOST_BYTES:
            msg = (
                f"{recording.name}: a second of {len(recording.channels)} channels at"
                f" {recording.rate_hz:g} Hz is {size:,} bytes, {MOST_BYTES:,} fit into"
                " a message; leave out channels, or lower the rate"
            )
            raise RefusedError(msg)


def _tell(found: list[Player], takes_s: float) -> None:
    recorded = timedelta(seconds=sum(each.length_s for each in found))
    takes = "for ever" if math.isinf(takes_s) else f"{timedelta(seconds=takes_s)}"
    logger.info("%d patients, %s of EEG; plays %s", len(found), recorded, takes)


if __name__ == "__main__":
    app()
