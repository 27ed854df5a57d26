"""Numbers of a running ward: how fast counters grow, how long matches take."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final, NamedTuple

from producers.contract import VITALS

WINDOW_S: Final = 10.0
LAST: Final = 200
SETTLING_MS: Final = 5_000
"""How long a job that has just been started works off what waited for it."""


class Sample(NamedTuple):
    """What a counter stood at, and when."""

    at_s: float
    total: float


def per_second(samples: Sequence[Sample]) -> float | None:
    """Return how fast a counter grew, or None as long as nobody can know.

    A counter that fell was started again with its server: what was before says
    nothing.
    """
    fell = [
        n for n in range(1, len(samples)) if samples[n].total < samples[n - 1].total
    ]
    since = samples[fell[-1] :] if fell else samples
    if len(since) < 2:  # noqa: PLR2004 - a rate needs two samples
        return None
    return (since[-1].total - since[0].total) / (since[-1].at_s - since[0].at_s)


class Meter:
    """The last samples of one counter."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def read(self, sample: Sample | None) -> None:
        """Take a sample, unless it is none or known already."""
        if sample is None or (self._samples and sample == self._samples[-1]):
            return
        self._samples.append(sample)
        while self._samples[0].at_s < sample.at_s - WINDOW_S:
            self._samples.popleft()

    def per_second(self) -> float | None:
        """Return how fast the counter grew in the last seconds."""
        return per_second(tuple(self._samples))


@dataclass(frozen=True, slots=True)
class Latency:
    """From device time to readable in Kafka, of the last ``count`` matches.

    ``allowed_s`` of it is the wait for readings that are late; the rest is ours.
    """

    count: int
    p50_s: float
    p99_s: float
    allowed_s: float = VITALS.max_lateness_ms / 1000

    @property
    def ours_p50_s(self) -> float:
        """What we add to the allowance, half of the time at most."""
        return self.p50_s - self.allowed_s

    @property
    def ours_p99_s(self) -> float:
        """What we add to the allowance, in 99 of 100 cases at most."""
        return self.p99_s - self.allowed_s


def latency(latencies_ms: Sequence[float]) -> Latency | None:
    """Return the latency of some matches, or None when there are none."""
    if not latencies_ms:
        return None
    cuts = quantiles([*latencies_ms, latencies_ms[-1]], n=100, method="inclusive")
    return Latency(len(latencies_ms), cuts[49] / 1000, cuts[98] / 1000)


class Latencies:
    """The latencies of the last matches."""

    def __init__(self) -> None:
        self._last_ms: deque[float] = deque(maxlen=LAST)

    def read(self, true_ms: int, readable_ms: int, since_ms: int | None) -> None:
        """Take one match, unless it waited for the job, which runs ``since_ms``."""
        if since_ms is not None and true_ms >= since_ms + SETTLING_MS:
            self._last_ms.append(readable_ms - true_ms)

    def now(self) -> Latency | None:
        """Return what the last matches took."""
        return latency(tuple(self._last_ms))
