"""Seizures found against seizures that were: by events, after SzCORE.

References
----------
Dan, J. et al. (2024). SzCORE: Seizure Community Open-Source Research Evaluation
framework for the validation of electroencephalography-based automated seizure
detection algorithms. Epilepsia. (``timescoring`` is its authors' own.)
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from timescoring.annotations import Annotation
from timescoring.scoring import EventScoring

from eeg.course import Course
from eeg.events import Event, events

RATE_HZ: Final = 10
"""The precision in time at which ``timescoring`` counts."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EventScores:
    """How well events were found; NaN where there is nothing to divide by."""

    sensitivity: float
    precision: float
    f1: float
    false_alarms_per_24h: float
    latency_p50_s: float
    latency_p95_s: float


def event_scores(
    truth: Sequence[Span], found: Sequence[Event], length_s: float
) -> EventScores:
    """Return how well ``found`` tells ``truth``, onsets and ends in seconds.

    A hit overlaps, with 30 s before and 60 s after allowed; events less than 90 s
    apart are one, longer than 5 min several. A latency is that of the first event
    known from the onset on, up to a minute after the end.
    """
    n_samples = round(length_s * RATE_HZ)
    spans = [(each.onset_s, each.end_s) for each in found]
    told = EventScoring(
        Annotation(list(truth), RATE_HZ, n_samples),
        Annotation(spans, RATE_HZ, n_samples),
    )
    latencies = [late for span in truth for late in _latency_s(span, found)]
    p50, p95 = np.percentile(latencies, [50, 95]) if latencies else (math.nan, math.nan)
    return EventScores(
        float(told.sensitivity),
        float(told.precision),
        float(told.f1),
        float(told.fpRate),
        float(p50),
        float(p95),
    )


AFTER_S: Final = 60.0


def _latency_s(span: Span, found: Iterable[Event]) -> list[float]:
    onset_s, end_s = span
    late_s = [e.found_s - onset_s for e in found if e.found_s <= end_s + AFTER_S]
    return [min(after)] if (after := [late for late in late_s if late >= 0]) else []


def operating_points(
    course: Course, truth: Sequence[Span], length_s: float, thresholds: Iterable[float]
) -> list[tuple[float, EventScores]]:
    """Return the scores at each threshold of the model's probability."""
    return [
        (
            threshold,
            event_scores(truth, found_in(course, threshold), length_s),
        )
        for threshold in thresholds
    ]


def found_in(course: Course, threshold: float) -> list[Event]:
    """Return the events of a course, had ``threshold`` been the card's."""
    return events(course.at_s, course.probability, course.log_line_length, threshold)
