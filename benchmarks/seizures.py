"""How well seizures are found in a day of simulated EEG, and how fast it is scored.

python -m benchmarks.seizures --hours 24

Model, background and events are those of the stream, without Kafka and Flink. This
proves the plumbing and not the medicine: the twin's seizures are what its authors
think seizures look like.
"""

import itertools
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from digital_twin.brain.scalp import ELECTRODES, Signal
from digital_twin.eeg import RATE_HZ, Second, record
from eeg.course import of_scored
from eeg.scoring import Scored, Scorer
from eeg.window import WINDOW_S, Window
from workbench.event_scores import (
    EventScores,
    Span,
    event_scores,
    found_in,
    operating_points,
)

SECONDS_AN_HOUR: Final = 3600
AT_ONCE: Final = 60
WIDE: Final = 100
"""Columns where nobody's terminal says how many there are."""

THRESHOLDS: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Hours = Annotated[float, typer.Option(help="How long the recording is.")]
Seizures = Annotated[int, typer.Option(help="How many seizures there are in it.")]
Seed = Annotated[int, typer.Option(help="Which patient it is.")]


def main(hours: Hours = 24.0, seizures: Seizures = 20, seed: Seed = 1) -> None:
    """Find the seizures in simulated EEG of 19 electrodes, and count what was found."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    scorer = Scorer.load()
    length_s = round(hours * SECONDS_AN_HOUR)
    truth: list[Span] = []
    day = _noting(record(length_s, seed, n_seizures=seizures), truth)
    shown = track(day, "scored", total=length_s, console=Console(stderr=True))
    scored, spent_s = _scored(scorer, _windows(shown))
    at_s = np.arange(WINDOW_S - 1, length_s)
    course = of_scored(ELECTRODES, at_s.tolist(), scored)
    here = event_scores(truth, found_in(course, scorer.threshold), length_s)
    others = operating_points(course, truth, length_s, THRESHOLDS)
    console.print(_table([(scorer.threshold, here), *others], len(truth)))
    unknown = np.isnan(course.probability).mean()
    console.print(f"seconds with too few usable channels: {unknown:.2%}")
    each_us = 1e6 * spent_s / (len(scored) * len(ELECTRODES))
    console.print(
        f"scoring took {each_us:.0f} us of a core for each channel and second"
    )


def _noting(seconds: Iterable[Second], truth: list[Span]) -> Iterator[Signal]:
    """Yield the samples of each second, and note the seizures that begin in it."""
    for second in seconds:
        truth.extend((each.onset_s, each.end_s) for each in second.seizures)
        yield second.samples_uv[0]


def _windows(seconds: Iterable[Signal]) -> Iterator[Window]:
    latest: deque[Signal] = deque(maxlen=WINDOW_S)
    for second in seconds:
        latest.append(second)
        if len(latest) == WINDOW_S:
            yield Window(RATE_HZ, ELECTRODES, np.concatenate(latest, axis=1))


def _scored(scorer: Scorer, windows: Iterator[Window]) -> tuple[list[Scored], float]:
    """Return what is known of each window, and the processor's time it took."""
    found: list[Scored] = []
    spent_s = 0.0
    while batch := list(itertools.islice(windows, AT_ONCE)):
        before_s = time.process_time()
        found += scorer.score(batch)
        spent_s += time.process_time() - before_s
    return found, spent_s


def _table(rows: Sequence[tuple[float, EventScores]], n_seizures: int) -> Table:
    title = f"{n_seizures} seizures; the first row is the card's threshold"
    table = Table(title=title, title_justify="left")
    for column in (
        "threshold",
        "sensitivity",
        "precision",
        "F1",
        "false alarms / 24 h",
        "latency p50, s",
        "p95, s",
    ):
        table.add_column(column, justify="right")
    for threshold, scores in rows:
        table.add_row(
            f"{threshold:.3f}",
            f"{scores.sensitivity:.3f}",
            f"{scores.precision:.3f}",
            f"{scores.f1:.3f}",
            f"{scores.false_alarms_per_24h:.2f}",
            f"{scores.latency_p50_s:.1f}",
            f"{scores.latency_p95_s:.1f}",
        )
    return table


if __name__ == "__main__":
    typer.run(main)
