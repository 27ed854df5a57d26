"""The manners of every command that sends: options, signals, errors, last line."""

import logging
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Final

import typer

from producers.contract import DEVICE_STATUS, EEG, TRUTH, VITALS
from producers.publisher import BrokerError

Brokers = Annotated[
    str, typer.Option(envvar="VIGIL_KAFKA_BROKERS", help="Kafka brokers, host:port,...")
]
Duration = Annotated[
    str, typer.Option(help="Stop after this much event time: 90s, 10m, 2h; or seconds.")
]
FOR_EVER: Final = "inf"
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
TOPICS: Final = (VITALS, EEG, TRUTH, DEVICE_STATUS)
_UNITS_S: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class RefusedError(Exception):
    """One line: what is wrong, what was given, what to do about it."""


class FailedError(Exception):
    """One line: what went wrong on the way."""


def seconds(duration: str) -> float:
    """Return how long ``duration`` is: a number, of seconds unless it has a unit."""
    unit = _UNITS_S.get(duration[-1:])
    number = duration[:-1] if unit else duration
    try:
        length_s = float(number) * (unit or 1.0)
    except ValueError:
        length_s = math.nan
    if length_s >= 0.0:
        return length_s
    msg = f"--duration {duration}: a number and s, m or h, as in 90s, 10m, 2h"
    raise RefusedError(msg)


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
    log_to_stderr(name)
    try:
        with stop_on_signal() as stop:
            yield stop
    except (RefusedError, FailedError, BrokerError) as error:
        sys.exit(f"{name}: {error}")


def log_to_stderr(name: str) -> None:
    """Log what is worth knowing, with the time and the command's ``name``."""
    logging.basicConfig(
        level=logging.INFO,
        format=f"%(asctime)s {name}: %(message)s",
        datefmt="%H:%M:%S",
    )


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
