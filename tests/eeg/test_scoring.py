"""Windows in, what is known of each channel out."""

import numpy as np
import pytest

from eeg.quality import FLAT, GOOD
from eeg.scoring import ROWS_AT_ONCE, Scored, Scorer
from eeg.window import Window
from tests.eeg.waves import Array, brainlike, sine


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


def window(rows: Array, rate_hz: float = 256.0) -> Window:
    names = tuple(f"C{n}" for n in range(len(rows)))
    return Window(rate_hz, names, rows)


def same(one: Scored, other: Scored) -> bool:
    """Return whether two say the same; sums of another order differ a little."""
    close = [
        np.allclose(
            getattr(one, name), getattr(other, name), 1e-3, 2e-2, equal_nan=True
        )
        for name in ("probability", "log_line_length", "amplitude_uv")
    ]
    return one.quality == other.quality and all(close)


def test_a_broken_channel_is_named_and_left_out(
    scorer: Scorer, rng: np.random.Generator
) -> None:
    rows = brainlike(rng, 3)
    rows[1] = 7
    rows[2] = sine(10.0, 40.0, 256.0)
    [found] = scorer.score([window(rows)])
    assert found.quality == (GOOD, FLAT, GOOD)
    for values in (found.probability, found.log_line_length, found.amplitude_uv):
        assert np.isnan(values).tolist() == [False, True, False]
    assert found.probability[0] < scorer.threshold
    assert found.amplitude_uv[2] == pytest.approx(40, rel=0.05)
    assert found.log_line_length[2] == pytest.approx(np.log(4 * 10 * 40), abs=0.05)


def test_where_all_is_broken_nothing_is_known(scorer: Scorer) -> None:
    broken = np.full((2, 1024), np.nan, np.float32)
    [found] = scorer.score([window(broken)])
    assert found.quality == ("missing", "missing")
    assert np.isnan(found.probability).all()


def test_many_broken_channels_spoil_no_other(
    scorer: Scorer, rng: np.random.Generator
) -> None:
    """More than are scored at once."""
    broken = window(np.zeros((2 * ROWS_AT_ONCE, 1024), np.float32))
    good = window(brainlike(rng, 2))
    [_, alone] = scorer.score([broken, good])
    assert same(alone, scorer.score([good])[0])


def test_a_batch_says_what_each_window_says_alone(
    scorer: Scorer, rng: np.random.Generator
) -> None:
    rates_hz = [256.0, 128.0, 173.61, 256.0, 512.0]
    windows = [
        window(brainlike(rng, n_rows, rate_hz), rate_hz)
        for n_rows, rate_hz in enumerate(rates_hz, 1)
    ]
    together = scorer.score(windows)
    for each, found in zip(windows, together, strict=True):
        assert len(found.quality) == len(each.channels)
        assert same(found, scorer.score([each])[0])


def test_no_windows_no_scores(scorer: Scorer) -> None:
    assert scorer.score([]) == []


def test_it_says_which_model_it_is(scorer: Scorer) -> None:
    assert scorer.model.startswith("trees and network ")
    assert 0 < scorer.threshold < 1
