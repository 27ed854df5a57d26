"""The background has the spectrum that it says, everywhere and always."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from digital_twin.brain import rhythms
from digital_twin.brain.scalp import ELECTRODES, Signal
from digital_twin.cohort import streams
from tests.digital_twin.brain.spectra import at, band_uv2

RATE_HZ = 256


def background(  # noqa: PLR0913 - a test names what it varies
    *,
    patients: int = 16,
    seconds: int = 40,
    depth: float = 0.0,
    eyes_open: float = 0.0,
    slowing: float = 0.0,
    rate_hz: int = RATE_HZ,
) -> Signal:
    rng = streams(7, 0)["rhythms"]
    who = rhythms.traits(patients, rng)
    how = (np.full(patients, value) for value in (depth, eyes_open, slowing))
    uv = rhythms.strengths_uv(*how)
    blocks = [rhythms.block(who, uv, rate_hz, rng) for _ in range(seconds + 1)]
    pairs = itertools.pairwise(blocks)
    return np.concatenate([rhythms.second(*pair) for pair in pairs], axis=-1)


def test_power_is_what_the_strengths_say() -> None:
    rng = np.random.default_rng(1)
    who = rhythms.traits(400, rng)
    uv = rhythms.strengths_uv(*np.zeros((3, 400)))
    block = rhythms.block(who, uv, RATE_HZ, rng)
    everywhere = at(block, "T7") / who.loudness[:, None, None]
    weight2 = rhythms._TOPOGRAPHY[:, ELECTRODES.index("T7")] ** 2  # noqa: SLF001 - the law's own numbers
    expected_uv = np.sqrt((weight2 * uv[0] ** 2).sum())
    assert np.sqrt((everywhere**2).mean()) == pytest.approx(expected_uv, rel=0.03)


def test_power_does_not_change_within_a_second() -> None:
    samples_uv = background(patients=64)
    by_place = samples_uv.reshape(64, 19, 40, 4, -1)
    assert_allclose(
        (by_place**2).mean(axis=(0, 1, 2, 4)), (samples_uv**2).mean(), rtol=0.05
    )


def test_alpha_is_behind_and_with_closed_eyes() -> None:
    closed = background()
    opened = background(eyes_open=1.0)
    alpha = {
        name: np.median(band_uv2(at(closed, name), 8, 12))
        for name in ("O1", "O2", "Fp1")
    }
    assert min(alpha["O1"], alpha["O2"]) > 5 * alpha["Fp1"]
    assert alpha["O1"] > 5 * np.median(band_uv2(at(opened, "O1"), 8, 12))


def test_sleep_and_what_follows_a_seizure_are_slow() -> None:
    awake, asleep, after = (
        background(),
        background(depth=0.8),
        background(slowing=1.0),
    )
    slow = [float(np.median(band_uv2(each, 0.5, 3))) for each in (awake, asleep, after)]
    assert slow[1] > 4 * slow[0]
    assert slow[2] > 8 * slow[0]
    assert band_uv2(at(after, "O1"), 8, 12).mean() < 0.2 * (
        band_uv2(at(awake, "O1"), 8, 12).mean()
    )


def test_between_the_bells_power_falls_with_frequency() -> None:
    samples_uv = background(eyes_open=1.0)
    at_hz = [float(band_uv2(samples_uv, hz, hz + 2).mean()) for hz in (35, 45, 60)]
    assert at_hz[0] > at_hz[1] > at_hz[2] > 0
    ratio = (45 + 47) / (35 + 37)
    assert at_hz[0] / at_hz[1] == pytest.approx(ratio, rel=0.2)
    assert band_uv2(samples_uv, 75, 128).mean() < 1e-3


def test_seconds_apart_have_nothing_to_do_with_each_other() -> None:
    samples_uv = background(patients=32)
    seconds = samples_uv.reshape(32 * 19, 40, RATE_HZ)
    scaled = seconds / seconds.std(axis=-1, keepdims=True)
    apart = (scaled[:, :-2] * scaled[:, 2:]).mean()
    assert abs(apart) < 0.01


def test_neighbours_are_alike() -> None:
    samples_uv = background(eyes_open=1.0, patients=32)

    def alike(one: str, other: str) -> float:
        pair = at(samples_uv, one, other)
        return float(np.mean([np.corrcoef(each)[0, 1] for each in pair]))

    assert alike("F3", "F7") > 0.4 > alike("F3", "O2")


def test_patients_differ() -> None:
    rng = np.random.default_rng(1)
    who = rhythms.traits(100, rng)
    assert who.loudness.max() > 1.4 * who.loudness.min()
    assert_allclose(who.shapes.sum(axis=2), 1.0)
    alpha = who.shapes[:, 3].argmax(axis=1) / rhythms.BLOCK_S
    assert alpha.min() >= 8.0
    assert alpha.max() <= 12.0
    assert len(set(alpha.tolist())) > 3


@pytest.mark.parametrize("rate_hz", [128, 200, 512])
def test_another_rate_is_the_same_background(rate_hz: int) -> None:
    found = background(rate_hz=rate_hz)
    assert found.shape == (16, 19, 40 * rate_hz)
    assert found.std() == pytest.approx(background().std(), rel=0.05)
