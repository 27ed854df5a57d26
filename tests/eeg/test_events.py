"""From seconds to seizures: each bound from both sides."""

import numpy as np
import pytest
from numpy.typing import NDArray

from eeg.background import (
    BACKGROUND_S,
    LEAST_KNOWN_S,
    LEFT_OUT_S,
    STANDS_OUT_LN,
    stands_out_ln,
)
from eeg.events import Event, events, fires, firing_power, seizing

THRESHOLD = 0.5
NO = np.nan
Array = NDArray[np.float64]


def seconds(n: int) -> Array:
    return np.arange(n, dtype=float)


def found(probability: Array, at_s: Array | None = None) -> list[Event]:
    """Return the events where every second stands out or has no background."""
    times = seconds(len(probability)) if at_s is None else at_s
    loud = np.full(len(probability), NO)
    return events(times, probability, loud, THRESHOLD)


def firing(*spans: tuple[int, int], n: int = 400) -> Array:
    """Return probabilities that are high in each span, up to before its end."""
    values = np.zeros(n)
    for first, end in spans:
        values[first:end] = 0.9
    return values


def test_the_background_is_learned_from_the_past_only() -> None:
    """What comes later, or came just before, changes nothing."""
    loud = np.random.default_rng(1).standard_normal(2000)
    whole = stands_out_ln(seconds(2000), loud)
    assert stands_out_ln(seconds(900), loud[:900]) == pytest.approx(
        whole[:900], nan_ok=True
    )
    louder = loud.copy()
    louder[900 - LEFT_OUT_S : 900] += 100
    assert stands_out_ln(seconds(2000), louder)[900] == pytest.approx(whole[900])
    louder[900 - LEFT_OUT_S - 1] += 100
    assert stands_out_ln(seconds(2000), louder)[900] < whole[900]


def test_the_background_is_the_mean_of_ten_minutes() -> None:
    loud = np.random.default_rng(2).standard_normal(2000)
    at = 1500
    past = loud[at - LEFT_OUT_S - BACKGROUND_S : at - LEFT_OUT_S]
    found = stands_out_ln(seconds(2000), loud)[at]
    assert found == pytest.approx(loud[at] - past.mean())


def test_there_is_no_background_before_enough_is_known() -> None:
    found = stands_out_ln(seconds(400), np.zeros(400))
    first = LEFT_OUT_S + LEAST_KNOWN_S
    assert np.isnan(found[:first]).all()
    assert (found[first:] == 0).all()


def test_unknown_seconds_are_no_background() -> None:
    loud = np.zeros(1000)
    loud[::2] = NO
    found = stands_out_ln(seconds(1000), loud)
    assert np.isnan(found[LEFT_OUT_S + 2 * LEAST_KNOWN_S - 1])
    assert found[LEFT_OUT_S + 2 * LEAST_KNOWN_S + 1] == 0


def test_a_second_fires_when_model_and_background_agree() -> None:
    probability = np.array([0.5, 0.49, 0.9, 0.9, 0.9, NO])
    stands_out = np.array([NO, NO, STANDS_OUT_LN, STANDS_OUT_LN - 0.01, NO, 9.0])
    found = fires(probability, stands_out, THRESHOLD)
    assert found == pytest.approx([1, 0, 1, 0, 1, NO], nan_ok=True)


def test_firing_power_is_a_share_of_what_is_known() -> None:
    fired = np.array([1, 1, NO, 0, 1, NO, 1, 1, 0, 0.0])
    power = firing_power(seconds(10), fired)
    assert np.isnan(power[:4]).all()
    assert power[4] == 3 / 4
    assert power[7] == 5 / 6
    assert power[8] == 4 / 6


def test_hysteresis() -> None:
    power = np.array([0.74, 0.75, 0.5, NO, 0.25, 0.24, 0.74, NO, 0.75])
    held = [False, True, True, True, True, False, False, False, True]
    assert seizing(np.arange(float(len(power))), power).tolist() == held


def test_a_seizure_is_found_when_three_quarters_of_eight_seconds_fired() -> None:
    [event] = found(firing((100, 130)))
    assert event.onset_s == 100
    assert event.found_s == 106
    assert event.end_s == 136
    assert event.confidence == 0.9


@pytest.mark.parametrize(("length_s", "n_events"), [(5, 0), (6, 1)])
def test_what_fires_shortly_is_no_seizure(length_s: int, n_events: int) -> None:
    assert len(found(firing((100, 100 + length_s)))) == n_events


@pytest.mark.parametrize(("second_s", "n_events"), [(219, 1), (220, 2)])
def test_events_close_by_are_one(second_s: int, n_events: int) -> None:
    """The first is held up to second 135, a second one from five after its start on."""
    events_found = found(firing((100, 130), (second_s, second_s + 30)))
    assert len(events_found) == n_events
    assert events_found[0].found_s == 106


def test_seconds_without_a_score_neither_begin_nor_end_an_event() -> None:
    probability = firing((100, 120))
    probability[120:160] = NO
    probability[160:180] = 0.9
    [event] = found(probability)
    assert (event.onset_s, event.end_s) == (100, 186)
    assert not found(np.full(300, NO))


def test_a_gap_in_time_brings_nothing_of_before() -> None:
    """Four firing seconds, ten minutes of silence, two more: no event."""
    at_s = np.array([*range(20), *range(620, 640)], float)
    probability = np.zeros(40)
    probability[16:22] = 0.9
    assert not found(probability, at_s)
    assert len(found(probability)) == 1


def test_an_empty_recording_has_no_events() -> None:
    assert found(np.array([])) == []


def test_eeg_that_is_always_loud_and_always_fires_is_no_event_in_the_end() -> None:
    """The patient's own background decides once it is known."""
    n = 1000
    found = events(seconds(n), np.full(n, 0.9), np.zeros(n), THRESHOLD)
    assert [(event.onset_s, event.end_s) for event in found] == [(0, 186)]
    loud = np.zeros(n)
    loud[800:830] = STANDS_OUT_LN
    [_, again] = events(seconds(n), np.full(n, 0.9), loud, THRESHOLD)
    assert (again.onset_s, again.found_s) == (800, 806)


@pytest.mark.parametrize(("pause_s", "end_s"), [(89, 111), (90, 20)])
def test_a_seizure_is_not_held_over_a_long_pause(pause_s: int, end_s: int) -> None:
    """Whoever takes the electrodes off in a seizure puts them on after it."""
    first, then = np.arange(20.0), 19.0 + pause_s + np.arange(60.0)
    at_s = np.concatenate([first, then])
    probability = np.where(at_s < 20, 0.9, 0.1)
    found = events(at_s, probability, np.full(len(at_s), 5.0), 0.5)
    assert [event.end_s for event in found] == [end_s]
