"""Rates survive a restart, and latency is split where the allowance ends."""

import pytest

from producers.contract import VITALS
from workbench.measures import (
    LAST,
    SETTLING_MS,
    Latencies,
    Meter,
    Sample,
    latency,
    per_second,
)


def samples(*totals: float) -> list[Sample]:
    return [Sample(float(second), total) for second, total in enumerate(totals)]


@pytest.mark.parametrize(
    ("totals", "rate"),
    [
        ((), None),
        ((100,), None),
        ((100, 200, 300), 100),
        ((100, 100), 0),
        ((100, 900, 0, 50), 50),
        ((900, 0), None),
    ],
)
def test_a_counter_that_fell_began_again(
    totals: tuple[float, ...], rate: float | None
) -> None:
    assert per_second(samples(*totals)) == rate


def test_a_meter_forgets_what_is_long_past() -> None:
    meter = Meter()
    for second in range(100):
        meter.read(Sample(second, 0 if second < 80 else 10 * (second - 80)))
    assert meter.per_second() == 10


def test_the_same_sample_counts_once_and_none_not_at_all() -> None:
    meter = Meter()
    meter.read(None)
    meter.read(Sample(1.0, 5))
    meter.read(Sample(1.0, 5))
    assert meter.per_second() is None


def test_latency_is_the_allowance_and_what_we_add() -> None:
    took = latency([1_600.0] * 99 + [1_900.0])
    assert took is not None
    assert took.count == 100
    assert took.p50_s == pytest.approx(1.6)
    assert took.allowed_s == VITALS.max_lateness_ms / 1000
    assert took.ours_p50_s == pytest.approx(1.6 - took.allowed_s)
    assert took.ours_p99_s > took.ours_p50_s


def test_one_match_has_a_latency_and_none_has_none() -> None:
    took = latency([1_700.0])
    assert took is not None
    assert took.p50_s == took.p99_s == pytest.approx(1.7)
    assert latency([]) is None


def test_matches_that_waited_for_the_jobs_to_start_do_not_count() -> None:
    latencies = Latencies()
    latencies.read(1_000, 30_000, since_ms=None)
    latencies.read(19_999 + SETTLING_MS, 30_000, since_ms=20_000)
    assert latencies.now() is None
    latencies.read(20_000 + SETTLING_MS, 21_000 + SETTLING_MS, since_ms=20_000)
    took = latencies.now()
    assert took is not None
    assert took.p50_s == pytest.approx(1.0)


def test_only_the_last_matches_count() -> None:
    latencies = Latencies()
    for _ in range(LAST + 50):
        latencies.read(SETTLING_MS, SETTLING_MS + 1_600, since_ms=0)
    took = latencies.now()
    assert took is not None
    assert took.count == LAST
