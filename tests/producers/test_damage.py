"""What a bad memory makes of vital signs: a share of them, no JSON, told on truth."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.devices.faults import BAD_MEMORY, POOR_RADIO, Fault
from digital_twin.devices.plans import PLANS, Plan
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet, batches
from producers.contract import VITALS
from producers.damage import damaged
from producers.device_ward import with_devices
from producers.outgoing import Batch
from producers.shards import WHOLE, Shard
from producers.validation import verdict

START_MS = 1_750_000_000_000
LENGTH_S = 300.0
TOLD_AFTER_S = 61.0
"""A fault is told with the statuses of the minute after its onset."""
SLOT_S = 0.2
WHOLE_READING = orjson.dumps(
    {"patient_id": "p", "device_id": "d", "ts_ms": START_MS, "heart_rate_bpm": 72}
)


def only(fault: Fault) -> Plan:
    """Return a plan by which every device has the fault again and again."""
    return Plan(doc="", per_year={fault: 3e6}, hurry=2000.0)


BAD = only(BAD_MEMORY)


def fleet(plan: Plan, devices: int = 100, shard: Shard = WHOLE) -> Fleet:
    return Fleet(
        devices=devices,
        rate_hz=1.0,
        seed=7,
        scenario=SCENARIOS["calm"],
        start_ms=START_MS,
        network=NETWORKS["perfect"],
        shard=shard,
        device_plan=plan,
    )


def played(of: Fleet, length_s: float = LENGTH_S) -> Iterator[Batch]:
    assert of.device_plan
    every = with_devices(batches(of, SLOT_S), of, of.device_plan)
    return itertools.takewhile(lambda batch: batch.at_s <= length_s, every)


def is_not_json(value: bytes) -> bool:
    found = verdict(VITALS, value, START_MS)
    return any(reason.startswith("not_json") for reason in found.reasons)


@given(st.integers(1, 2**16 - 1))
def test_every_damage_leaves_no_json_of_which_nothing_is_used(damage: int) -> None:
    [left] = damaged([WHOLE_READING], np.array([damage], dtype=np.uint16))
    assert is_not_json(left)
    assert verdict(VITALS, left, START_MS).message is None


def test_damages_are_of_both_kinds_at_every_place() -> None:
    every = np.arange(1, 2**16, dtype=np.uint16)
    left = set(damaged([WHOLE_READING] * every.size, every))
    cut = {value for value in left if WHOLE_READING.startswith(value)}
    assert {len(value) for value in cut} == set(range(len(WHOLE_READING)))
    flipped = [np.frombuffer(value, np.uint8) for value in left - cut]
    whole = np.frombuffer(WHOLE_READING, np.uint8)
    assert {int((value != whole).sum()) for value in flipped} == {1}
    assert len(flipped) == len(WHOLE_READING)


def test_what_is_whole_stays_as_it_is() -> None:
    values = [WHOLE_READING, b"other", b"third"]
    damage = np.array([0, 8, 0], dtype=np.uint16)
    assert damaged(list(values), damage) == [WHOLE_READING, b"othe", b"third"]


@pytest.mark.parametrize("plan", [PLANS["healthy"], only(POOR_RADIO)])
def test_no_reading_is_damaged_where_no_memory_is_bad(plan: Plan) -> None:
    sent = [value for batch in played(fleet(plan)) for _, value in batch.vitals]
    assert len(sent) > 0.9 * LENGTH_S * 100
    assert not any(map(is_not_json, sent))


Times = dict[bytes, list[tuple[float, float, float]]]
"""Onset, failure and end of the faults of each patient's monitor, in s."""


def told(sent: list[Batch]) -> Times:
    """Return the bad memories of monitors, as ``truth`` tells them."""
    found: Times = defaultdict(list)
    for key, value in (message for batch in sent for message in batch.truth):
        truth: Mapping[str, Any] = orjson.loads(value)
        if truth["episode"] == BAD_MEMORY.name and "device-" in truth["device_id"]:
            ms = (truth[name] for name in ("onset_ms", "fails_ms", "end_ms"))
            onset_s, fails_s, ends_s = ((each - START_MS) / 1000 for each in ms)
            found[key or b""].append((onset_s, fails_s, ends_s))
    return found


def test_truth_names_each_damage_and_the_share_is_that_of_the_fault() -> None:
    sent = list(played(fleet(BAD, devices=200), LENGTH_S + TOLD_AFTER_S))
    bad, failed = told(sent), []
    for batch in itertools.takewhile(lambda batch: batch.at_s <= LENGTH_S, sent):
        for key, value in batch.vitals:
            times = bad[key or b""]
            is_damaged = is_not_json(value)
            if is_damaged:
                assert any(on <= batch.at_s <= off + SLOT_S for on, _, off in times)
            if any(fails + SLOT_S <= batch.at_s < off for _, fails, off in times):
                failed.append(is_damaged)
    mean_share = sum(BAD_MEMORY.effects["corrupt_share"]) / 2
    assert len(failed) > 1000
    assert np.mean(failed) == pytest.approx(mean_share, abs=0.03)


def test_damage_is_the_same_again() -> None:
    first, again = list(played(fleet(BAD), 90.0)), list(played(fleet(BAD), 90.0))
    assert any(is_not_json(value) for batch in first for _, value in batch.vitals)
    assert first == again


def test_a_damaged_reading_is_the_same_in_any_share_of_the_fleet() -> None:
    def by_key(shard: Shard) -> dict[tuple[str, bytes], list[bytes]]:
        found: dict[tuple[str, bytes], list[bytes]] = defaultdict(list)
        for batch in played(fleet(BAD, devices=1100, shard=shard), 75.0):
            for topic in ("vitals", "truth", "statuses"):
                for key, value in getattr(batch, topic):
                    found[topic, key].append(value)
        return found

    whole = by_key(WHOLE)
    each = [by_key(shard) for shard in WHOLE.split(3)]
    assert any(
        is_not_json(value)
        for (topic, _), values in whole.items()
        if topic == "vitals"
        for value in values
    )
    assert sum(map(len, each)) == len(whole)
    assert {key: sent for of in each for key, sent in of.items()} == whole
