"""When batches go out: in real time or at once, until they are enough.

Each function takes batches and yields batches; they are put into one another.
"""

import itertools
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from producers.outgoing import Batch

Clock = Callable[[], float]
Batches = Iterable[Batch]


def in_real_time(
    batches: Batches, *, start_s: float, now: Clock, wait: Callable[[float], object]
) -> Iterator[Batch]:
    """Yield each batch when its time has come, or at once when it has passed."""
    for batch in batches:
        wait(max(0.0, start_s + batch.at_s - now()))
        yield batch


def until(batches: Batches, stop: threading.Event) -> Iterator[Batch]:
    """Yield batches until ``stop`` is set."""
    return itertools.takewhile(lambda _batch: not stop.is_set(), batches)


def for_at_most(
    batches: Batches, *, duration_s: float = math.inf, count: float = math.inf
) -> Iterator[Batch]:
    """Yield what goes out within ``duration_s``, and ``count`` readings at most."""
    sent = 0
    for batch in batches:
        vitals = batch.vitals
        if batch.at_s > duration_s + _ROUNDING_S or sent >= count:
            return
        if sent + len(vitals) > count:
            vitals = vitals[: int(count) - sent]
        sent += len(vitals)
        yield batch._replace(vitals=vitals)


_ROUNDING_S: Final = 1e-6


def quicker(batches: Batches, speed: float) -> Iterator[Batch]:
    """Yield ``batches``, each when it is due at ``speed``."""
    return (batch._replace(at_s=batch.at_s / speed) for batch in batches)


def head_start_s(length_s: float, speed: float) -> float:
    """Return how long before now event time begins, so that it never outruns now."""
    return length_s - length_s / speed if speed > 1.0 else 0.0
