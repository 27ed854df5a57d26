"""An episode moves what its kind names, to where it says, and back."""

from collections.abc import Mapping

import numpy as np
import pytest

from digital_twin import episodes, vital_signs
from digital_twin.cohort import Array, streams
from digital_twin.courses import levels
from digital_twin.kinds import KINDS, Kind
from digital_twin.vital_signs import QUANTITIES

PHYSIOLOGICAL = [kind for kind in KINDS if kind.targets]
ONSET_S, END_S = 100.0, 200.0

each_kind = pytest.mark.parametrize("kind", PHYSIOLOGICAL, ids=lambda kind: kind.name)


def course(kind: Kind, at_s: float, gravity: float = 0.0) -> tuple[Array, Array]:
    """Return the levels of 64 patients in the episode, and of the same when well."""
    body = vital_signs.initial(64, streams(7, 0)["physiology"])
    ill = episodes.State(
        kind=np.full(64, KINDS.index(kind)),
        onset_s=np.full(64, ONSET_S),
        end_s=np.full(64, END_S),
        gravity=np.full(64, gravity),
    )
    return levels(body, ill, np.full(64, at_s)), body.set_points + body.deviations


def of(values: Array) -> Mapping[str, Array]:
    return {q.name: row for q, row in zip(QUANTITIES, values, strict=True)}


@each_kind
@pytest.mark.parametrize("gravity", [0.0, 1.0])
def test_a_course_reaches_its_target(kind: Kind, gravity: float) -> None:
    ill, _ = course(kind, at_s=150.0, gravity=gravity)
    for name, target in kind.targets.items():
        within = next(q.within for q in QUANTITIES if q.name == name)
        assert of(ill)[name].mean() == pytest.approx(target[int(gravity)], abs=within)


@each_kind
@pytest.mark.parametrize("at_s", [0.0, ONSET_S, END_S, 1000.0])
def test_before_and_after_all_is_as_it_would_have_been(kind: Kind, at_s: float) -> None:
    ill, well = course(kind, at_s)
    np.testing.assert_allclose(ill, well)


@each_kind
def test_a_course_rises_and_falls_over_its_ramp(kind: Kind) -> None:
    name, _ = next(iter(kind.targets.items()))
    half_s = kind.ramp_s / 2.0
    (rising, well), (full, _) = course(kind, ONSET_S + half_s), course(kind, 150.0)
    falling, _ = course(kind, END_S - half_s)
    np.testing.assert_allclose(rising, falling)
    np.testing.assert_allclose(of(rising)[name], (of(well)[name] + of(full)[name]) / 2)


def test_a_steady_rhythm_varies_less_than_a_healthy_one() -> None:
    tachycardia = PHYSIOLOGICAL[0]
    ill, well = course(tachycardia, at_s=150.0)
    assert of(ill)["heart_rate_bpm"].std() < of(well)["heart_rate_bpm"].std() / 2
