"""Event time is never ahead of the clock on the wall."""

import math

import pytest

from digital_twin.scenarios import SCENARIOS
from producers.arrivals import Fleet
from producers.playing import Performance

NOW_S = 1_750_000_000.0


def performance(speed: float, **more: float) -> Performance:
    fleet = Fleet(devices=100, rate_hz=0.5, seed=1, scenario=SCENARIOS["calm"])
    return Performance(fleet=fleet, brokers="", speed=speed, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0, 60.0, math.inf])
def test_event_time_is_never_ahead_and_ends_now_if_it_is_quicker(speed: float) -> None:
    begins_ms = performance(speed, duration_s=600.0).event_start_ms(NOW_S)
    ends_on_the_wall_s = NOW_S + 600.0 / speed
    ends_s = begins_ms / 1000 + 600.0
    assert begins_ms / 1000 <= NOW_S
    assert ends_s <= max(ends_on_the_wall_s, NOW_S + 600.0) + 0.001
    if speed >= 1.0:
        assert ends_s == pytest.approx(ends_on_the_wall_s)


def test_what_is_asked_for_decides_when_event_time_begins() -> None:
    assert performance(math.inf, start_ms=5, duration_s=1.0).event_start_ms(9.0) == 5


def test_a_count_is_a_length_too() -> None:
    assert performance(1.0, count=500).length_s == 10.0
    assert performance(1.0, count=500, duration_s=4.0).length_s == 4.0
