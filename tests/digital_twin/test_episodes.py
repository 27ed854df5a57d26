"""Who falls ill, when, and for how long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.cohort import streams
from digital_twin.episodes import NOTHING, State, initial, step
from digital_twin.kinds import DESATURATION, KINDS, TACHYCARDIA
from digital_twin.minutes import minute
from digital_twin.onsets import STAGGER_S
from digital_twin.scenarios import SCENARIOS, Scenario, Scripted

Begun = list[tuple[int, str, float, float]]


def played(
    scenario: Scenario, *, n: int, seconds: int, dt_s: float = 1.0, seed: int = 7
) -> tuple[State, Begun]:
    rng = streams(seed, 0)["episodes"]
    state, begun = initial(n, scenario, rng), []
    now = minute(0, 0.3, dt_s)
    for seq in range(round(seconds / dt_s)):
        now = minute(seq, 0.3, dt_s) if seq == now.until else now
        state, new = step(state, seq, now, scenario, rng)
        begun += [
            (int(i), KINDS[state.kind[i]].name, state.onset_s[i], state.end_s[i])
            for i in new
        ]
    return state, begun


def test_nothing_happens_to_the_calm() -> None:
    state, begun = played(SCENARIOS["calm"], n=64, seconds=3600)
    assert begun == []
    assert (state.kind == NOTHING).all()


def test_a_script_is_kept_and_repeated() -> None:
    scenario = Scenario(doc="", script=(Scripted(TACHYCARDIA, 10.0, 200.0),))
    _, begun = played(scenario, n=8, seconds=500)
    onsets = [onset_s for _, _, onset_s, _ in begun]
    assert [name for _, name, _, _ in begun] == ["tachycardia"] * 3
    np.testing.assert_allclose(onsets, [12.5, 212.5, 412.5], atol=STAGGER_S / 2)


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 30.0])
def test_a_script_does_not_depend_on_the_time_step(dt_s: float) -> None:
    _, begun = played(SCENARIOS["demo"], n=32, seconds=600, dt_s=dt_s)
    _, again = played(SCENARIOS["demo"], n=32, seconds=600, dt_s=1.0)
    assert sorted(each[1] for each in begun) == sorted(each[1] for each in again)


def test_a_patient_with_a_number_has_that_and_nothing_else() -> None:
    script = (
        Scripted(DESATURATION, 1.0, 200.0),
        Scripted(TACHYCARDIA, 2.0, 200.0, patient=0),
    )
    _, begun = played(Scenario(doc="", script=script), n=2, seconds=4000)
    assert {(patient, name) for patient, name, _, _ in begun} == {
        (0, "tachycardia"),
        (1, "desaturation"),
    }
    assert len(begun) == 40


def test_a_patient_whom_there_is_not_has_nothing() -> None:
    script = (Scripted(TACHYCARDIA, 2.0, 200.0, patient=2),)
    assert played(Scenario(doc="", script=script), n=2, seconds=60)[1] == []


def test_a_script_does_without_when_nobody_is_well() -> None:
    twice = (Scripted(TACHYCARDIA, 1.0, 900.0), Scripted(DESATURATION, 2.0, 900.0))
    _, begun = played(Scenario(doc="", script=twice), n=1, seconds=60)
    assert [name for _, name, _, _ in begun] == ["tachycardia"]


@pytest.mark.parametrize("name", ["busy", "storm"])
@pytest.mark.parametrize("seconds", [0, 60, 900])
def test_the_share_of_the_ill_is_as_announced_at_any_time(
    name: str, seconds: int
) -> None:
    scenario = SCENARIOS[name]
    state, _ = played(scenario, n=8192, seconds=seconds)
    share = (state.end_s > seconds).mean()
    assert share == pytest.approx(scenario.share, rel=0.2)


@given(
    seed=st.integers(0, 2**32),
    dt_s=st.sampled_from([0.5, 1.0, 10.0]),
    name=st.sampled_from(sorted(SCENARIOS)),
)
def test_a_patient_has_one_episode_at_a_time_of_its_kinds_length(
    seed: int, dt_s: float, name: str
) -> None:
    _, begun = played(SCENARIOS[name], n=16, seconds=300, dt_s=dt_s, seed=seed)
    kinds = {kind.name: kind for kind in KINDS}
    free_s: dict[int, float] = {}
    for patient, kind, onset_s, end_s in begun:
        shortest_s, longest_s = kinds[kind].duration_s
        assert shortest_s - 1e-6 <= end_s - onset_s <= longest_s + 1e-6
        assert onset_s >= free_s.get(patient, 0.0) - dt_s
        free_s[patient] = end_s


def test_step_does_not_touch_the_state_it_is_given() -> None:
    rng = streams(7, 0)["episodes"]
    before = initial(64, SCENARIOS["storm"], rng)
    kept = before.kind.copy()
    step(before, 0, minute(0, 0.3, 60.0), SCENARIOS["storm"], rng)
    np.testing.assert_array_equal(before.kind, kept)
