"""A recording travels whole: as counted, or within half a count of the wire."""

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from eeg.packets import first_sample, whole_seconds
from producers.contract import EEG
from producers.eeg_wire import device, scale, seconds
from tests.producers.eeg_recordings import recording, samples_uv

gains = st.floats(0.01, 100.0) | st.floats(-10.0, -0.01)


@given(
    n_samples=st.integers(0, 2_000),
    rate_hz=st.sampled_from([50.0, 173.61, 256.0]) | st.floats(1, 600),
    gain=st.lists(gains, min_size=1, max_size=4),
    offset=st.sampled_from([0.0, 17.5, -3000.0]),
    seed=st.integers(0, 99),
)
def test_the_messages_are_the_recording_within_half_a_count(
    n_samples: int, rate_hz: float, gain: list[float], offset: float, seed: int
) -> None:
    played = recording(
        n_samples=n_samples,
        rate_hz=rate_hz,
        gains=tuple(gain),
        offsets=(offset,) * len(gain),
        seed=seed,
    )
    sender = device(played, "p")
    messages = [sender.message(0, 0, counts) for counts in seconds(played)]
    whole = first_sample(whole_seconds(n_samples, rate_hz), rate_hz)
    assert n_samples - whole < rate_hz
    if messages:
        found = np.concatenate([samples_uv(each) for each in messages], axis=1)
        assert found.shape == (len(gain), whole)
        error = np.abs(found - played.part_uv(0, whole))
        widest_uv = float(np.abs(played.part_uv(0, whole)).max())
        assert error.max() <= 0.5 * scale(played) + 1e-6 * widest_uv


def test_what_has_one_scale_is_sent_as_it_was_counted() -> None:
    played = recording(offsets=(1e-5, 0.0))
    assert scale(played) == 0.5
    together = np.concatenate(list(seconds(played)), axis=1)
    assert_array_equal(together, played.counts)


def test_channels_that_are_all_upside_down_are_turned() -> None:
    played = recording(n_samples=100, gains=(-0.5, -0.5))
    [found] = (
        samples_uv(device(played, "p").message(0, 0, c)) for c in seconds(played)
    )
    assert scale(played) > 0
    np.testing.assert_allclose(found, played.samples_uv, atol=0.3)


@pytest.mark.parametrize(
    ("gains_", "offsets"), [((0.5, 0.25), (0, 0)), ((0.5, 0.5), (0, 0.3))]
)
def test_of_several_scales_the_widest_range_still_fits(
    gains_: tuple[float, ...], offsets: tuple[float, ...]
) -> None:
    uv_per_count = scale(recording(gains=gains_, offsets=offsets))
    widest_uv = max(abs(gains_[0]) * 32768 + offsets[0], 0.5 * 32768 + offsets[1])
    assert uv_per_count * 32767 == pytest.approx(widest_uv)


def test_a_message_has_the_columns_of_the_contract() -> None:
    played = recording("p")
    [first, *_] = seconds(played)
    key, value = device(played, "p").message(1_750_000_000_000, 7, first)
    message = orjson.loads(value)
    assert key == b"p"
    assert list(message) == [column.name for column in EEG.columns]
    assert message["device_id"] == "p-eeg"
    assert message["channels"] == ["C0", "C1"]
    assert (message["seq"], message["reference"]) == (7, "average")


@pytest.mark.parametrize(
    ("channels", "rate_hz"), [(1, 173.61), (19, 256.0), (32, 512.0)]
)
def test_a_messages_size_is_known(channels: int, rate_hz: float) -> None:
    played = recording(n_samples=600, rate_hz=rate_hz, gains=(0.5,) * channels)
    sender = device(played, "a-patient")
    [first, *_] = seconds(played)
    _, value = sender.message(1_750_000_000_000, 7, first)
    assert sender.message_bytes == pytest.approx(len(value), abs=300)


def test_thirty_two_channels_at_512_hz_are_44_kb() -> None:
    played = recording(n_samples=512, rate_hz=512.0, gains=(0.5,) * 32)
    assert device(played, "p").message_bytes == pytest.approx(44_000, abs=500)
    assert "44 kB" in EEG.doc
