"""Episodes and scenarios are data; this is what the data promise."""

import pytest

from digital_twin.kinds import KINDS, Kind
from digital_twin.scenarios import SCENARIOS
from digital_twin.sensors import SIGNALS
from digital_twin.vital_signs import QUANTITIES

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@each_kind
def test_a_kind_moves_what_there_is(kind: Kind) -> None:
    assert set(kind.targets) <= {quantity.name for quantity in QUANTITIES}
    assert set(kind.reports) <= {signal.name for signal in SIGNALS}
    assert kind.targets or kind.reports or kind.silent


@each_kind
def test_a_course_has_time_to_reach_its_target(kind: Kind) -> None:
    shortest_s, longest_s = kind.duration_s
    assert 2 * kind.ramp_s < shortest_s <= longest_s


@each_kind
def test_a_kind_says_where_it_comes_from(kind: Kind) -> None:
    assert kind.source


def test_names_of_kinds_are_unique() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_the_demo_shows_every_kind_within_its_first_half_minute() -> None:
    script = SCENARIOS["demo"].script
    soon = {each.kind.name for each in script if each.first_s < 30}
    assert soon == {kind.name for kind in KINDS}


def test_an_episode_is_over_before_the_script_calls_it_again() -> None:
    for each in SCENARIOS["demo"].script:
        assert each.kind.duration_s[1] < each.every_s
