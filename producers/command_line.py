"""The manners of every command that sends: options, signals, errors, last line."""

import logging
import math
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Final

import typer

from producers.contract import TRUTH, VITALS
from producers.pacing import Batches, in_real_time, reported, until
from producers.publisher import BrokerError, Publisher

logger = logging.getLogger(__name__)

Brokers = Annotated[
    str, typer.Option(envvar="VIGIL_KAFKA_BROKERS", help="Kafka brokers, host:port,...")
]
Duration = Annotated[
    float, typer.Option(help="Stop after this many seconds of event time.")
]
MaxSpeed = Annotated[
    bool,
    typer.Option(
        "--max-speed", help="As fast as possible; event time is simulated and ends now."
    ),
]
StartMs = Annotated[
    int | None,
    typer.Option(help="With --max-speed: when event time begins, in ms since 1970."),
]
DEFAULT_BROKERS: Final = "127.0.0.1:9092"
TOPICS: Final = (VITALS, TRUTH)
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class RefusedError(Exception):
    """One line: what is wrong, what was given, what to do about it."""


def check_times(length_s: float, *, max_speed: bool, start_ms: int | None) -> None:
    """Refuse a start that would be ignored, and an end that would never come."""
    if start_ms is not None and not max_speed:
        msg = "--start-ms needs --max-speed: in real time, event time is now"
        raise RefusedError(msg)
    if max_speed and math.isinf(length_s):
        msg = "--max-speed needs an end, or event time would outrun now: --duration"
        raise RefusedError(msg)


def event_start_s(
    length_s: float, *, max_speed: bool, start_ms: int | None, now_s: float
) -> float:
    """Return when event time begins: as asked for, so that it ends now, or now."""
    if start_ms is not None:
        return start_ms / 1000.0
    return now_s - length_s if max_speed else now_s


@contextmanager
def manners(name: str) -> Iterator[threading.Event]:
    """Log to stderr; say errors in one line; yield an event that Ctrl-C sets."""
    logging.basicConfig(
        level=logging.INFO,
        format=f"%(asctime)s {name}: %(message)s",
        datefmt="%H:%M:%S",
    )
    try:
        with stop_on_signal() as stop:
            yield stop
    except (RefusedError, BrokerError) as error:
        sys.exit(f"{name}: {error}")


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C or SIGTERM sets; a second one kills."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def send(
    batches: Batches,
    publisher: Publisher,
    stop: threading.Event,
    *,
    start_s: float,
    max_speed: bool,
) -> None:
    """Send ``batches``, whose time 0 is ``start_s``, in real time or all at once."""
    if not max_speed:
        batches = in_real_time(batches, start_s=start_s, now=time.time, wait=stop.wait)
    going = until(batches, stop)
    real_s = None if max_speed else start_s
    told = reported(going, start_s=real_s, now=time.time, state=publisher.state)
    _publish(told, publisher)


def _publish(batches: Batches, publisher: Publisher) -> None:
    """Send ``batches``, wait for the broker to have them, and say what it took."""
    wall_s, cpu_s, sent = time.monotonic(), time.process_time(), 0
    for batch in batches:
        publisher.send(VITALS, batch.vitals)
        publisher.send(TRUTH, batch.truth)
        sent += len(batch.vitals)
    lost = publisher.close()
    wall_s, cpu_s = time.monotonic() - wall_s, time.process_time() - cpu_s
    logger.info(
        "%s readings in %.1f s (%s/s), %.0f %% of a core, %s not delivered",
        f"{sent:,}",
        wall_s,
        f"{sent / wall_s:,.0f}",
        100.0 * cpu_s / wall_s,
        f"{lost:,}",
    )
    if lost:
        msg = f"{lost:,} messages were not delivered"
        raise BrokerError(msg)
