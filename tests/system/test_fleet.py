"""A fleet in two processes reaches the broker whole; who dies is missed at once."""

import logging
import os
import re
import signal
import threading
from collections import defaultdict
from dataclasses import replace

import orjson
import psutil
import pytest

from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet
from producers.command_line import FailedError
from producers.contract import VITALS
from producers.crew import play_together
from producers.dealing import parts
from producers.playing import Performance
from stack.waiting import until
from tests.ward import Ward

pytestmark = pytest.mark.system

DEVICES = 1100
LENGTH_S = 6


def performance(ward: Ward) -> Performance:
    """Return a fleet whose event time is a test's own, played in real time."""
    fleet = Fleet(
        devices=DEVICES,
        rate_hz=1.0,
        seed=7,
        scenario=SCENARIOS["calm"],
        network=NETWORKS["perfect"],
    )
    return Performance(
        fleet=fleet,
        brokers=ward.settings.kafka_brokers,
        duration_s=LENGTH_S,
        start_ms=ward.begin_ms(length_s=2 * LENGTH_S),
    )


def numbers(ward: Ward, of: Performance) -> dict[str, list[int]]:
    """Return the sequence numbers of each device of the fleet, in order of arrival."""
    found: dict[str, list[int]] = defaultdict(list)
    begin_ms = of.start_ms or 0
    for record in ward.read(VITALS):
        try:
            message = orjson.loads(record.value)
            mine = re.match(r"device-\d{5}$", message["device_id"])
            if mine and 0 <= message["ts_ms"] - begin_ms <= LENGTH_S * 1000:
                found[message["device_id"]].append(message["seq"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            continue  # another test's bad messages
    return found


def processes() -> list[psutil.Process]:
    """Return the processes that play for us."""
    return [
        each
        for each in psutil.Process().children()
        if "spawn_main" in " ".join(each.cmdline())
    ]


def test_each_device_counts_up_without_a_gap(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    of = performance(ward)
    play_together(parts(of, 2), threading.Event())
    said = numbers(ward, of)
    assert len(said) == DEVICES
    assert {tuple(seqs) for seqs in said.values()} == {tuple(range(LENGTH_S))}
    assert caplog.messages[-1].startswith(f"{DEVICES * LENGTH_S:,} readings in ")
    assert caplog.messages[-1].endswith("0 not delivered")


def test_who_is_asked_to_stop_ends_with_a_summary_and_leaves_nothing(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    of, stop = replace(performance(ward), duration_s=600.0), threading.Event()

    def stop_it() -> None:
        until(
            lambda: any("messages/s" in line for line in caplog.messages),
            otherwise=lambda: f"no rate is said: {caplog.messages}",
        )
        stop.set()

    asking = threading.Thread(target=stop_it)
    asking.start()
    play_together(parts(of, 2), stop)
    asking.join()
    assert not processes()
    assert "0 not delivered" in caplog.messages[-1]
    counts = [tuple(seqs) for seqs in numbers(ward, of).values()]
    assert all(seqs == tuple(range(len(seqs))) for seqs in counts)


def test_a_process_that_is_killed_ends_them_all(ward: Ward) -> None:
    of = replace(performance(ward), duration_s=600.0)

    def kill_one() -> None:
        until(
            lambda: len(processes()) == 2, otherwise=lambda: f"not two: {processes()}"
        )
        os.kill(processes()[1].pid, signal.SIGKILL)

    killing = threading.Thread(target=kill_one)
    killing.start()
    with pytest.raises(FailedError, match=r"process \d of 2 was killed by SIGKILL"):
        play_together(parts(of, 2), threading.Event())
    killing.join()
    assert not processes()
