"""A recording second by second: the windows are those of the stream."""

import numpy as np
import pytest

from eeg.course import course, n_windows, of_scored
from eeg.recording import Recording
from eeg.scoring import Scorer
from eeg.window import Window
from tests.eeg.waves import brainlike

RATE_HZ = 173.61


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


def recording(n_samples: int, begins_s: float = 0.0) -> Recording:
    rng = np.random.default_rng(7)
    rows = np.concatenate([brainlike(rng, 2, RATE_HZ) for _ in range(9)], axis=1)
    return Recording(
        name="r",
        rate_hz=RATE_HZ,
        channels=("Fp1", "O2"),
        counts=np.round(rows[:, :n_samples] * 10).astype(np.int16),
        uv_per_count=np.array([0.1, 0.1]),
        offset_uv=np.array([0.0, 50.0]),
        begins_s=begins_s,
    )


@pytest.mark.parametrize(
    ("n_samples", "expected"), [(694, 0), (695, 1), (868, 1), (869, 2), (2084, 9)]
)
def test_every_whole_second_ends_a_window(n_samples: int, expected: int) -> None:
    """At 173.61 Hz, 4 s are 695 samples, 5 s 869 and 12 s 2084."""
    assert n_windows(recording(n_samples)) == expected


def test_a_window_is_what_the_stream_makes_of_four_messages(scorer: Scorer) -> None:
    whole = recording(2000)
    found = course(scorer, [whole])
    assert found.at_s.tolist() == [3, 4, 5, 6, 7, 8, 9, 10]
    edges = np.ceil(np.array([2, 6]) * RATE_HZ).astype(int)
    window = Window(RATE_HZ, whole.channels, whole.part_uv(*edges.tolist()))
    [alone] = scorer.score([window])
    assert found.by_channel[2] == pytest.approx(alone.probability, abs=1e-3)


def test_no_window_reaches_over_a_gap(scorer: Scorer) -> None:
    told: list[int] = []
    parts = [recording(1000), recording(1000, begins_s=100.0)]
    found = course(scorer, parts, told.append)
    assert found.at_s.tolist() == [3, 4, 103, 104]
    assert sum(told) == 4
    assert found.by_channel.shape == (4, 2)


def test_nothing_has_a_course_too() -> None:
    found = of_scored(("Fp1", "O2"), [], [])
    assert found.by_channel.shape == (0, 2)
    assert found.probability.shape == (0,)
