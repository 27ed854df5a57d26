"""What an episode does to the body: stage after stage, and back.

Everything goes along straight lines, so between two corners of a course nothing has
to be computed anew.
"""

import itertools
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.charted import ACTIVITIES
from digital_twin.cohort import Array
from digital_twin.coupling import answer
from digital_twin.kinds import KINDS
from digital_twin.onsets import Index, Onsets
from digital_twin.quantities import FLUTTERING, NAMES
from digital_twin.stages import Stage
from digital_twin.vital_signs import Level

_LENGTH: Final = np.array([len(kind.course) for kind in KINDS])
_STAGES: Final = max(len(kind.course) for kind in KINDS)
_ABRUPT_S: Final = 1e-3
_QUANTITIES: Final = len(NAMES)
_UNTOUCHED: Final = (np.nan, np.nan)
_NEVER: Final = np.inf
AS_CHARTED: Final = -1

COURSE: Final = np.array([*[bool(kind.course) for kind in KINDS], False])
"""Whether a kind, or last ``NOTHING``, does anything to the body."""


def _table(of: Callable[[Stage], object], otherwise: object) -> NDArray[np.float64]:
    """Return one number of each stage of each kind, shape (stages, kinds, ...).

    What a stage says nothing about is as in the stage before.
    """
    rows = []
    for kind in KINDS:
        own = [of(stage) for stage in kind.course]
        rows.append([*own, *[otherwise] * (_STAGES - len(own))])
    return np.moveaxis(np.array(rows, dtype=float), 0, 1)


