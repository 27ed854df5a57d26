"""The same brain behind another amplifier gets the same decision."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from eeg.course import Course, course
from eeg.events import Event, events
from eeg.recording import Recording
from eeg.recordings import read
from eeg.scoring import Scorer
from eeg.window import Window
from tests.eeg.waves import Array, brainlike, times_s

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("VIGIL_DATA", ROOT.parent / "shared/data"))
ARCHIVE = DATA / "eeg_bonn/recordings.npz"

SCORER = Scorer.load()
NEAR = 0.03
"""A tree decides at a point: a rounding may take one across, of eighty."""

gains = st.floats(0.2, 5)
offsets_uv = st.floats(-500, 500)


def heads() -> Array:
    """Return calm channels, and some with spikes and waves."""
    rng = np.random.default_rng(11)
    rows = brainlike(rng, 12)
    spikes = 400 * np.abs(np.sin(np.pi * 3 * times_s(256.0))) ** 12
    rows[6:] += spikes.astype(np.float32)
    return rows


def scored(rows: Array) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    names = tuple(f"C{n}" for n in range(len(rows)))
    [found] = SCORER.score([Window(256.0, names, rows.astype(np.float32))])
    return found.quality, found.probability


PLAIN = scored(heads())


def test_the_two_kinds_are_told_apart() -> None:
    _, probability = PLAIN
    assert (probability[:6] < SCORER.threshold).all()
    assert (probability[6:] >= SCORER.threshold).all()


@settings(max_examples=40, deadline=None)
@given(gain=gains, offset_uv=offsets_uv, sign=st.sampled_from([-1, 1]))
def test_gain_offset_and_polarity_change_no_decision(
    gain: float, offset_uv: float, sign: int
) -> None:
    quality, probability = scored(sign * gain * heads() + offset_uv)
    assert quality == PLAIN[0]
    assert probability == pytest.approx(PLAIN[1], abs=NEAR)
    fires, fired = probability >= SCORER.threshold, PLAIN[1] >= SCORER.threshold
    assert (fires == fired).all()


@settings(max_examples=20, deadline=None)
@given(gain=gains, offset_uv=offsets_uv)
def test_counting_in_tenths_of_a_microvolt_changes_no_decision(
    gain: float, offset_uv: float
) -> None:
    _, probability = scored(np.round(10 * (gain * heads() + offset_uv)) / 10)
    fires, fired = probability >= SCORER.threshold, PLAIN[1] >= SCORER.threshold
    assert (fires == fired).all()


def events_of(found: Course) -> list[Event]:
    return events(
        found.at_s, found.probability, found.log_line_length, SCORER.threshold
    )


def scaled(recording: Recording, gain: float, offset_uv: float) -> Recording:
    return Recording(
        name=recording.name,
        rate_hz=recording.rate_hz,
        channels=recording.channels,
        counts=recording.counts,
        uv_per_count=recording.uv_per_count * gain,
        offset_uv=recording.offset_uv * gain + offset_uv,
    )


@pytest.mark.skipif(not ARCHIVE.exists(), reason=f"no recordings: {ARCHIVE}")
@pytest.mark.parametrize(("gain", "offset_uv"), [(0.2, 300.0), (5.0, -50.0)])
def test_scaled_and_offset_recordings_have_the_same_events(
    gain: float, offset_uv: float
) -> None:
    for recording in read(ARCHIVE)[::15]:
        plain = course(SCORER, [recording])
        copy = course(SCORER, [scaled(recording, gain, offset_uv)])
        found, expected = events_of(copy), events_of(plain)
        assert [each[:3] for each in found] == [each[:3] for each in expected]
        for one, other in zip(found, expected, strict=True):
            assert one.confidence == pytest.approx(other.confidence, abs=NEAR)
