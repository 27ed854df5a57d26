"""Compare and set, and what must be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.shadow.state import (
    Shadow,
    StaleError,
    State,
    agrees,
    difference,
    report,
    want,
)

SETTINGS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3).map(float))
STATES = st.builds(State, st.integers(0, 5), SETTINGS)


@given(STATES, SETTINGS, SETTINGS)
def test_of_two_who_want_something_one_is_told_to_look_again(
    state: State, first: dict[str, float], second: dict[str, float]
) -> None:
    shadow = Shadow(state, state)
    wanted = want(shadow, first, state.version)
    assert wanted.desired.version == state.version + 1
    with pytest.raises(StaleError, match=f"version {state.version + 1} is desired"):
        want(wanted, second, state.version)


@given(STATES, STATES, SETTINGS)
def test_the_difference_is_all_that_must_change_and_no_more(
    desired: State, reported: State, changes: dict[str, float]
) -> None:
    wanted = want(Shadow(desired, reported), changes, desired.version)
    missing = difference(wanted)
    after = {**reported.settings, **missing}
    assert wanted.desired.settings.items() <= after.items()
    assert all(reported.settings.get(n) != value for n, value in missing.items())


@given(STATES, SETTINGS)
def test_what_is_reported_as_desired_leaves_nothing_to_send(
    state: State, changes: dict[str, float]
) -> None:
    wanted = want(Shadow(state, state), changes, state.version)
    done = report(wanted, wanted.desired)
    assert not difference(done)
    assert agrees(done.reported, done.desired)
    assert not agrees(State(state.version, wanted.desired.settings), done.desired)
