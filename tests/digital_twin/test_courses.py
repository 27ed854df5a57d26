"""An episode moves what its stages name, to where they say, and back."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from digital_twin import bends, trends
from digital_twin.cohort import Array
from digital_twin.coupling import COUPLINGS
from digital_twin.episodes import under_way
from digital_twin.kinds import DESATURATION, KINDS, TACHYCARDIA, Kind
from digital_twin.minutes import Minute
from digital_twin.quantities import NAMES, QUANTITIES
from tests.digital_twin.patients import at, ill, patients

N = 64
PHYSIOLOGICAL = [kind for kind in KINDS if kind.course]
ONSET_S = 100.0
NOON_H = 12.0

each_kind = pytest.mark.parametrize("kind", PHYSIOLOGICAL, ids=lambda kind: kind.name)


def end_s(kind: Kind) -> float:
    return ONSET_S + kind.duration_s[0]


def course(
    kind: Kind, at_s: float, gravity: float = 0.0
) -> tuple[trends.State, trends.State]:
    """Return the lines of 64 patients in the episode, and of the same when well."""
    sick, well = (
        at(at_s, ill(each, N, ONSET_S, end_s(kind), gravity), NOON_H)[1]
        for each in (kind, None)
    )
    return sick, well


def of(state: trends.State) -> Mapping[str, Array]:
    return dict(zip(NAMES, trends.middles(state).astype(float), strict=True))


def spreads(state: trends.State) -> Array:
    return bends.parts(state.lines)[2].astype(float)


@each_kind
@pytest.mark.parametrize("gravity", [0.0, 1.0])
def test_a_course_reaches_the_target_of_its_last_stage(
    kind: Kind, gravity: float
) -> None:
    at_s = end_s(kind) - kind.recovers_s - 1.0
    sick, well = course(kind, at_s=at_s, gravity=gravity)
    last: dict[str, tuple[float, float]] = {}
    for stage in kind.course:
        last |= stage.targets
    for name, target in last.items():
        np.testing.assert_allclose(of(sick)[name], target[int(gravity)], rtol=1e-4)
    untouched = {q.name for q in QUANTITIES} - {
        name for stage in kind.course for name in {*stage.targets, *stage.shifts}
    }
    for name in untouched - {"heart_rate_bpm", "respiratory_rate_per_min"}:
        np.testing.assert_allclose(of(sick)[name], of(well)[name], rtol=1e-5)


@each_kind
@pytest.mark.parametrize("before", [True, False])
def test_before_and_after_all_is_as_it_would_have_been(
    kind: Kind, *, before: bool
) -> None:
    sick, well = course(kind, 0.0 if before else end_s(kind))
    np.testing.assert_allclose(
        trends.middles(sick), trends.middles(well), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(spreads(sick), spreads(well), rtol=1e-5)
    np.testing.assert_array_equal(sick.chart, well.chart)


@each_kind
def test_the_way_back_is_a_straight_line(kind: Kind) -> None:
    """Half of the way back, half of what was moved is left, coupled or not."""
    back_s = kind.recovers_s
    moved = [
        of(sick)[name] - of(well)[name]
        for sick, well in (
            course(kind, end_s(kind) - back_s),
            course(kind, end_s(kind) - back_s / 2.0),
        )
        for name in ("systolic_mmhg", "temperature_c")
    ]
    slow_s = 60.0
    if back_s < slow_s:
        np.testing.assert_allclose(moved[2], moved[0] / 2.0, atol=0.05)
    assert (np.abs(moved[2]) <= np.abs(moved[0]) + 1e-3).all()


def test_a_line_ends_where_its_course_bends() -> None:
    """A minute in which tachycardia begins bends twice: there, and at its top."""
    tachycardia = PHYSIOLOGICAL[0]
    state = ill(tachycardia, 1, ONSET_S, end_s(tachycardia))
    minute = Minute(mark_s=90.0, first=90, until=150, period_s=1.0)
    ahead = trends.drawn(patients(state, 90.0, NOON_H), minute).ahead
    begins = [i for i, n in enumerate(np.diff(ahead.turns), start=90) if n]
    ramp_s = tachycardia.course[0].ramp_s
    assert begins == [ONSET_S + 1, ONSET_S + ramp_s + 1]


@each_kind
@pytest.mark.parametrize("phase", [0.3, 0.7])
@pytest.mark.parametrize("period_s", [1.0, 7.0, 90.0])
def test_what_is_drawn_ahead_is_where_everybody_comes(
    kind: Kind, phase: float, period_s: float
) -> None:
    """A minute drawn at once tells what each of its readings drawn alone would.

    What follows from another quantity (``coupling``) may bend between two corners.
    """
    straight = [name not in {each.to for each in COUPLINGS} for name in NAMES]
    shortest_s = end_s(kind) - ONSET_S
    for mark_s in ONSET_S + np.linspace(-30.0, shortest_s, 5):
        who = patients(
            ill(kind, 2, ONSET_S, end_s(kind), 0.5), mark_s, NOON_H, phase=phase
        )
        first = int(np.ceil(mark_s / period_s))
        until = max(first + 1, int((mark_s + 60.0) / period_s))
        minute = Minute(mark_s, first, until, period_s)
        state = trends.drawn(who, minute)
        for seq in range(first, until):
            state = trends.step(state, seq, minute) if seq > first else state
            alone = trends.drawn(who, minute._replace(first=seq, until=seq + 1))
            np.testing.assert_allclose(
                trends.middles(state)[straight],
                trends.middles(alone)[straight],
                atol=0.05,
            )
            np.testing.assert_array_equal(state.chart, alone.chart)


def test_one_episode_follows_another_within_a_minute() -> None:
    """The earlier one comes back to rest, and the later one is on its own."""
    first, second = TACHYCARDIA, DESATURATION
    once, gone_s = ill(first, 1, 20.0, 100.2), 101.4
    later = ill(second, 1, gone_s, gone_s + 90.0)
    minute = Minute(mark_s=90.0, first=90, until=150, period_s=1.0)
    planned = under_way(later, minute)._replace(period=np.array([101]))
    both = replace(once, planned=planned, turns=minute.turns(planned.period))
    played, before, after = (
        trends.drawn(patients(each, 90.0, NOON_H, phase=0.5), minute)
        for each in (both, once, later)
    )
    for seq in range(91, 150):
        played, before, after = (
            trends.step(each, seq, minute) for each in (played, before, after)
        )
        alone = before if seq + 0.5 < gone_s else after
        np.testing.assert_array_equal(trends.middles(played), trends.middles(alone))


def test_a_steady_rhythm_varies_less_than_a_healthy_one() -> None:
    sick, well = course(PHYSIOLOGICAL[0], at_s=150.0)
    assert (spreads(sick)[0] < spreads(well)[0] / 2).all()
