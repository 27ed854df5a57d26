"""Any amplifier's window becomes the same one."""

import numpy as np
import pytest

from eeg.conditioning import N_SAMPLES, bridged, conditioned
from tests.eeg.waves import brainlike, sine, times_s

RATES_HZ = (100.0, 128.0, 173.61, 200.0, 256.0, 512.0, 1000.0)
MIDDLE = slice(64, -64)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_rhythm_in_the_band_is_kept_at_any_rate(rate_hz: float) -> None:
    found = conditioned(sine(10.0, 20.0, rate_hz), rate_hz)
    assert found.shape == (1, N_SAMPLES)
    kept = found[:, MIDDLE] - sine(10.0, 20.0)[:, MIDDLE]
    assert np.sqrt((kept**2).mean()) < 1.5


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize(
    ("hz", "most"), [(0.1, 0.1), (0.25, 0.2), (44, 0.1), (49, 0.1)]
)
def test_little_is_left_of_what_is_outside_the_band(
    rate_hz: float, hz: float, most: float
) -> None:
    found = conditioned(sine(hz, 1.0, rate_hz), rate_hz)
    assert np.abs(found[:, MIDDLE]).max() < most


def test_nothing_above_the_band_is_folded_into_it() -> None:
    assert np.abs(conditioned(sine(120.0, 20.0, 256.0), 256.0)).max() < 0.5


def test_offset_and_trend_leave_no_trace(rng: np.random.Generator) -> None:
    plain = brainlike(rng, 3)
    trend = plain + np.float32(1000) + np.float32(100) * times_s(256.0)
    found = conditioned(trend.astype(np.float32), 256.0)
    assert found == pytest.approx(conditioned(plain, 256.0), abs=0.05)


def test_rows_do_not_know_of_each_other(rng: np.random.Generator) -> None:
    rows = brainlike(rng, 5)
    alone = conditioned(rows[2:3], 256.0)[0]
    assert conditioned(rows, 256.0)[2] == pytest.approx(alone, abs=1e-3)


def test_gaps_are_bridged_by_straight_lines() -> None:
    nan = np.nan
    rows = np.array([[1, nan, nan, 4], [nan, 2, 2, nan], [nan] * 4], np.float32)
    expected = [[1, 2, 3, 4], [2, 2, 2, 2], [0, 0, 0, 0]]
    assert bridged(rows).tolist() == expected
    assert np.isnan(rows[0, 1])
