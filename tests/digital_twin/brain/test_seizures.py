"""Seizures are where they are labelled, and run the course that they say."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from digital_twin.brain import seizures
from digital_twin.brain.scalp import DISTANCES_RAD, ELECTRODES, Signal
from digital_twin.brain.seizures import Seizure
from tests.digital_twin.brain.spectra import dominant_hz

RATE_HZ = 256
ONSET_S, END_S = 10.25, 80.5
AT_S = np.arange(100 * RATE_HZ) / RATE_HZ


def seized(n: int = 12) -> seizures.State:
    begun = [Seizure(i, ONSET_S, END_S) for i in range(n)]
    rng = np.random.default_rng(3)
    return seizures.begin(seizures.initial(n), begun, rng)


STATE = seized()
WAVES = seizures.waves_uv(STATE, np.arange(12), AT_S)
DURING = (ONSET_S <= AT_S) & (AT_S < END_S)


def focal(patient: int) -> Signal:
    return np.asarray(WAVES[patient, STATE.focus[patient]])


def part(signal: Signal, from_s: float, to_s: float) -> Signal:
    return signal[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]


def arrivals_s(patient: int) -> dict[int, float]:
    """Return when each electrode that is reached sees the first of it."""
    seen = np.abs(WAVES[patient]) > 1.0
    return {i: float(AT_S[row.argmax()]) for i, row in enumerate(seen) if row.any()}


def test_there_is_nothing_before_and_after() -> None:
    assert_array_equal(WAVES[..., ~DURING], 0.0)
    assert (np.abs(WAVES[..., DURING]).max(axis=-1) > 0.0).any(axis=1).all()


@pytest.mark.parametrize("patient", range(12))
def test_it_begins_at_the_focus_and_reaches_the_near_first(patient: int) -> None:
    at_s = arrivals_s(patient)
    far_rad = DISTANCES_RAD[STATE.focus[patient]]
    by_distance = sorted(at_s, key=lambda i: far_rad[i])
    assert by_distance[0] == STATE.focus[patient]
    assert at_s[by_distance[0]] == pytest.approx(ONSET_S, abs=0.5)
    for i in by_distance:
        expected_s = ONSET_S + far_rad[i] / STATE.rad_per_s[patient]
        assert at_s[i] == pytest.approx(expected_s, abs=0.5)


@pytest.mark.parametrize("patient", range(12))
def test_it_stays_within_its_reach(patient: int) -> None:
    far_rad = DISTANCES_RAD[STATE.focus[patient]]
    within = {i for i, rad in enumerate(far_rad) if rad <= STATE.reach_rad[patient]}
    assert set(arrivals_s(patient)) == within
    assert len(within) >= 4


@pytest.mark.parametrize("patient", range(12))
def test_it_slows_from_eight_to_three_hertz_while_it_grows(patient: int) -> None:
    wave = focal(patient)
    early, late = (
        part(wave, ONSET_S + 1, ONSET_S + 4),
        part(wave, END_S - 6, END_S - 1),
    )
    assert 6.0 < dominant_hz(early) < 9.5
    assert 2.3 < dominant_hz(late) < 4.2
    assert late.std() > 1.8 * early.std()


@pytest.mark.parametrize("patient", range(12))
def test_its_amplitude_is_a_seizures(patient: int) -> None:
    late = part(focal(patient), END_S - 6, END_S - 1)
    assert 70.0 <= np.abs(late).max() <= 1.75 * 160.0


def test_it_leaves_the_background_slow_for_minutes() -> None:
    at = [seizures.slowing(STATE, at_s)[0] for at_s in (ONSET_S, END_S, END_S + 60)]
    assert at[0] == 0.0
    assert at[1] == 1.0
    assert at[2] == pytest.approx(np.exp(-1))
    assert seizures.slowing(seizures.initial(3), 0.0).tolist() == [0.0] * 3


def test_who_is_ill_is_known_by_the_second() -> None:
    state = seizures.begin(
        seizures.initial(3), [Seizure(1, 4.5, 9.0)], np.random.default_rng(1)
    )
    ill = {s: seizures.ill(state, s, s + 1).tolist() for s in (3, 4, 8, 9)}
    assert ill == {3: [], 4: [1], 8: [1], 9: []}


def test_no_two_are_the_same() -> None:
    assert len(set(STATE.peak_uv.tolist())) == 12
    assert len({ELECTRODES[i] for i in STATE.focus}) > 4
