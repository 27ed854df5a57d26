"""The lines that a minute's episodes bend, all drawn at once.

A line goes from the first reading after a corner to the last before the next one.
"""

from typing import Final, NamedTuple

import numpy as np

from digital_twin import baselines, courses, episodes, vital_signs
from digital_twin.charted import Codes, number
from digital_twin.cohort import Array
from digital_twin.courses import AS_CHARTED, COURSE, Course
from digital_twin.minutes import Minute
from digital_twin.onsets import Index, Onsets
from digital_twin.quantities import FLUTTERING, NAMES
from digital_twin.vital_signs import Level

_QUANTITIES: Final = len(NAMES)
_LEAST_S: Final = np.float32(1e-3)


class Patients(NamedTuple):
    """All that decides where a cohort is, and the hour of the day at time 0.

    ``phase``, from 0 to 1, is when in a period a patient's reading is taken;
    ``on_oxygen`` is 1 for each patient who breathes oxygen from the start on;
    devices that do not tell activity have ``tells_activity`` false.
    """

    body: vital_signs.State
    baseline: baselines.State
    illness: episodes.State
    phase: Array
    on_oxygen: Codes
    begins_h: float
    tells_activity: bool


class Bends(NamedTuple):
    """New lines in the order of time: whose, and where each period's begin.

    ``lines`` has a row for each quantity's level at the mark, one for what it goes
    per second, and one for how far it flutters if it does; ``chart`` says
    which of ``charted.CHARTS`` it is until the next.
    """

    patient: Index
    lines: Level
    chart: Codes
    turns: list[int]


class _Pieces(NamedTuple):
    """Of which course, of whom, and the first and the last reading."""

    course: Index
    patient: Index
    first: Index
    last: Index


def parts(lines: Level) -> tuple[Level, Level, Level]:
    """Return levels at the mark, slopes per second and spreads."""
    return (
        lines[:_QUANTITIES],
        lines[_QUANTITIES : 2 * _QUANTITIES],
        lines[2 * _QUANTITIES :],
    )


def charted(patients: Patients) -> Codes:
    """Return what is charted of everybody without any episode."""
    activity = patients.baseline.activity * patients.tells_activity
    return number(patients.on_oxygen, np.zeros_like(activity), activity)


def drawn(patients: Patients, usual: tuple[Level, Level], minute: Minute) -> Bends:
    """Return the minute's lines of who is ill in it.

    ``usual`` are everybody's levels at the mark, and what they go per second.
    """
    ill = episodes.under_way(patients.illness, minute)
    ill = ill.of(COURSE[ill.kind])
    if not ill.patient.size:
        return _none(minute)
    course = courses.course(ill)
    pieces = _pieces(ill, course, patients.phase, minute)
    lines, chart = _drawn(patients, usual, course.of(pieces.course), pieces, minute)
    return Bends(pieces.patient, lines, chart, minute.turns(pieces.first))


def _none(minute: Minute) -> Bends:
    nobody = np.zeros(0, dtype=np.int64)
    lines = np.zeros((2 * _QUANTITIES + FLUTTERING, 0), dtype=np.float32)
    return Bends(nobody, lines, nobody, minute.turns(nobody))


def _pieces(ill: Onsets, course: Course, phase: Array, minute: Minute) -> _Pieces:
    """Return all pieces with a reading in them, in order, one at a time of a patient.

    Of two that begin together the later episode's counts: the other one is over.
    """
    corners_s = np.concatenate([[ill.onset_s], course.bends_s()])
    after = np.floor(corners_s / minute.period_s - phase[ill.patient]) + 1.0
    begin = np.clip(after, minute.first, minute.until).astype(np.int64).T
    end = np.concatenate([begin[:, 1:], np.full((len(begin), 1), minute.until)], axis=1)
    which, corner = np.nonzero(begin < end)
    first, patient = begin[which, corner], ill.patient[which]
    key = first * phase.size + patient
    _, from_behind = np.unique(key[::-1], return_index=True)
    i = key.size - 1 - from_behind
    return _Pieces(which[i], patient[i], first[i], end[which, corner][i] - 1)


def _drawn(
    patients: Patients,
    usual: tuple[Level, Level],
    course: Course,
    pieces: _Pieces,
    minute: Minute,
) -> tuple[Level, Codes]:
    i, ends = pieces.patient, np.stack([pieces.first, pieces.last])
    starts, slopes = (each.take(i, axis=1) for each in usual)
    since_s = (ends * minute.period_s - minute.mark_s).astype(np.float32)
    levels = starts + slopes * since_s[:, None]
    progress = course.progress((ends + patients.phase[i]) * minute.period_s)
    moved, steadier = courses.moved(course, progress, levels)
    levels += moved
    slopes = (levels[1] - levels[0]) / np.maximum(since_s[1] - since_s[0], _LEAST_S)
    spreads = patients.body.spreads.take(i, axis=1) * (1.0 + steadier[0])
    lines = np.concatenate([levels[0] - slopes * since_s[0], slopes, spreads])
    told = courses.chart(course, progress[0])
    return lines, _charted(patients, i, told)


def _charted(patients: Patients, i: Index, told: courses.Chart) -> Codes:
    activity = _unless(told.activity, patients.baseline.activity[i])
    return number(
        _unless(told.on_oxygen, patients.on_oxygen[i]),
        told.consciousness,
        activity * patients.tells_activity,
    )


def _unless(told: Codes, charted: Codes) -> Codes:
    return np.where(told == AS_CHARTED, charted, told)
