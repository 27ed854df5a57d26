"""A fleet's devices on the wire: messages of the contract, in order, the same again."""

import itertools
from typing import Any

import numpy as np
import orjson
import pytest

from digital_twin.devices.faults import BAD_MEMORY, FAULTS
from digital_twin.devices.plans import PLANS, Plan
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet
from producers.arrivals import batches as vitals_batches
from producers.contract import DEVICE_STATUS, TRUTH
from producers.device_ward import batches, with_devices
from producers.outgoing import Batch, Message
from producers.validation import verdict

START_MS = 1_750_000_000_000
LENGTH_S = 1200.0


def fleet(devices: int = 60) -> Fleet:
    return Fleet(
        devices=devices,
        rate_hz=1.0,
        seed=1,
        scenario=SCENARIOS["calm"],
        start_ms=START_MS,
    )


def played(plan: str, devices: int = 60) -> list[Batch]:
    every = batches(fleet(devices), PLANS[plan])
    return list(itertools.takewhile(lambda batch: batch.at_s <= LENGTH_S, every))


def statuses(plan: str, devices: int = 60) -> list[Message]:
    return [each for batch in played(plan, devices) for each in batch.statuses]


def read(messages: list[Message]) -> list[dict[str, Any]]:
    return [orjson.loads(value) for _, value in messages]


@pytest.mark.parametrize("plan", PLANS)
def test_every_status_is_one_of_the_contract(plan: str) -> None:
    for batch in played(plan):
        arrived_ms = START_MS + round(batch.at_s * 1000)
        for key, value in batch.statuses:
            found = verdict(DEVICE_STATUS, value, arrived_ms)
            expected = ("absurd_time", "not_json")
            assert all(reason.startswith(expected) for reason in found.reasons)
            if found.message:
                assert key == str(found.message["device_id"]).encode()


def test_what_a_bad_memory_sends_is_no_message() -> None:
    plan = Plan(doc="", per_year={BAD_MEMORY: 3e4}, hurry=500.0)
    every = batches(fleet(), plan)
    sent = [
        value
        for batch in itertools.takewhile(lambda batch: batch.at_s <= LENGTH_S, every)
        for _, value in batch.statuses
    ]
    broken = [v for v in sent if _is_not_json(v)]
    assert 0.01 < len(broken) / len(sent) < 0.3


def _is_not_json(value: bytes) -> bool:
    reasons = verdict(DEVICE_STATUS, value, START_MS).reasons
    return any(reason.startswith("not_json") for reason in reasons)


def test_every_column_is_said() -> None:
    last = read(statuses("healthy"))[-1]
    assert last.keys() == {column.name for column in DEVICE_STATUS.columns}


def test_each_device_speaks_once_a_minute_and_every_tenth_patient_has_two() -> None:
    said = read(statuses("healthy"))
    of = {
        name: [m for m in said if m["device_id"] == name]
        for name in {m["device_id"] for m in said}
    }
    assert len(of) == 66
    assert sum(m["patient_id"] == "patient-00010" for m in said) == 2 * len(
        of["device-00010"]
    )
    for messages in of.values():
        apart = np.diff([m["ts_ms"] for m in messages if m["uptime_s"]])
        assert np.abs(apart - 60_000).max() < 200


def test_batches_come_in_order_and_the_same_again() -> None:
    first, again = played("hurried"), played("hurried")
    assert [batch.at_s for batch in first] == sorted(batch.at_s for batch in first)
    assert first == again


def test_more_devices_change_none_of_other_cohorts() -> None:
    few = [value for key, value in statuses("hurried", 512) if (key or b"") < b"e"]
    many = [
        value
        for key, value in statuses("hurried", 700)
        if (key or b"") < b"device-00512"
    ]
    assert few == many


def test_faults_are_told_when_they_begin() -> None:
    told = [
        orjson.loads(value)
        for batch in played("hurried", 500)
        for _, value in batch.truth
    ]
    known = {column.name for column in TRUTH.columns}
    assert told
    for each in told:
        assert each.keys() <= known
        assert each["episode"] in {fault.name for fault in FAULTS}
        assert each["onset_ms"] <= each["fails_ms"] <= each["end_ms"]


def test_statuses_go_between_the_vital_signs() -> None:
    mixed = with_devices(vitals_batches(fleet(), 0.5), fleet(), PLANS["healthy"])
    until = list(itertools.takewhile(lambda batch: batch.at_s < 130, mixed))
    assert [batch.at_s for batch in until] == sorted(batch.at_s for batch in until)
    assert any(batch.statuses for batch in until)
    assert any(batch.vitals for batch in until)
