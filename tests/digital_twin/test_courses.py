"""An episode moves what its stages name, to where they say, and back."""

from collections.abc import Mapping

import numpy as np
import pytest

from digital_twin import baselines, episodes, trends, vital_signs
from digital_twin.cohort import Array, streams
from digital_twin.kinds import KINDS, Kind
from digital_twin.populations import HEALTHY
from digital_twin.quantities import NAMES, QUANTITIES
from digital_twin.trends import Patients

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
    rng = streams(7, 0)["physiology"]
    body = vital_signs.initial(N, HEALTHY, rng)
    baseline = baselines.initial(N, HEALTHY, NOON_H, rng)
    baseline = baselines.step(
        baseline, at_s, HEALTHY, NOON_H, ill=np.zeros(N, dtype=bool), rng=rng
    )
    states = [
        episodes.State(
            kind=np.full(N, number),
            onset_s=np.full(N, ONSET_S),
            end_s=np.full(N, end_s(kind)),
            gravity=np.full(N, gravity),
        )
        for number in (KINDS.index(kind), episodes.NOTHING)
    ]
    on_oxygen = np.zeros(N, dtype=np.int64)
    ill, well = (
        trends.initial(
            Patients(body, baseline, state, on_oxygen, NOON_H, tells_activity=True),
            np.full(N, at_s),
        )
        for state in states
    )
    return ill, well


def of(state: trends.State) -> Mapping[str, Array]:
    return dict(zip(NAMES, state.levels.astype(float), strict=True))


@each_kind
@pytest.mark.parametrize("gravity", [0.0, 1.0])
def test_a_course_reaches_the_target_of_its_last_stage(
    kind: Kind, gravity: float
) -> None:
    at_s = end_s(kind) - kind.recovers_s - 1.0
    ill, well = course(kind, at_s=at_s, gravity=gravity)
    last: dict[str, tuple[float, float]] = {}
    for stage in kind.course:
        last |= stage.targets
    for name, target in last.items():
        np.testing.assert_allclose(of(ill)[name], target[int(gravity)], rtol=1e-4)
    untouched = {q.name for q in QUANTITIES} - {
        name for stage in kind.course for name in {*stage.targets, *stage.shifts}
    }
    for name in untouched - {"heart_rate_bpm", "respiratory_rate_per_min"}:
        np.testing.assert_allclose(of(ill)[name], of(well)[name], rtol=1e-5)


@each_kind
@pytest.mark.parametrize("before", [True, False])
def test_before_and_after_all_is_as_it_would_have_been(
    kind: Kind, *, before: bool
) -> None:
    ill, well = course(kind, 0.0 if before else end_s(kind))
    np.testing.assert_allclose(ill.levels, well.levels, rtol=1e-5)
    np.testing.assert_allclose(ill.spreads, well.spreads, rtol=1e-5)
    np.testing.assert_array_equal(ill.chart, well.chart)


@each_kind
def test_the_way_back_is_a_straight_line(kind: Kind) -> None:
    """Half of the way back, half of what was moved is left, coupled or not."""
    back_s = kind.recovers_s
    moved = [
        of(ill)[name] - of(well)[name]
        for ill, well in (
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
    tachycardia = PHYSIOLOGICAL[0]
    ill, _ = course(tachycardia, at_s=ONSET_S + 1.0)
    ramp_s = tachycardia.course[0].ramp_s
    np.testing.assert_allclose(ill.until_s, ONSET_S + ramp_s)


def test_a_steady_rhythm_varies_less_than_a_healthy_one() -> None:
    ill, well = course(PHYSIOLOGICAL[0], at_s=150.0)
    assert (ill.spreads[0] < well.spreads[0] / 2).all()
