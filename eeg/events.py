"""From seconds to seizures: firing power with hysteresis, then merging.

A second fires when the model's probability reaches the card's threshold, and the EEG is
``STANDS_OUT_LN`` louder than the patient's own background or there is none yet.
The firing power is the share of firing seconds among the known ones of the last few.

The time of a second is that of its window's last message, ``ts_ms``. Spans are half
open: the background of ``t`` is [t - 660 s, t - 60 s), the power's (t - 8 s, t].
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eeg.background import STANDS_OUT_LN, stands_out_ln

Array = NDArray[np.float64]

FIRING_S: Final = 8
"""How many seconds the firing power looks back on."""

LEAST_FIRING_KNOWN_S: Final = 4
"""With fewer known seconds among them, the power is not known."""

ON_SHARE: Final = 0.75
"""An event begins when the power reaches this ..."""

OFF_SHARE: Final = 0.25
"""... and ends when it falls below this; where it is not known, nothing changes, but
behind a pause in which events are no longer one, nothing is known of the last one."""

MERGE_S: Final = 90
"""Events less apart are one: no second alarm in this time, which is refractory."""

SECOND_S: Final = 1.0


class Event(NamedTuple):
    """One seizure, as far as can be told; times in seconds.

    ``onset_s`` is the first of the firing seconds that made the event, ``found_s`` the
    moment at which it was known, the end of a second, and ``end_s`` the end of the last
    second held to be in it. ``confidence`` is the highest probability in between.
    """

    onset_s: float
    found_s: float
    end_s: float
    confidence: float


def fires(probability: Array, stands_out: Array, threshold: float) -> Array:
    """Return 1 for seconds that fire, 0 for those that do not, NaN where not known."""
    loud = np.isnan(stands_out) | (stands_out >= STANDS_OUT_LN)
    fired = (probability >= threshold) & loud
    return np.where(np.isnan(probability), np.nan, fired)


def firing_power(at_s: Array, fires: Array) -> Array:
    """Return the share of the last known seconds that fired; NaN with too few."""
    known = ~np.isnan(fires)
    counts = np.concatenate([[0], np.cumsum(known)])
    fired = np.concatenate([[0.0], np.cumsum(np.nan_to_num(fires))])
    first = np.searchsorted(at_s, at_s - FIRING_S, side="right")
    end = np.arange(1, len(at_s) + 1)
    n_known = counts[end] - counts[first]
    enough = np.where(n_known >= LEAST_FIRING_KNOWN_S, n_known, np.nan)
    return np.asarray((fired[end] - fired[first]) / enough)


def seizing(at_s: Array, power: Array) -> NDArray[np.bool_]:
    """Return which seconds are held to be in a seizure.

    Behind ``MERGE_S`` without any second, whether known or not, nothing is held.
    """
    held, found = False, []
    resumes = np.diff(at_s, prepend=at_s[:1]) >= MERGE_S
    for each, anew in zip(power, resumes, strict=True):
        if anew:
            held = False
        if not np.isnan(each):
            held = bool(each >= (OFF_SHARE if held else ON_SHARE))
        found.append(held)
    return np.array(found, bool)


def events(
    at_s: Array, probability: Array, log_line_length: Array, threshold: float
) -> list[Event]:
    """Return the events of one recording.

    Parameters
    ----------
    at_s
        Shape (n,): where each second begins, in order of time.
    probability, log_line_length
        Shape (n,): the patient's, NaN where not known (``eeg.patient``).
    threshold
        The card's.
    """
    fired = fires(probability, stands_out_ln(at_s, log_line_length), threshold)
    held = seizing(at_s, firing_power(at_s, fired))
    found = []
    for first, last in _merged(np.flatnonzero(held), at_s):
        recent = (at_s > at_s[first] - FIRING_S) & (fired == 1)
        onset = int(np.flatnonzero(recent)[0])
        found.append(
            Event(
                onset_s=float(at_s[onset]),
                found_s=float(at_s[first] + SECOND_S),
                end_s=float(at_s[last] + SECOND_S),
                confidence=float(np.nanmax(probability[onset : last + 1])),
            )
        )
    return found


def _merged(places: NDArray[np.intp], at_s: Array) -> Iterator[tuple[int, int]]:
    """Yield the ends of each event, those less than ``MERGE_S`` apart as one."""
    apart = np.diff(at_s[places]) >= MERGE_S
    for run in np.split(places, np.flatnonzero(apart) + 1):
        if len(run):
            yield int(run[0]), int(run[-1])
