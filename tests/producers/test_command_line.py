"""What commands that send have in common: errors, durations, when time begins."""

from math import inf

import pytest

from producers.command_line import RefusedError, event_start_s, manners, seconds
from producers.publisher import BrokerError


def failing(error: Exception) -> None:
    with manners("fleet"):
        raise error


def test_an_error_is_one_line_with_the_commands_name() -> None:
    with pytest.raises(SystemExit, match=r"^fleet: no broker$"):
        failing(BrokerError("no broker"))


def test_event_time_begins_now_or_ends_now_or_begins_as_asked() -> None:
    now_s = 1000.0
    live = event_start_s(60.0, max_speed=False, start_ms=None, now_s=now_s)
    fast = event_start_s(60.0, max_speed=True, start_ms=None, now_s=now_s)
    fixed = event_start_s(60.0, max_speed=True, start_ms=5000, now_s=now_s)
    assert (live, fast, fixed) == (1000.0, 940.0, 5.0)


@pytest.mark.parametrize(
    ("given", "length_s"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("1.5m", 90), ("7", 7), ("inf", inf)],
)
def test_a_duration_has_a_unit_or_is_in_seconds(given: str, length_s: float) -> None:
    assert seconds(given) == length_s


@pytest.mark.parametrize("given", ["", "m", "10x", "-1s", "ten", "nan", "1d"])
def test_what_is_no_duration_is_refused_with_examples(given: str) -> None:
    with pytest.raises(RefusedError, match="as in 90s, 10m, 2h"):
        seconds(given)
