"""The features as the model reads them."""

import numpy as np
import pytest

from eeg.conditioning import conditioned
from eeg.features import (
    FEATURES,
    NAMES,
    ROWS_AT_ONCE,
    amplitude_uv,
    features,
    log_line_length,
)
from tests.eeg.waves import brainlike, sine


def test_every_feature_has_a_name_of_its_own_and_a_unit() -> None:
    assert len(set(NAMES)) == len(FEATURES)
    assert all(feature.unit for feature in FEATURES)


def test_gain_and_polarity_change_nothing(rng: np.random.Generator) -> None:
    rows = conditioned(brainlike(rng, 20), 256.0)
    plain = features(rows)
    for gain in (0.2, -1.0, 5.0):
        assert features(rows * np.float32(gain)) == pytest.approx(plain, abs=0.02)
    assert (features(rows * np.float32(4)) == plain).all()


def test_rows_do_not_know_of_each_other(rng: np.random.Generator) -> None:
    rows = conditioned(brainlike(rng, ROWS_AT_ONCE + 1), 256.0)
    found = features(rows)
    assert found.shape == (ROWS_AT_ONCE + 1, len(NAMES))
    assert features(rows[-1:])[0] == pytest.approx(found[-1], rel=1e-4, abs=1e-5)


def test_of_nothing_they_are_finite() -> None:
    assert np.isfinite(features(np.zeros((2, 512), np.float32))).all()
    assert features(np.zeros((0, 512), np.float32)).shape == (0, len(NAMES))


def test_a_feature_is_found_under_its_name() -> None:
    found = dict(zip(NAMES, features(sine(10.0))[0].tolist(), strict=True))
    assert found["alpha_share"] == pytest.approx(0, abs=1e-3)
    assert found["delta_share"] == pytest.approx(np.log(1e-5), abs=0.1)
    assert found["median_frequency"] == pytest.approx(np.log(10), abs=1e-2)
    assert found["kurtosis"] == pytest.approx(np.log(1.5), abs=1e-2)
    assert found["zero_crossings"] == pytest.approx(20, abs=0.5)


def test_loudness_and_amplitude_are_in_microvolt() -> None:
    """A sine of 8 Hz and 10 uV travels 4 * 8 * 10 uV in a second."""
    rows = np.concatenate([sine(8.0, 10.0), sine(8.0, 30.0)])
    loud = np.exp(log_line_length(rows))
    assert loud == pytest.approx([320, 960], rel=2e-3)
    assert amplitude_uv(rows) == pytest.approx([10, 30], rel=1e-3)
