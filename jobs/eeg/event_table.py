"""A recording's events as the table that SzCORE and BIDS ask for.

``timescoring`` reads and compares events but writes no table, so it is written here.

References
----------
Dan, J. et al. (2024). SzCORE: Seizure Community Open-Source Research Evaluation
framework. Epilepsia. Format: Standardized format for seizure annotations.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

import numpy as np

from eeg.course import Course
from eeg.events import SECOND_S, Event
from eeg.window import STEP_S, WINDOW_S

COLUMNS: Final = (
    "onset",
    "duration",
    "eventType",
    "confidence",
    "channels",
    "dateTime",
    "recordingDuration",
)
SEIZURE: Final = "sz"
BACKGROUND: Final = "bckg"
NOT_KNOWN: Final = "n/a"


@dataclass(frozen=True, slots=True)
class Table:
    """What is written of one recording."""

    course: Course
    events: Sequence[Event]
    threshold: float
    start: datetime | None
    length_s: float


def write(table: Table, file: IO[str]) -> None:
    """Write one row an event; without any, one for each stretch that was judged.

    Background is never said of seconds in which too few channels could be used.
    """
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    start = table.start.strftime("%Y-%m-%d %H:%M:%S") if table.start else NOT_KNOWN
    for row in _seizures(table) if table.events else _background(table):
        writer.writerow([*row, start, f"{table.length_s:.2f}"])


def _seizures(table: Table) -> Iterator[list[str]]:
    for event in table.events:
        yield [
            f"{event.onset_s:.2f}",
            f"{event.end_s - event.onset_s:.2f}",
            SEIZURE,
            f"{event.confidence:.3f}",
            ",".join(channels(table, event)) or NOT_KNOWN,
        ]


def channels(table: Table, event: Event) -> list[str]:
    """Return the channels that fired in at least half of their known seconds."""
    at_s = table.course.at_s
    inside = (at_s >= event.onset_s) & (at_s < event.end_s)
    known = table.course.by_channel[inside]
    fired = (known >= table.threshold).sum(axis=0)
    often = (fired > 0) & (2 * fired >= (~np.isnan(known)).sum(axis=0))
    names = np.array(table.course.channels)
    return [str(name) for name in names[often]]


def _background(table: Table) -> Iterator[list[str]]:
    at_s = table.course.at_s[~np.isnan(table.course.probability)]
    apart = np.flatnonzero(np.diff(at_s) > STEP_S) + 1
    for run in np.split(at_s, apart):
        if len(run):
            first_s = max(0.0, run[0] + SECOND_S - WINDOW_S)
            lasts_s = run[-1] + SECOND_S - first_s
            yield [
                f"{first_s:.2f}",
                f"{lasts_s:.2f}",
                BACKGROUND,
                NOT_KNOWN,
                NOT_KNOWN,
            ]
