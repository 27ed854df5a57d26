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
from eeg.window import WINDOW_S
from jobs.measurements import MATCHES_FOUND, VITALS_RAW
from producers.arrivals import Fleet, batches
from producers.contract import EEG, EEG_SCORES
from producers.outgoing import Batch
from stack.flink_rest import Flink
from stack.waiting import PATIENCE_S, until
from tests import reference, reference_patients
from tests.jobs.eeg_seconds import second
from tests.streams import Message
from tests.ward import Ward, eventually

pytestmark = pytest.mark.system

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
        otherwise=lambda: f"no new task manager: {flink.workers()}",
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
    ward.let_eeg_pass(begin_ms - 10_000)
    seconds = [*_eeg(begin_ms, prefix, len(slots))]
    _play(ward, slots, seconds, fault)
    ward.let_time_pass(begin_ms + (LENGTH_S + 100) * 1000)
    ward.let_eeg_pass(begin_ms + (LENGTH_S + 100) * 1000)

    table = reference.usable(sent)
    expected = sorted(reference_patients.matches(table, CATALOGUE), key=str)
    assert {each.phase for each in expected} == {"ongoing", "ended"}
    eventually(lambda: ward.matches(set(table["patient_id"])), expected)
    eventually(lambda: set(ward.points(VITALS_RAW, prefix)), _readings(sent))
    found = ward.starts(prefix)
    assert found >= {(each.patient, each.started_ms) for each in expected}
    eventually(lambda: set(ward.points(MATCHES_FOUND, prefix)), found)
    whole = {begin_ms + t * 1000 for t in range(WINDOW_S, len(slots) + 1)}
    eventually(lambda: _windows(ward, str(seconds[0]["patient_id"])), whole)


def _eeg(begin_ms: int, prefix: str, length_s: int) -> Iterator[Message]:
    for t in range(length_s):
        yield {**second(0, f"eeg-{prefix}"), "ts_ms": begin_ms + t * 1000}


def _windows(ward: Ward, patient: str) -> set[int]:
    """Return the ends of a patient's windows of EEG that were whole."""
    said = (orjson.loads(record.value) for record in ward.read(EEG_SCORES))
    mine = (score for score in said if score["patient_id"] == patient)
    return {score["ts_ms"] for score in mine if "channel_quality" in score}


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


def _play(ward: Ward, slots: list[Batch], seconds: list[Message], fault: Fault) -> None:
    """Send a second of both at eight times its pace; ``fault`` happens halfway."""
    prefix = fault.__name__.replace("_", "-")
    producer = ward.producer()
    with ThreadPoolExecutor(1) as beside:
        for number, (slot, eeg) in enumerate(zip(slots, seconds, strict=True)):
            for _, value in slot.vitals:
                message = _renamed(value, prefix)
                producer.produce("vitals", orjson.dumps(message), message["patient_id"])
            producer.produce(EEG.name, orjson.dumps(eeg), eeg["patient_id"])
            if number == len(slots) // 2:
                happening = beside.submit(fault, ward)
            producer.poll(1 / SPEED)
        happening.result()
    assert producer.flush(PATIENCE_S) == 0


def _renamed(value: bytes, prefix: str) -> Message:
    message: Message = orjson.loads(value)
    name = f"{prefix}-{str(message['patient_id']).removeprefix('patient-')}"
    return {**message, "patient_id": name, "device_id": f"{name}-device"}


def _readings(sent: list[Message]) -> set[tuple[str, int]]:
    return {(str(m["patient_id"]), int(str(m["ts_ms"]))) for m in sent}
