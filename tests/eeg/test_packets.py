"""Samples travel whole, and what cannot be samples is refused by name."""

import base64
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from eeg.packets import (
    MOST_COUNT,
    PacketError,
    decoded,
    encoded,
    first_sample,
    quantised,
    unpacked,
    whole_seconds,
)

rates_hz = st.sampled_from([100.0, 173.61, 200.0, 256.0, 512.0]) | st.floats(2, 600)


def test_the_first_channel_comes_first_little_endian() -> None:
    assert base64.b64decode(encoded(np.array([[1, 2], [-1, 256]], np.int16))) == bytes(
        [1, 0, 2, 0, 255, 255, 0, 1]
    )


@pytest.mark.parametrize("as_text", [True, False])
def test_a_count_is_worth_its_microvolts(*, as_text: bool) -> None:
    samples = encoded(np.array([[1, 2], [-1, 256]], np.int16))
    given_samples = samples.decode() if as_text else samples
    found = decoded([given_samples], ("Fp1", "Fp2"), 2.0, 0.5)
    assert found.dtype == np.float32
    assert_array_equal(found, [[0.5, 1.0], [-0.5, 128.0]])


def test_seconds_follow_one_another() -> None:
    seconds = [encoded(np.full((1, 2), n, np.int16)) for n in (1, 2)]
    assert_array_equal(decoded(seconds, ("Cz",), 2.0, 3.0), [[3.0, 3.0, 6.0, 6.0]])


@given(
    n_channels=st.integers(1, 5),
    rate_hz=rates_hz,
    more=st.booleans(),
    seed=st.integers(0, 99),
)
def test_what_was_packed_is_unpacked(
    n_channels: int, rate_hz: float, seed: int, *, more: bool
) -> None:
    n_samples = math.ceil(rate_hz) if more else math.floor(rate_hz)
    shape = (n_channels, n_samples)
    counts = np.random.default_rng(seed).integers(-32768, 32767, shape, np.int16)
    channels = [f"c{i}" for i in range(n_channels)]
    assert_array_equal(unpacked(encoded(counts), channels, rate_hz, 1.0), counts)


GOOD = encoded(np.zeros((2, 173), np.int16)).decode()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("wrong_base64", {"samples": "%%%"}),
        ("wrong_base64", {"samples": GOOD[:-1]}),
        ("wrong_base64", {"samples": GOOD + "\n"}),
        ("wrong_base64", {"samples": "ä" + GOOD[1:]}),
        ("wrong_base64", {"samples": None}),
        ("wrong_length", {"samples": ""}),
        ("wrong_length", {"samples": encoded(np.zeros((2, 172), np.int16))}),
        ("wrong_length", {"samples": encoded(np.zeros((2, 175), np.int16))}),
        ("wrong_length", {"samples": encoded(np.zeros((3, 173), np.int16))}),
        ("wrong_length", {"samples": base64.b64encode(b"\0" * 693)}),
        ("wrong_rate", {"rate_hz": 0.0}),
        ("wrong_rate", {"rate_hz": -173.61}),
        ("wrong_rate", {"rate_hz": math.nan}),
        ("wrong_rate", {"rate_hz": math.inf}),
        ("wrong_scale", {"uv_per_count": math.nan}),
        ("wrong_scale", {"uv_per_count": 0.0}),
        ("wrong_scale", {"uv_per_count": -1.0}),
        ("wrong_scale", {"uv_per_count": math.inf}),
        ("wrong_channels", {"channels": ()}),
        ("wrong_channels", {"channels": ("Fp1", "Fp1")}),
    ],
)
def test_what_cannot_be_a_second_is_refused_by_name(
    name: str, changes: dict[str, object]
) -> None:
    good: dict[str, Any] = {
        "samples": GOOD,
        "channels": ("Fp1", "Fp2"),
        "rate_hz": 173.61,
        "uv_per_count": 1.0,
    }
    unpacked(**good)
    with pytest.raises(PacketError, match=f"^{name}: ") as refused:
        unpacked(**{**good, **changes})
    assert "\n" not in str(refused.value)


@given(n_samples=st.integers(0, 5_000), rate_hz=rates_hz)
def test_seconds_share_the_samples_out(n_samples: int, rate_hz: float) -> None:
    seconds = whole_seconds(n_samples, rate_hz)
    firsts = [first_sample(second, rate_hz) for second in range(seconds + 1)]
    assert firsts[0] == 0
    assert firsts[-1] <= n_samples < first_sample(seconds + 1, rate_hz)
    sizes = set(np.diff(firsts).tolist())
    assert sizes <= {math.floor(rate_hz), math.ceil(rate_hz)}


def test_a_fraction_is_made_up_for() -> None:
    firsts = [first_sample(second, 173.61) for second in (0, 1, 2, 3, 100)]
    assert firsts == [0, 174, 348, 521, 17361]
    assert whole_seconds(4097, 173.61) == 23
    assert whole_seconds(17360, 173.61) == 99
    assert whole_seconds(17361, 173.61) == 100


@given(st.lists(st.floats(-3000, 3000, width=32), min_size=1), st.floats(0.1, 10))
def test_a_count_is_off_by_half_at_most(values: list[float], scale: float) -> None:
    samples_uv = np.array([values], np.float32)
    error = np.abs(quantised(samples_uv, scale) * scale - samples_uv)
    assert (error <= scale * 0.5001 + 1e-3).all()


def test_what_an_int16_cannot_hold_is_its_greatest() -> None:
    samples_uv = np.array([[1e9, -1e9, np.nan, np.inf]], np.float32)
    assert_array_equal(
        quantised(samples_uv, 0.1), [[MOST_COUNT, -MOST_COUNT, 0, MOST_COUNT]]
    )
