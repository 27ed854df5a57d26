"""Artefacts are where they are labelled, on the electrodes that they are of."""

import itertools
from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from digital_twin.brain import artefacts, vigilance
from digital_twin.brain.artefact_kinds import KINDS, Kind
from digital_twin.brain.scalp import ELECTRODES, Signal
from digital_twin.cohort import streams
from digital_twin.eeg import RATE_HZ
from digital_twin.episodes import NOTHING
from tests.digital_twin.brain.spectra import band_uv2

ONSET_S, END_S = 2.25, 6.5
AT_S = np.arange(10 * RATE_HZ) / RATE_HZ
DURING = (ONSET_S <= AT_S) & (AT_S < END_S)
AN_HOUR = 3_600

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def disturbed(kind: Kind, *, amplitude_uv: float = 100.0, electrode: int = 5) -> Signal:
    """Return what an artefact makes of ten seconds of 1 uV."""
    samples_uv = np.ones((1, len(ELECTRODES), AT_S.size), np.float32)
    state = artefacts.State(
        kind=np.array([KINDS.index(kind)]),
        onset_s=np.array([ONSET_S]),
        end_s=np.array([END_S]),
        electrode=np.array([electrode]),
        amplitude_uv=np.array([amplitude_uv]),
    )
    artefacts.disturb(samples_uv, state, AT_S, 50.0, np.random.default_rng(1))
    return np.asarray(samples_uv[0])


def louder_uv(found: Signal, name: str) -> float:
    return float(np.abs(found[ELECTRODES.index(name)] - 1.0).max())


@each_kind
def test_it_is_seen_while_it_lasts_and_only_then(kind: Kind) -> None:
    found = disturbed(kind)
    assert_array_equal(found[:, ~DURING], 1.0)
    assert (found[:, DURING] != 1.0).any()


@each_kind
def test_a_single_electrode_is_alone(kind: Kind) -> None:
    found = disturbed(kind)
    changed = (np.abs(found - 1.0).max(axis=1) > 1.0) | (found == 0.0).any(axis=1)
    assert changed[5]
    assert (int(changed.sum()) == 1) == kind.single


def named(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)


def test_blinks_are_in_front_and_slow() -> None:
    found = disturbed(named("blink"))
    assert louder_uv(found, "Fp1") == pytest.approx(100.0, rel=0.05)
    assert louder_uv(found, "Fp1") > 2 * louder_uv(found, "F7") > 20
    assert louder_uv(found, "O1") < 1
    front = found[0] - found[0].mean()
    assert band_uv2(front, 0, 6) > 20 * band_uv2(front, 6, 128)


@pytest.mark.parametrize("name", ["muscle", "chewing"])
def test_muscles_are_at_the_temples_and_fast(name: str) -> None:
    found = disturbed(named(name))
    assert louder_uv(found, "T7") > 4 * louder_uv(found, "Cz")
    temple = found[ELECTRODES.index("T7")]
    assert band_uv2(temple, 20, 128) > 5 * band_uv2(temple, 0.5, 20)


def test_muscle_has_the_amplitude_that_it_says() -> None:
    temple = disturbed(named("muscle"))[ELECTRODES.index("T7"), DURING]
    assert temple.std() == pytest.approx(100.0, rel=0.1)


def test_a_pop_jumps_and_falls_back() -> None:
    row = disturbed(named("electrode_pop"))[5, DURING]
    assert row[0] == pytest.approx(101.0, abs=2)
    assert row[RATE_HZ] < 10
    assert (np.diff(row) < 0).all()


def test_mains_hum_at_fifty_everywhere() -> None:
    found = disturbed(named("mains"))
    assert (np.abs(found).max(axis=1) > 50).all()
    assert band_uv2(found[3], 48, 52) > 20 * band_uv2(found[3], 2, 45)


def test_an_electrode_that_is_off_shows_nothing() -> None:
    found = disturbed(named("electrode_off"), electrode=5)
    assert_array_equal(found[5, DURING], 0.0)
    assert_array_equal(found[4], 1.0)


def awake(n: int, *, eyes_open: bool, drift: float = 0.0) -> vigilance.State:
    return vigilance.State(drift=np.full(n, drift), eyes_open=np.full(n, eyes_open))


def hour_of(
    how: vigilance.State, often: float = 1.0
) -> tuple[list[artefacts.Artefact], list[artefacts.State]]:
    rng = streams(5, 0)["artefacts"]
    state, told, states = artefacts.initial(how.drift.size), [], []
    for second in range(AN_HOUR):
        state, new = artefacts.step(state, how, float(second), often, rng)
        told += new
        states.append(state)
    return told, states


def test_each_kind_comes_as_often_as_it_says() -> None:
    told, _ = hour_of(awake(40, eyes_open=False))
    often = Counter(each.kind for each in told)
    assert "blink" not in often
    for kind in KINDS:
        if not kind.eyes_open:
            expected = 40 * kind.per_hour
            spread = 4 * np.sqrt(expected) + 0.15 * expected
            assert often[kind.name] == pytest.approx(expected, abs=spread)


def test_eyes_blink_while_they_are_open_and_sleepers_lie_still() -> None:
    told, _ = hour_of(awake(8, eyes_open=True))
    assert Counter(each.kind for each in told)["blink"] > 8 * 200
    sleeping, _ = hour_of(awake(8, eyes_open=False, drift=vigilance.ASLEEP))
    assert {each.kind for each in sleeping} <= {k.name for k in KINDS if k.asleep_too}


def test_a_patient_has_one_at_a_time_and_each_is_told_once() -> None:
    told, states = hour_of(awake(8, eyes_open=True))
    for patient in range(8):
        own = [each for each in told if each.patient == patient]
        assert len(own) > 50
        for before, behind in itertools.pairwise(own):
            assert before.end_s <= behind.onset_s + 1.0
    lasted = {KINDS[k].name for state in states for k in state.kind if k != NOTHING}
    assert lasted == {each.kind for each in told}


def test_what_is_told_lasts_as_long_as_its_kind() -> None:
    for each in hour_of(awake(8, eyes_open=True))[0]:
        shortest_s, longest_s = named(each.kind).duration_s
        assert shortest_s <= each.end_s - each.onset_s + 1e-9
        assert each.end_s - each.onset_s <= longest_s + 1e-9


def test_without_artefacts_there_are_none() -> None:
    assert hour_of(awake(8, eyes_open=True), often=0.0)[0] == []
