"""Events are counted as SzCORE counts them; each answer worked out on paper."""

import math

import numpy as np
import pytest

from eeg.course import Course
from eeg.events import Event
from workbench.event_scores import event_scores, operating_points

DAY_S = 86_400.0


def event(onset_s: float, found_s: float, end_s: float) -> Event:
    return Event(onset_s, found_s, end_s, 0.9)


def test_found_missed_and_false() -> None:
    """Two of three seizures found, 8 s and 12 s late, and one false alarm."""
    truth = [(1000.0, 1060.0), (5000.0, 5060.0), (9000.0, 9060.0)]
    found = [
        event(1003, 1008, 1065),
        event(9002, 9012, 9070),
        event(20_000, 20_009, 20_050),
    ]
    told = event_scores(truth, found, DAY_S)
    assert told.sensitivity == pytest.approx(2 / 3)
    assert told.precision == pytest.approx(2 / 3)
    assert told.f1 == pytest.approx(2 / 3)
    assert told.false_alarms_per_24h == pytest.approx(1)
    assert told.latency_p50_s == pytest.approx(10)
    assert told.latency_p95_s == pytest.approx(11.8)


@pytest.mark.parametrize(("end_s", "hit"), [(969.0, 0), (971.0, 1)])
def test_thirty_seconds_before_count(end_s: float, hit: int) -> None:
    told = event_scores([(1000.0, 1060.0)], [event(950, 955, end_s)], DAY_S)
    assert told.sensitivity == hit


@pytest.mark.parametrize(("onset_s", "hit"), [(1119.0, 1), (1121.0, 0)])
def test_sixty_seconds_after_count(onset_s: float, hit: int) -> None:
    found = [event(onset_s, onset_s + 6, onset_s + 30)]
    assert event_scores([(1000.0, 1060.0)], found, DAY_S).sensitivity == hit


def test_what_was_known_before_the_onset_has_no_latency() -> None:
    told = event_scores([(1000.0, 1060.0)], [event(980, 990, 1010)], DAY_S)
    assert told.sensitivity == 1
    assert math.isnan(told.latency_p50_s)


def test_without_events_there_is_nothing_to_divide_by() -> None:
    told = event_scores([], [], DAY_S)
    assert math.isnan(told.sensitivity)
    assert told.false_alarms_per_24h == 0


def test_a_higher_threshold_finds_fewer() -> None:
    """Two seizures: the model is sure of one and in doubt about the other."""
    at_s = np.arange(2000.0)
    probability = np.zeros(2000)
    probability[500:540], probability[1200:1240] = 0.9, 0.4
    loud = np.where(probability > 0, 6.0, 3.0)
    course = Course(("Cz",), at_s, probability, loud, probability[:, None])
    truth = [(500.0, 540.0), (1200.0, 1240.0)]
    points = operating_points(course, truth, 2000.0, (0.3, 0.5, 0.95))
    assert [threshold for threshold, _ in points] == [0.3, 0.5, 0.95]
    assert [scores.sensitivity for _, scores in points] == [1, 0.5, 0]
