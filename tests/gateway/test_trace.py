"""A course holds every extreme of its time, whatever comes when."""

import math

from hypothesis import given
from hypothesis import strategies as st

from gateway.trace import Trace

SLOT_S, SLOTS = 5, 4
READINGS = st.lists(
    st.tuples(st.integers(0, 100_000), st.floats(-50, 300)), min_size=1, max_size=40
)


def course(readings: list[tuple[int, float]]) -> tuple[int, list[str], list[str]]:
    trace = Trace(SLOT_S, SLOTS)
    for reading in readings:
        trace.add(*reading)
    told = trace.course()
    return told["end_ms"], list(map(str, told["low"])), list(map(str, told["high"]))


@given(READINGS, st.randoms())
def test_neither_order_nor_repetition_matters(
    readings: list[tuple[int, float]], chance: object
) -> None:
    again = readings * 2
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert course(again) == course(readings)


@given(READINGS)
def test_each_slot_holds_its_lowest_and_highest(
    readings: list[tuple[int, float]],
) -> None:
    end_ms, low, high = course(readings)
    for back in range(SLOTS):
        slot = end_ms // 5000 - back
        inside = [value + 0.0 for ts_ms, value in readings if ts_ms // 5000 == slot]
        assert float(low[-1 - back]) == min(inside, default=math.nan) or not inside
        assert float(high[-1 - back]) == max(inside, default=math.nan) or not inside
        assert (low[-1 - back] == "nan") == (not inside)


def test_a_silence_leaves_a_gap_and_a_long_one_nothing() -> None:
    assert course([(0, 70.0), (10_000, 80.0)])[1] == ["nan", "70.0", "nan", "80.0"]
    assert course([(0, 70.0), (20_000, 80.0)])[1] == ["nan", "nan", "nan", "80.0"]


def test_what_is_too_old_is_left_out() -> None:
    assert course([(20_000, 80.0), (4_999, 70.0)])[1] == ["nan", "nan", "nan", "80.0"]
    assert course([(20_000, 80.0), (5_000, 70.0)])[1] == ["70.0", "nan", "nan", "80.0"]
