"""Batches go out at their time, and no more of them than asked for."""

import threading
from collections.abc import Iterable, Iterator

import pytest

from producers.outgoing import Batch
from producers.pacing import for_at_most, in_real_time, until


def tens() -> Iterator[Batch]:
    """Yield ten readings a second."""
    second = 0
    while True:
        second += 1
        yield Batch(float(second), [(b"k", b"v")] * 10)


def readings(batches: Iterable[Batch]) -> int:
    return sum(len(batch.vitals) for batch in batches)


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


@pytest.mark.parametrize("count", [1, 9, 10, 11, 25])
def test_a_count_is_kept_to_the_reading(count: int) -> None:
    assert readings(for_at_most(tens(), count=count)) == count


@pytest.mark.parametrize(("duration_s", "expected"), [(0.5, 0), (1.0, 10), (3.7, 30)])
def test_a_duration_is_kept(duration_s: float, expected: int) -> None:
    assert readings(for_at_most(tens(), duration_s=duration_s)) == expected


def test_a_batch_waits_for_its_time() -> None:
    clock = Clock()
    paced = in_real_time(tens(), start_s=100.0, now=clock, wait=clock.wait)
    assert [(next(paced).at_s, clock()) for _ in range(3)] == [
        (1.0, 101.0),
        (2.0, 102.0),
        (3.0, 103.0),
    ]


def test_who_is_behind_does_not_wait() -> None:
    clock = Clock()
    paced = in_real_time(tens(), start_s=90.0, now=clock, wait=clock.wait)
    assert [next(paced).at_s for _ in range(3)] == [1.0, 2.0, 3.0]
    assert clock() == 100.0


def test_a_stop_ends_it() -> None:
    stop = threading.Event()
    going = until(tens(), stop)
    next(going)
    stop.set()
    assert list(going) == []
