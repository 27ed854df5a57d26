"""Shards share out everything, each thing to one of them."""

import itertools
from collections import defaultdict
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet, batches
from producers.dealing import parts
from producers.eeg_ward import with_eeg
from producers.outgoing import Batch
from producers.playing import Performance
from producers.shards import WHOLE, Shard

PERIODS = 4


def fleet(shard: Shard, devices: int, seed: int, network: str) -> Fleet:
    return Fleet(
        devices=devices,
        rate_hz=1.0,
        seed=seed,
        scenario=SCENARIOS["demo"],
        start_ms=1_750_000_000_000,
        network=NETWORKS[network],
        shard=shard,
    )


def played(of: Fleet, slot_s: float) -> Iterator[Batch]:
    return itertools.takewhile(
        lambda batch: batch.at_s < PERIODS + 1e-6,
        with_eeg(batches(of, slot_s), of, patients=70),
    )


def by_device(of: Fleet, slot_s: float) -> dict[tuple[str, str], list[bytes]]:
    """Return the messages of each device and topic, in order."""
    found: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for batch in played(of, slot_s):
        for topic in ("vitals", "truth", "eeg"):
            for _, value in getattr(batch, topic):
                found[topic, orjson.loads(value)["device_id"]].append(value)
    return found


@settings(max_examples=8)
@given(
    shards=st.integers(1, 5),
    devices=st.integers(513, 2100),
    seed=st.integers(0, 2**32),
    network=st.sampled_from(sorted(NETWORKS)),
    slot_s=st.sampled_from([0.25, 1.0]),
)
def test_the_shards_of_a_fleet_are_the_fleet_byte_for_byte(
    shards: int, devices: int, seed: int, network: str, slot_s: float
) -> None:
    whole = by_device(fleet(WHOLE, devices, seed, network), 1.0)
    each = [
        by_device(fleet(shard, devices, seed, network), slot_s)
        for shard in WHOLE.split(shards)
    ]
    assert sum(map(len, each)) == len(whole), "a device is in two shards, or in none"
    assert {device: sent for of in each for device, sent in of.items()} == whole


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 100))
def test_a_shard_of_shards_takes_each_once(of: int, n: int, index: int) -> None:
    shards = [part for shard in WHOLE.split(of) for part in shard.split(n)]
    assert [shard.takes(index) for shard in shards].count(True) == 1


@pytest.mark.parametrize("text", ["1/1", "2/3"])
def test_a_shard_is_read_as_it_is_written(text: str) -> None:
    assert str(Shard.parsed(text)) == text


@pytest.mark.parametrize("text", ["0/1", "2/1", "1", "1/2/3", "a/b", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Shard.parsed(text)


@pytest.mark.parametrize(
    ("devices", "speed", "cores", "processes"),
    [
        (50_000, 1.0, 8, 1),
        (50_001, 1.0, 8, 2),
        (400_000, 1.0, 2, 2),
        (10**5, 2.0, 8, 1),
    ],
)
def test_a_large_fleet_takes_as_many_cores_as_are_useful(
    monkeypatch: pytest.MonkeyPatch,
    devices: int,
    speed: float,
    cores: int,
    processes: int,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    whole = Performance(
        fleet=fleet(WHOLE, devices, 1, "good"), brokers="", speed=speed, duration_s=1.0
    )
    assert len(parts(whole, None)) == processes
