"""Send batches, and say how it goes."""

import logging
import threading
import time
from collections import Counter
from typing import Final, Protocol

from producers.contract import DEVICE_STATUS, EEG, TRUTH, VITALS
from producers.figures import Figures, lateness, line, summary
from producers.outgoing import Batch
from producers.pacing import Batches, Clock, in_real_time, until
from producers.publisher import BrokerError, Publisher

logger = logging.getLogger(__name__)

REPORT_EVERY_S: Final = 5.0


class Tell(Protocol):
    """Told again and again how it goes, and at last how it went."""

    def __call__(self, so_far: Figures) -> None:
        """Take the figures since the beginning."""


class Told:
    """Logs a line every few seconds."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._now = now
        self._began_s = self._since_s = now()
        self._before = Figures()

    def __call__(self, so_far: Figures) -> None:
        """Log what came since the last line, if that was a while ago."""
        if (passed_s := self._now() - self._since_s) >= REPORT_EVERY_S:
            recent = so_far.since(self._before)
            logger.info("%s", line(recent, passed_s, so_far.readings))
            self._since_s, self._before = self._now(), so_far

    def end(self, total: Figures) -> None:
        """Log what it was in all; raise ``BrokerError`` if something was lost."""
        logger.info("%s", summary(total, self._now() - self._began_s))
        if total.failed:
            msg = f"{total.failed:,} messages were not delivered"
            raise BrokerError(msg)


class Meter:
    """Counts what goes out through ``publisher``.

    Time 0 of the batches is at ``start_s``, if they go out in real time.
    """

    def __init__(
        self, publisher: Publisher, start_s: float | None, now: Clock = time.time
    ) -> None:
        self._publisher = publisher
        self._start_s = start_s
        self._now = now
        self._readings = 0
        self._late: Counter[int] = Counter()
        self._cpu_s = time.process_time()

    def count(self, batch: Batch) -> None:
        """Count ``batch``, which was handed over this moment."""
        self._readings += batch.readings
        if batch.readings and self._start_s is not None:
            late_s = self._now() - self._start_s - batch.at_s
            self._late[lateness(late_s)] += batch.readings

    def figures(self, *, lost: int | None = None) -> Figures:
        """Return what was sent until now; ``lost`` is known at the end."""
        publisher = self._publisher
        return Figures(
            readings=self._readings,
            messages=publisher.messages,
            bytes=publisher.bytes,
            queued=publisher.queued,
            failed=publisher.failed if lost is None else lost,
            waited_s=publisher.waited_s,
            cpu_s=time.process_time() - self._cpu_s,
            late=self._late.copy(),
        )


def sent(
    batches: Batches,
    publisher: Publisher,
    stop: threading.Event,
    tell: Tell,
    *,
    start_s: float | None,
) -> Figures:
    """Send ``batches``, wait for the broker to have them; return what was sent.

    Time 0 of the batches is at ``start_s``; without one, all go at once. ``tell``
    hears of it many times a second, also while the broker takes nothing.
    """
    meter = Meter(publisher, start_s)

    def say() -> None:
        tell(meter.figures())

    publisher.while_waiting = say
    if start_s is not None:
        batches = in_real_time(batches, start_s=start_s, now=time.time, wait=stop.wait)
    for batch in until(batches, stop):
        publisher.send(VITALS, batch.vitals)
        publisher.send(EEG, batch.eeg)
        publisher.send(TRUTH, batch.truth)
        publisher.send(DEVICE_STATUS, batch.statuses)
        meter.count(batch)
        say()
    return meter.figures(lost=publisher.close())


def send(
    batches: Batches,
    publisher: Publisher,
    stop: threading.Event,
    *,
    start_s: float,
    max_speed: bool,
) -> None:
    """Send ``batches``, whose time 0 is ``start_s``, in real time or all at once.

    A line every few seconds and a last one say how it goes.
    """
    told = Told()
    real_s = None if max_speed else start_s
    told.end(sent(batches, publisher, stop, told, start_s=real_s))
