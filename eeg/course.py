"""A recording's course: what is known of the patient, second after second."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eeg.packets import first_sample, whole_seconds
from eeg.patient import patient_log_line_length, patient_probability
from eeg.recording import Recording
from eeg.scoring import Scored, Scorer
from eeg.window import STEP_S, WINDOW_S, Window

Array = NDArray[np.float64]

WINDOWS_AT_ONCE: Final = 60
Tell = Callable[[int], None]
"""Called with how many seconds have just been scored."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What is known of one patient, one entry a second.

    Attributes
    ----------
    channels
        Names of the channels.
    at_s
        Shape (n,): where the last second of each window begins.
    probability, log_line_length
        Shape (n,): the patient's; NaN where too few channels could be used.
    by_channel
        Shape (n, n_channels): each channel's probability; NaN where left out.
    """

    channels: tuple[str, ...]
    at_s: Array
    probability: Array
    log_line_length: Array
    by_channel: Array


def course(
    scorer: Scorer, parts: Sequence[Recording], tell: Tell = lambda _: None
) -> Course:
    """Return the course of one recording, in parts where it has gaps.

    No window reaches over a gap, as in the stream; the parts have the same channels.
    """
    at_s, scored = [], []
    for part in parts:
        for batch in _batches(_windows(part)):
            scored += scorer.score([window for _, window in batch])
            at_s += [second for second, _ in batch]
            tell(len(batch))
    return of_scored(parts[0].channels, at_s, scored)


def of_scored(
    channels: tuple[str, ...], at_s: Sequence[float], scored: Sequence[Scored]
) -> Course:
    """Return the course that scored windows make."""
    table = [each.probability for each in scored]
    return Course(
        channels,
        np.array(at_s, float),
        np.array([patient_probability(each) for each in scored]),
        np.array([patient_log_line_length(each) for each in scored]),
        np.array(table).reshape(len(scored), len(channels)),
    )


def n_windows(part: Recording) -> int:
    """Return how many windows a part of a recording has."""
    seconds = whole_seconds(part.n_samples, part.rate_hz)
    return max(0, seconds - WINDOW_S + STEP_S)


def _windows(part: Recording) -> Iterator[tuple[float, Window]]:
    """Yield where the last second of each window begins, and the window."""
    for first_s in range(n_windows(part)):
        edges = (first_sample(s, part.rate_hz) for s in (first_s, first_s + WINDOW_S))
        samples_uv = part.part_uv(*edges)
        last_s = part.begins_s + first_s + WINDOW_S - STEP_S
        yield last_s, Window(part.rate_hz, part.channels, samples_uv)


def _batches(
    windows: Iterator[tuple[float, Window]],
) -> Iterator[list[tuple[float, Window]]]:
    while batch := list(itertools.islice(windows, WINDOWS_AT_ONCE)):
        yield batch
