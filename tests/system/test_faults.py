"""Servers die in mid-stream; afterwards everything is there, once."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from typing import Final

import orjson
import pytest

from cep_patterns.catalogue import CATALOGUE
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from jobs.measurements import MATCHES_FOUND, VITALS_RAW
from producers.arrivals import Fleet, batches
from producers.outgoing import Batch
from stack.flink_rest import Flink
from stack.waiting import until
from tests import reference
from tests.streams import Message
from tests.ward import Ward, eventually

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

DEVICES: Final = 100
LENGTH_S: Final = 240
SPEED: Final = 8

Fault = Callable[[Ward], None]


def kill_the_task_manager(ward: Ward) -> None:
    flink = Flink(ward.settings.flink_url)
    before = flink.workers()
    os.kill(ward.supervisor.pid("taskmanager"), signal.SIGKILL)
    until(
        lambda: bool(flink.workers() - before),
        otherwise=lambda: "no new task manager",
    )


def take_the_database_away_for_20_s(ward: Ward) -> None:
    os.kill(ward.supervisor.pid("influxd"), signal.SIGKILL)
    ward.supervisor.stop("influxd")
    time.sleep(20)  # the outage itself, not a wait for something
    ward.supervisor.start("influxd")


def kill_the_broker(ward: Ward) -> None:
    os.kill(ward.supervisor.pid("kafka"), signal.SIGKILL)


@pytest.mark.parametrize(
    "fault", [kill_the_task_manager, take_the_database_away_for_20_s, kill_the_broker]
)
def test_nothing_is_lost_and_nothing_is_found_twice(ward: Ward, fault: Fault) -> None:
    begin_ms = ward.begin_ms(length_s=LENGTH_S)
    prefix = fault.__name__.replace("_", "-")
    slots = list(_slots(begin_ms))
    sent = [_renamed(value, prefix) for slot in slots for _, value in slot.vitals]
    _play(ward, slots, prefix, fault)
    ward.let_time_pass(begin_ms + (LENGTH_S + 100) * 1000)

    table = reference.usable(sent)
    expected = sorted(
        set().union(*(reference.matches(table, pattern) for pattern in CATALOGUE)),
        key=str,
    )
    assert {phase for _, phase, *_ in expected} == {"ongoing", "ended"}
    eventually(lambda: ward.matches(set(table["device_id"])), expected)
    eventually(lambda: set(ward.points(VITALS_RAW, prefix)), _readings(sent))
    stored = {(device[: -len("-device")], start) for _, _, device, start, _ in expected}
    eventually(lambda: set(ward.points(MATCHES_FOUND, prefix)), stored)


def _slots(begin_ms: int) -> Iterator[Batch]:
    """Return the readings of a small fleet, by second, nothing late or lost."""
    fleet = Fleet(
        devices=DEVICES,
        rate_hz=1.0,
        seed=7,
        scenario=SCENARIOS["demo"],
        start_ms=begin_ms,
        network=NETWORKS["perfect"],
    )
    return takewhile(lambda slot: slot.at_s <= LENGTH_S, batches(fleet, slot_s=1.0))


def _play(ward: Ward, slots: list[Batch], prefix: str, fault: Fault) -> None:
    """Send ``slots`` at eight times their pace, and let ``fault`` happen halfway."""
    producer = ward.producer()
    with ThreadPoolExecutor(1) as beside:
        for number, slot in enumerate(slots):
            for _, value in slot.vitals:
                message = _renamed(value, prefix)
                producer.produce("vitals", orjson.dumps(message), message["patient_id"])
            if number == len(slots) // 2:
                happening = beside.submit(fault, ward)
            producer.poll(1 / SPEED)
        happening.result()
    assert producer.flush(90) == 0


def _renamed(value: bytes, prefix: str) -> Message:
    message: Message = orjson.loads(value)
    name = f"{prefix}-{str(message['patient_id']).removeprefix('patient-')}"
    return {**message, "patient_id": name, "device_id": f"{name}-device"}


def _readings(sent: list[Message]) -> set[tuple[str, int]]:
    return {(str(m["patient_id"]), int(str(m["ts_ms"]))) for m in sent}
