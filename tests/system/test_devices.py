"""A device that hangs for hours is found, once, although its job is killed meanwhile.

Devices are judged by the broker's clock. So that hours need not be waited for, the
topic takes the producer's time here for as long as the test lasts.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from typing import Final

import orjson
import pytest
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from jobs.measurements import DEVICES_TOLD
from producers.contract import DEVICE_STATUS
from stack.waiting import PATIENCE_S
from tests.streams import Message
from tests.ward import Ward, eventually

pytestmark = pytest.mark.system

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
HANGS: Final = "hangs"
GARBAGE: Final = b'{"device_id": "hangs", "ts_ms"'


@pytest.fixture
def by_producer(ward: Ward) -> Iterator[None]:
    """Let messages be as old as whoever sends them says."""
    _stamped(ward, "CreateTime")
    yield
    _stamped(ward, "LogAppendTime")


def _stamped(ward: Ward, by: str) -> None:
    entry = ConfigEntry(
        "message.timestamp.type", by, incremental_operation=AlterConfigOpType.SET
    )
    resource = ConfigResource(
        ResourceType.TOPIC, DEVICE_STATUS.name, incremental_configs=[entry]
    )
    admin = AdminClient({"bootstrap.servers": ward.settings.kafka_brokers})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(PATIENCE_S)


def _status(device: str, ts_ms: int, **columns: object) -> Message:
    names = {"device_id": device, "patient_id": device, "boot_id": "1"}
    return {"ts_ms": ts_ms, **names, "readings": 60, "repeated_readings": 1, **columns}


def _publish(ward: Ward, times_ms: Iterable[int], repeated: int) -> None:
    """Send what one device says, and let time pass in every partition."""
    producer = ward.producer()
    for ts_ms in times_ms:
        said = _status(HANGS, ts_ms, repeated_readings=repeated, battery_pct=50)
        producer.produce(DEVICE_STATUS.name, orjson.dumps(said), HANGS, timestamp=ts_ms)
        for partition in range(DEVICE_STATUS.partitions):
            value = orjson.dumps(_status(f"pacer-{partition}", ts_ms))
            producer.produce(
                DEVICE_STATUS.name, value, partition=partition, timestamp=ts_ms
            )
    assert producer.flush(PATIENCE_S) == 0


def _found(ward: Ward) -> list[tuple[str, str]]:
    return sorted((m.pattern, m.phase) for m in ward.matches({HANGS}))


@pytest.mark.usefixtures("by_producer")
def test_a_device_that_hangs_is_found_once_over_a_restart(ward: Ward) -> None:
    begin_ms = (round(time.time() * 1000) // HOUR_MS - 10) * HOUR_MS
    until_ms = begin_ms + HOUR_MS + 30 * MINUTE_MS
    _publish(ward, range(begin_ms, until_ms, 10 * MINUTE_MS), repeated=30)
    ward.publish([(HANGS, GARBAGE)], DEVICE_STATUS)
    eventually(
        lambda: len(ward.points(DEVICES_TOLD, HANGS, ["battery_pct"])), expected=9
    )
    os.kill(ward.supervisor.pid("taskmanager"), signal.SIGKILL)
    end_ms = begin_ms + 3 * HOUR_MS
    _publish(ward, range(until_ms, end_ms, 10 * MINUTE_MS), repeated=30)
    _publish(ward, range(end_ms, end_ms + 2 * HOUR_MS, 10 * MINUTE_MS), repeated=1)
    expected = [("readings_frozen", "ended"), ("readings_frozen", "ongoing")]
    eventually(lambda: _found(ward), expected)
    eventually(lambda: _reasons(ward), expected=["not_json"])


def _reasons(ward: Ward) -> list[str]:
    """Return why the garbage was rejected, each time it was."""
    reasons = {
        (headers["source_partition"], headers["source_offset"]): headers["reason"]
        for value, headers in ward.rejected()
        if value == GARBAGE
    }
    return [reason.partition(":")[0] for reason in reasons.values()]
