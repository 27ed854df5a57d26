"""A cohort's EEG: the same again, independent of others, true to its truth."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from digital_twin.brain.plan import APART_S, LASTS_S, QUIET_S, schedule
from digital_twin.brain.scalp import DISTANCES_RAD, Signal
from digital_twin.brain.seizures import Seizure
from digital_twin.eeg import Second, Setting, play, record
from tests.digital_twin.brain.spectra import band_uv2, together

ILL = Seizure(1, 5.5, 45.25)
CALM = Setting(seed=7, artefacts=0.0)


def played(
    setting: Setting = CALM,
    *,
    n: int = 4,
    count: int = 60,
    cohort: int = 0,
    ill: Sequence[Seizure] = (),
) -> list[Second]:
    onsets = ([s for s in ill if int(s.onset_s) == second] for second in range(count))
    return list(play(cohort, n, setting, onsets))


def at_s(samples_uv: Signal) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.arange(samples_uv.shape[-1]) / CALM.rate_hz


def test_the_same_seed_plays_the_same() -> None:
    setting = Setting(seed=3, artefacts=20.0)
    for one, other in zip(
        played(setting, ill=[ILL]), played(setting, ill=[ILL]), strict=True
    ):
        assert one.artefacts == other.artefacts
        assert_array_equal(one.samples_uv, other.samples_uv)


@pytest.mark.parametrize("other", [Setting(seed=8, artefacts=0.0), CALM])
def test_another_seed_or_cohort_plays_something_else(other: Setting) -> None:
    cohort = int(other == CALM)
    one, two = together(played()), together(played(other, cohort=cohort))
    assert abs(np.corrcoef(one[:, 0].ravel(), two[:, 0].ravel())[0, 1]) < 0.05


def test_a_second_has_its_samples_and_its_time() -> None:
    setting = Setting(seed=1, begins_s=0.25, rate_hz=200)
    found = played(setting, count=3)
    assert [second.at_s for second in found] == [0.25, 1.25, 2.25]
    assert {second.samples_uv.shape for second in found} == {(4, 19, 200)}
    assert {second.samples_uv.dtype for second in found} == {np.dtype(np.float32)}


def test_seizures_are_only_where_they_are_labelled() -> None:
    well, ill = together(played()), together(played(ill=[ILL]))
    changed = np.abs(ill - well).max(axis=1) > 0.0
    assert not changed[[0, 2, 3]].any()
    before = at_s(well) < ILL.onset_s
    assert not changed[1, before].any()
    during = (ILL.onset_s + 0.1 <= at_s(well)) & (at_s(well) < ILL.end_s)
    assert changed[1, during].mean() > 0.99


def test_a_seizure_is_told_when_it_begins() -> None:
    told = [(s.at_s, s.seizures) for s in played(ill=[ILL]) if s.seizures]
    assert told == [(5.0, [ILL])]


def test_behind_a_seizure_the_background_is_slow() -> None:
    well, ill = together(played()), together(played(ill=[ILL]))
    behind = at_s(well) >= ILL.end_s + 1
    slow = [band_uv2(each[1][:, behind], 0.5, 3.0).mean() for each in (well, ill)]
    assert slow[1] > 8 * slow[0]
    assert not np.abs(ill - well)[0].any()


def test_the_background_is_slow_from_the_end_on() -> None:
    change = (together(played(ill=[ILL])) - together(played()))[1]
    rate_hz, behind = CALM.rate_hz, int(ILL.end_s) + 1
    first, second = (change[:, (behind + i) * rate_hz :][:, :rate_hz] for i in (0, 1))
    assert first[:, : rate_hz // 4].std() > 0.5 * second.std()


def test_electrodes_near_the_focus_are_reached_first() -> None:
    change = np.abs(together(played(ill=[ILL])) - together(played()))[1]
    seen = change[:, : 44 * CALM.rate_hz] > 1.0
    reached = np.flatnonzero(seen.any(axis=1))
    first_s = {int(i): float(seen[i].argmax()) for i in reached}
    order = sorted(first_s, key=lambda i: first_s[i])
    far_rad = DISTANCES_RAD[order[0], order]
    assert len(order) > 3
    assert (np.diff(far_rad) > -0.15).all()


def test_artefacts_are_only_where_they_are_labelled_and_change_no_rhythm() -> None:
    calm = together(played())
    restless = played(Setting(seed=7, artefacts=20.0))
    changed = np.abs(together(restless) - calm).max(axis=1) > 0.0
    told = [each for second in restless for each in second.artefacts]
    assert len({each.kind for each in told}) >= 3
    labelled = np.zeros_like(changed)
    for patient, _, onset_s, end_s in told:
        labelled[patient] |= (onset_s <= at_s(calm)) & (at_s(calm) < end_s)
    assert not (changed & ~labelled).any()
    assert changed[labelled].mean() > 0.9


def test_a_recording_has_its_seizures_and_its_truth() -> None:
    found = list(record(3_600, seed=1, n_seizures=3))
    told = [seizure for second in found for seizure in second.seizures]
    assert len(found) == 3_600
    assert len(told) == 3
    loudness = np.array([second.samples_uv.std() for second in found])
    ill = np.zeros(3_600, bool)
    for _, onset_s, end_s in told:
        ill[int(onset_s) + 15 : int(end_s)] = True
    assert np.median(loudness[ill]) > 2 * np.median(loudness[~ill])


def test_a_recording_is_the_same_again_however_far_it_is_read() -> None:
    short = together(itertools.islice(record(2_000, seed=5, n_seizures=1), 20))
    again = together(itertools.islice(record(2_000, seed=5, n_seizures=1), 20))
    assert_array_equal(short, again)


@pytest.mark.parametrize("seed", range(5))
def test_a_days_seizures_are_apart_and_all_within_it(seed: int) -> None:
    day_s = 86_400.0
    found = schedule(day_s, 20, np.random.default_rng(seed))
    onsets = np.array([each.onset_s for each in found])
    ends = np.array([each.end_s for each in found])
    assert len(found) == 20
    assert onsets[0] >= QUIET_S
    assert (onsets[1:] - ends[:-1] >= APART_S).all()
    assert ends[-1] <= day_s
    lasts_s = ends - onsets
    assert lasts_s.min() >= LASTS_S[0]
    assert lasts_s.max() <= LASTS_S[1]
    assert np.diff(onsets).std() > 60


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="20 seizures do not fit into 3600 s"):
        schedule(3_600, 20, np.random.default_rng(1))


def test_power_neither_rises_nor_falls() -> None:
    found = [float((s.samples_uv**2).mean()) for s in played(n=32, count=300)]
    assert_allclose(np.mean(found[:150]), np.mean(found[150:]), rtol=0.3)
