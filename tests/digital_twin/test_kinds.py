"""Episodes and scenarios are data; this is what the data promise."""

import pytest

from digital_twin.charted import ACTIVITIES, ACVPU
from digital_twin.coupling import COUPLINGS
from digital_twin.illnesses import ILLNESSES
from digital_twin.kinds import KINDS, SUDDEN, Kind
from digital_twin.quantities import NAMES
from digital_twin.scenarios import SCENARIOS
from digital_twin.sensors import SIGNALS

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@each_kind
def test_a_kind_moves_what_there_is(kind: Kind) -> None:
    for stage in kind.course:
        named = {*stage.targets, *stage.shifts, *stage.variability}
        assert named <= set(NAMES)
        assert not set(stage.targets) & set(stage.shifts)
        assert stage.activity in ACTIVITIES
        assert all(0 <= mind < len(ACVPU) for mind in stage.consciousness or ())
    assert set(kind.reports) <= {signal.name for signal in SIGNALS}
    assert kind.course or kind.reports or kind.silent


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.course], ids=lambda kind: kind.name
)
def test_each_stage_is_reached_before_the_next_begins(kind: Kind) -> None:
    shortest_s, longest_s = kind.duration_s
    assert shortest_s <= longest_s
    begins = [stage.begins * shortest_s for stage in kind.course]
    for stage, at_s, next_s in zip(
        kind.course, begins, [*begins[1:], shortest_s - kind.recovers_s], strict=True
    ):
        assert at_s + stage.ramp_s <= next_s


@each_kind
def test_a_kind_says_where_it_comes_from(kind: Kind) -> None:
    assert kind.source


def test_names_of_kinds_are_unique() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_what_is_coupled_is_there_and_goes_one_way() -> None:
    ends = {each.of for each in COUPLINGS}, {each.to for each in COUPLINGS}
    assert ends[0] | ends[1] <= set(NAMES)
    assert not ends[0] & ends[1]
    assert all(each.source for each in COUPLINGS)


def test_the_demo_shows_every_sudden_kind_within_its_first_half_minute() -> None:
    script = SCENARIOS["demo"].script
    soon = {each.kind.name for each in script if each.first_s < 30}
    assert soon == {kind.name for kind in SUDDEN}


def test_an_episode_is_over_before_the_script_calls_it_again() -> None:
    for each in SCENARIOS["demo"].script:
        assert each.kind.duration_s[1] < each.every_s


def test_every_illness_has_a_scenario_of_its_own() -> None:
    for kind in ILLNESSES:
        assert [each.kind for each in SCENARIOS[kind.name].script] == [kind]
