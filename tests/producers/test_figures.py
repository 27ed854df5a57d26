"""Figures of several processes are those of one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.figures import Figures, lateness, line, quantile_s, summary


def counted(late_s: list[float]) -> Counter[int]:
    return Counter(map(lateness, late_s))


@given(st.lists(st.floats(0.0, 1000.0), min_size=1), st.floats(0.01, 1.0))
def test_a_quantile_is_known_to_five_percent(late_s: list[float], share: float) -> None:
    ordered = sorted(late_s)
    within = [i for i in range(len(ordered)) if (i + 1) / len(ordered) >= share]
    exact_s = ordered[within[0]] if within else ordered[-1]
    said_s = quantile_s(counted(late_s), share)
    assert exact_s - 0.001 <= said_s <= 1.06 * max(exact_s, 0.001)


@given(st.lists(st.floats(0.0, 10.0)), st.lists(st.floats(0.0, 10.0)))
def test_lateness_adds_up(one: list[float], other: list[float]) -> None:
    together = Figures(late=counted(one)) + Figures(late=counted(other))
    assert together.late == counted(one + other)


def test_what_is_early_is_not_late() -> None:
    assert quantile_s(counted([-1.0, 0.0]), 0.99) == 0.0
    assert quantile_s(Counter(), 0.99) == 0.0


def test_figures_add_up_and_are_taken_apart_again() -> None:
    before = Figures(readings=1, messages=2, bytes=3, waited_s=0.5, late=counted([1.0]))
    more = Figures(readings=10, messages=20, bytes=30, late=counted([2.0]), queued=7)
    assert (before + more).since(before) == more


def test_the_live_line_says_when_the_sender_waits_for_the_broker() -> None:
    recent = Figures(messages=100, bytes=2_000_000, queued=5, waited_s=1.25, failed=2)
    assert line(recent, 2.0, 1000) == (
        "50 messages/s, 1.0 MB/s, 1,000 readings in all, 5 queued,"
        " waited 1.2 s for the broker, 2 not delivered"
    )


def test_the_last_line_says_it_all() -> None:
    total = Figures(
        readings=90, messages=100, bytes=10**6, cpu_s=1.0, late=counted([0.01] * 9)
    )
    assert summary(total, 2.0) == (
        "90 readings in 2.0 s, 50 messages/s, 0.5 MB/s, late by 10 ms (p50), 10 ms"
        " (p99), 50 % of a core, 0 not delivered"
    )


@pytest.mark.parametrize("waited_s", [0.0, 2.0])
def test_waiting_for_the_broker_is_in_the_last_line_if_there_was_any(
    waited_s: float,
) -> None:
    assert ("waited" in summary(Figures(waited_s=waited_s), 1.0)) == bool(waited_s)
