"""Processes that play a fleet together fail together, and say why in one line."""

import socket
import threading

import pytest

from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet
from producers.command_line import FailedError
from producers.crew import play_together
from producers.dealing import parts
from producers.playing import Performance


def nobody() -> str:
    """Return an address at which no broker answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{server.getsockname()[1]}"


def performance(brokers: str) -> Performance:
    fleet = Fleet(devices=1024, rate_hz=1.0, seed=1, scenario=SCENARIOS["calm"])
    return Performance(fleet=fleet, brokers=brokers, duration_s=1.0)


def test_a_broker_that_is_not_there_is_said_once() -> None:
    brokers = nobody()
    with pytest.raises(FailedError, match=f"no Kafka broker answers at {brokers}"):
        play_together(parts(performance(brokers), 2), threading.Event())


def test_who_is_asked_to_stop_before_the_beginning_just_ends() -> None:
    stop = threading.Event()
    stop.set()
    play_together(parts(performance(nobody()), 2), stop)
