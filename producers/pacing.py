"""When batches go out: in real time or at once, until they are enough.

Each function takes batches and yields batches; they are put into one another.
"""

import itertools
import logging
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from producers.outgoing import Batch

logger = logging.getLogger(__name__)

REPORT_EVERY_S: Final = 5.0

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


def reported(
    batches: Batches, *, start_s: float | None, now: Clock, state: Callable[[], str]
) -> Iterator[Batch]:
    """Yield ``batches``, and log every few seconds how fast they go out.

    Time 0 of the batches was at ``start_s``, if they go out in real time;
    ``state`` adds what else matters.
    """
    since_s, sent, before = now(), 0, 0
    for batch in batches:
        yield batch
        sent += len(batch.vitals)
        if (passed_s := now() - since_s) >= REPORT_EVERY_S:
            speed = f"{(sent - before) / passed_s:,.0f} readings/s, {sent:,} in all"
            behind = "" if start_s is None else _behind(now() - start_s - batch.at_s)
            logger.info("%s%s%s", speed, behind, state())
            since_s, before = now(), sent


def _behind(late_s: float) -> str:
    return f", {max(0.0, late_s):.2f} s behind real time"
