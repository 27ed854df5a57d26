"""A fleet's messages: the same bytes again, in order of arrival, however cut."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet, batches
from producers.outgoing import Batch, Message

START_MS = 1_750_000_000_000


def fleet(  # noqa: PLR0913 - a test names what it varies
    *,
    devices: int = 50,
    rate_hz: float = 1.0,
    seed: int = 7,
    scenario: str = "calm",
    network: str = "good",
    start_ms: int = START_MS,
) -> Fleet:
    return Fleet(
        devices=devices,
        rate_hz=rate_hz,
        seed=seed,
        scenario=SCENARIOS[scenario],
        network=NETWORKS[network],
        start_ms=start_ms,
    )


def first(seconds: float, of: Fleet, slot_s: float = 1.0) -> Iterator[Batch]:
    return itertools.takewhile(
        lambda batch: batch.at_s < seconds + 1e-6, batches(of, slot_s)
    )


def vitals(played: Iterator[Batch]) -> list[Message]:
    return [message for batch in played for message in batch.vitals]


def parsed(messages: list[Message]) -> list[dict[str, int]]:
    return [json.loads(value) for _, value in messages]


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32),
    scenario=st.sampled_from(sorted(SCENARIOS)),
    network=st.sampled_from(sorted(NETWORKS)),
)
def test_the_same_fleet_gives_the_same_bytes(
    seed: int, scenario: str, network: str
) -> None:
    of = fleet(seed=seed, scenario=scenario, network=network)
    assert list(first(5, of)) == list(first(5, of))


@pytest.mark.parametrize("slot_s", [0.02, 0.1, 1.0])
def test_how_it_is_cut_does_not_change_what_arrives(slot_s: float) -> None:
    of = fleet(network="poor", scenario="storm")
    assert vitals(first(5, of, slot_s)) == vitals(first(5, of))


def test_what_happens_later_does_not_depend_on_where_time_begins() -> None:
    one = parsed(vitals(first(5, fleet(start_ms=START_MS))))
    two = parsed(vitals(first(5, fleet(start_ms=START_MS + 1000))))
    assert [a | {"ts_ms": a["ts_ms"] + 1000} for a in one] == two


def test_a_cohort_more_changes_nothing_for_the_others() -> None:
    few, many = (
        fleet(devices=512, network="perfect"),
        fleet(devices=600, network="perfect"),
    )
    kept = set(vitals(first(3, few)))
    assert kept == {
        (key, value)
        for key, value in vitals(first(3, many))
        if key is not None and key < b"patient-00512"
    }


@pytest.mark.parametrize("network", NETWORKS)
def test_no_reading_is_later_than_a_second_and_a_half(network: str) -> None:
    for batch in first(20, fleet(devices=500, network=network), slot_s=0.02):
        for message in parsed(list(batch.vitals)):
            true_s = (message["ts_ms"] - START_MS) / 1000
            assert true_s - 0.001 <= batch.at_s <= true_s + 1.5


def test_each_device_sends_at_its_rate() -> None:
    of = fleet(devices=20, rate_hz=0.1, network="perfect")
    sent = Counter(key for key, _ in vitals(first(60, of)))
    assert set(sent.values()) == {6}


def test_sequence_numbers_count_up() -> None:
    messages = parsed(vitals(first(10, fleet(network="perfect"))))
    for device in {message["device_id"] for message in messages}:
        numbers = [m["seq"] for m in messages if m["device_id"] == device]
        assert numbers == list(range(10))


def test_the_load_is_even_within_a_second() -> None:
    of = fleet(devices=5000, network="perfect")
    sizes = [len(batch.vitals) for batch in first(1, of, slot_s=0.02)]
    np.testing.assert_allclose(sizes, 100, atol=3)


def test_each_episode_is_told_once() -> None:
    of = fleet(scenario="demo")
    told = [json.loads(value) for batch in first(60, of) for _, value in batch.truth]
    assert Counter(episode["episode"] for episode in told) == dict.fromkeys(
        (each.kind.name for each in SCENARIOS["demo"].script), 1
    )