def _kept(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``table`` with what a stage does not name taken from the one before."""
    for before, after in itertools.pairwise(table):
        missing = np.isnan(after)
        after[missing] = before[missing]
    return table


def _ranges(field: str) -> NDArray[np.float64]:
    def of(stage: Stage) -> list[tuple[float, float]]:
        return [getattr(stage, field).get(name, _UNTOUCHED) for name in NAMES]

    return _kept(_table(of, [_UNTOUCHED] * len(NAMES)))


def _number(said: bool | None) -> float:  # noqa: FBT001 - what a stage says
    return np.nan if said is None else float(said)


_BEGINS: Final = _table(lambda stage: stage.begins, _NEVER)
_RAMP_S: Final = _table(lambda stage: max(stage.ramp_s, _ABRUPT_S), _ABRUPT_S)
_RECOVERS_S: Final = np.array([max(kind.recovers_s, _ABRUPT_S) for kind in KINDS])
_TARGET: Final = _ranges("targets")
_SHIFT: Final = np.nan_to_num(_ranges("shifts"))
_LEVELS: Final = np.where(np.isnan(_TARGET), _SHIFT, _TARGET).transpose(3, 0, 2, 1)
_ABSOLUTE: Final = ~np.isnan(_TARGET[..., 0]).transpose(0, 2, 1)
_NAMED: Final = _ABSOLUTE.any(axis=0)
_MIND: Final = np.nan_to_num(
    _kept(_table(lambda s: s.consciousness or _UNTOUCHED, _UNTOUCHED))
)
_OXYGEN: Final = np.nan_to_num(
    _kept(_table(lambda s: _number(s.on_oxygen), np.nan)), nan=AS_CHARTED
)
_ACTIVITY: Final = np.nan_to_num(
    _kept(
        _table(
            lambda s: np.nan if s.activity is None else ACTIVITIES.index(s.activity),
            np.nan,
        )
    ),
    nan=AS_CHARTED,
)
_VARIABILITY: Final = np.nan_to_num(
    _kept(
        _table(
            lambda s: [s.variability.get(name, np.nan) for name in NAMES[:FLUTTERING]],
            [np.nan] * FLUTTERING,
        )
    ),
    nan=1.0,
)
_STEADIER: Final = np.stack([_VARIABILITY - 1.0] * 2).transpose(0, 1, 3, 2)
_GOALS: Final = np.concatenate([_LEVELS, _STEADIER], axis=2, dtype=np.float32)
"""Mild and grave, shape (2, stages, quantities + fluttering, kinds)."""


_MINDS: Final = (
    np.concatenate([_MIND, np.zeros_like(_MIND[:1])], dtype=np.float32)
).transpose(2, 0, 1)
_CHARTS: Final = np.stack(
    [
        np.concatenate([table, np.full_like(table[:1], AS_CHARTED)])
        for table in (_OXYGEN, _ACTIVITY)
    ]
).astype(np.int64)
"""On oxygen and activity; the last stage, -1, is when none is reached."""


class Chart(NamedTuple):
    """What is charted of patients in an episode; ``AS_CHARTED`` is as without it."""

    consciousness: Index
    on_oxygen: Index
    activity: Index


class Course(NamedTuple):
    """The courses of several patients: when each stage, and last the way back, begins.

    Both times have the shape (stages + 1, patients).
    """

    kind: Index
    gravity: Level
    start_s: Array
    ramp_s: Array

    def of(self, i: Index) -> "Course":
        """Return some of them."""
        return Course._make(each.take(i, axis=-1) for each in self)

    def progress(self, at_s: Array) -> Level:
        """Return how far each stage has come, shape (..., stages + 1, patients)."""
        way = (at_s[..., None, :] - self.start_s) / self.ramp_s
        return np.clip(way, 0.0, 1.0).astype(np.float32)

    def bends_s(self) -> Array:
        """Return when the courses bend, in order; infinity where there is no more."""
        return np.sort(np.concatenate([self.start_s, self.start_s + self.ramp_s]), 0)


def course(ill: Onsets) -> Course:
    """Return the courses of what has begun, all of which does something to the body."""
    back_s = _RECOVERS_S[ill.kind]
    start_s = ill.onset_s + _BEGINS[:, ill.kind] * (ill.end_s - ill.onset_s)
    return Course(
        ill.kind,
        ill.gravity.astype(np.float32),
        np.concatenate([start_s, [ill.end_s - back_s]]),
        np.concatenate([_RAMP_S[:, ill.kind], [back_s]]),
    )


def moved(course: Course, progress: Level, usual: Level) -> tuple[Level, Level]:
    """Return how far episodes move their patients, and how much further they flutter.

    Parameters
    ----------
    course
        The episodes.
    progress : ndarray, shape (times, stages + 1, patients)
        How far they have come, at each of several times.
    usual : ndarray, shape (times, quantities, patients)
        Where the patients would be without.

    Returns
    -------
    tuple of ndarray, shape (times, quantities or fluttering, patients)
        What is added to the levels, and, in shares of them, to the spreads.
    """
    stages = _LENGTH[course.kind].max(initial=0)
    goals = _between(_GOALS[:, :stages].take(course.kind, axis=-1), course.gravity)
    absolute = _ABSOLUTE[:stages].take(course.kind, axis=-1)
    shape = usual.shape[0], _GOALS.shape[2], usual.shape[-1]
    way = np.zeros(shape, dtype=np.float32)
    for stage in range(stages):
        goal = goals[stage] - way
        goal[:, :_QUANTITIES] -= absolute[stage] * usual
        way += progress[:, stage, None] * goal
    way *= 1.0 - progress[:, -1:]
    levels, steadier = way[:, :_QUANTITIES], way[:, _QUANTITIES:]
    return answer(levels, _NAMED.take(course.kind, axis=-1)), steadier


def chart(course: Course, progress: Level) -> Chart:
    """Return what is charted: of the last stage that is reached, until the end."""
    reached = (progress[:-1] >= 1.0).sum(axis=0) * (progress[-1] < 1.0) - 1
    told = _CHARTS[:, reached, course.kind]
    mind = np.rint(_between(_MINDS[:, reached, course.kind], course.gravity))
    return Chart(mind.astype(np.int64), *told)


def _between(mild_and_grave: Level, gravity: Level) -> Level:
    mild, grave = mild_and_grave
    return np.asarray(mild + gravity * (grave - mild))
