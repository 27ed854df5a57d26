"""Minutes follow one another without a gap, and their tables say whose turn it is."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.minutes import MINUTE_S, Minute, minute


@given(
    phase=st.floats(0.0, 1.0, exclude_max=True),
    period_s=st.sampled_from([0.1, 0.25, 1.0, 7.0, 60.0, 90.0, 3600.0]),
)
def test_each_period_is_in_one_minute(phase: float, period_s: float) -> None:
    now = minute(0, phase, period_s)
    for _ in range(20):
        after = minute(now.until, phase, period_s)
        assert now.first < now.until == after.first
        assert -1e-6 < now.since_s(now.first) < MINUTE_S + 1e-6
        in_it_s = (now.until - 1 - now.first) * period_s
        assert in_it_s < MINUTE_S + 1e-6
        now = after


def test_marks_are_a_minute_apart_wherever_they_are() -> None:
    now, marks_s = minute(0, 0.25, 1.0), []
    for _ in range(4):
        marks_s.append(now.mark_s)
        now = minute(now.until, 0.25, 1.0)
    assert marks_s == [-45.0, 15.0, 75.0, 135.0]


def test_a_table_is_taken_turn_by_turn() -> None:
    period = np.array([3, 3, 5])
    now = Minute(mark_s=0.0, first=3, until=6, period_s=1.0)
    assert now.turns(period) == [0, 2, 2, 3]


def test_a_time_at_the_edge_stays_in_its_minute() -> None:
    """Whatever rounding makes of it: 0.3 / 0.1 is less than 3."""
    now = Minute(mark_s=0.0, first=3, until=600, period_s=0.1)
    assert now.period(0.3) == 3
    assert now.period(math.nextafter(60.0, 0.0)) == 599
