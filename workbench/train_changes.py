"""The same brain, recorded otherwise: what a model must not care about.

``CHANGES`` are the single ones that a model is judged by. ``augmented`` draws a new
mixture each time, and is what it learns from besides the recordings themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Array = NDArray[np.float64]
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Trace:
    """One channel of one recording: samples in microvolt, shape (n_samples,)."""

    samples_uv: Array
    rate_hz: float

    @property
    def spread_uv(self) -> float:
        """Return the standard deviation: what noise is measured by."""
        return float(self.samples_uv.std())

    @property
    def times_s(self) -> Array:
        """Return when each sample was taken."""
        return np.arange(len(self.samples_uv)) / self.rate_hz

    def plus(self, other_uv: Array) -> "Trace":
        """Return the trace with something on top of it."""
        return replace(self, samples_uv=self.samples_uv + other_uv)


Change = Callable[[Trace, Generator], Trace]

PAD_S: Final = 1.0
MOST_GAIN: Final = 5.0
RATES_HZ: Final = (128.0, 200.0, 250.0, 256.0, 400.0, 500.0, 512.0)


def resampled(trace: Trace, rate_hz: float) -> Trace:
    """Return the trace at another rate; its ends are mirrored, so as not to ring."""
    pad = round(PAD_S * trace.rate_hz)
    longer = np.pad(trace.samples_uv, pad, mode="reflect", reflect_type="odd")
    ratio = rate_hz / trace.rate_hz
    found = signal.resample(longer, round(len(longer) * ratio))
    first, count = round(pad * ratio), round(len(trace.samples_uv) * ratio)
    return Trace(found[first : first + count], rate_hz)


def counted(trace: Trace, gain: float, offset_uv: float = 0.0) -> Trace:
    """Return the trace as an amplifier of another gain counts it: in whole numbers."""
    return replace(trace, samples_uv=np.round(trace.samples_uv * gain + offset_uv))


def noisy(trace: Trace, share: float, rng: Generator) -> Trace:
    """Return the trace with white noise, a share of its own spread."""
    noise = rng.standard_normal(len(trace.samples_uv))
    return trace.plus(share * trace.spread_uv * noise)


def filtered(trace: Trace, order: int, hz: float, kind: str) -> Trace:
    """Return the trace behind a Butterworth filter, forward only as hardware is."""
    sos = signal.butter(order, hz, kind, fs=trace.rate_hz, output="sos")
    level = trace.samples_uv - trace.samples_uv[0]
    return replace(trace, samples_uv=signal.sosfilt(sos, level))


def humming(trace: Trace, share: float, hz: float) -> Trace:
    """Return the trace with mains of a share of its spread."""
    return trace.plus(share * trace.spread_uv * np.sin(2 * np.pi * hz * trace.times_s))


def _as_other_hospital(trace: Trace, rng: Generator) -> Trace:
    return counted(noisy(resampled(trace, 256.0), 0.1, rng), 2.0, 100.0)


CHANGES: Final[Mapping[str, Change]] = {
    "gain 0.2, offset 100 uV": lambda t, _: counted(t, 0.2, 100.0),
    "gain 5, offset -300 uV": lambda t, _: counted(t, 5.0, -300.0),
    "resampled to 128 Hz": lambda t, _: resampled(t, 128.0),
    "resampled to 256 Hz": lambda t, _: resampled(t, 256.0),
    "resampled to 512 Hz": lambda t, _: resampled(t, 512.0),
    "white noise 5 %": lambda t, rng: noisy(t, 0.05, rng),
    "white noise 10 %": lambda t, rng: noisy(t, 0.10, rng),
    "mains 50 Hz, as large": lambda t, _: humming(t, 1.0, 50.0),
    "256 Hz, noise 10 %, gain 2": _as_other_hospital,
    "high-pass 1.6 Hz": lambda t, _: filtered(t, 1, 1.6, "high"),
    "low-pass 30 Hz": lambda t, _: filtered(t, 2, 30.0, "low"),
}
"""Names and changes that a candidate's figures are told for, each alone."""


def augmented(trace: Trace, rng: Generator) -> Trace:
    """Return the trace as some other amplifier in some other room would show it."""
    steps = (_rate, _high_pass, _low_pass, _noise, _mains, _drift, _blinks, _muscle)
    for step in steps:
        trace = step(trace, rng)
    return counted(trace, float(rng.choice([1 / MOST_GAIN, 0.5, 1, 2, MOST_GAIN])))


def _rate(trace: Trace, rng: Generator) -> Trace:
    anything = rng.uniform(RATES_HZ[0], RATES_HZ[-1])
    return resampled(trace, float(rng.choice([*RATES_HZ, trace.rate_hz, anything])))


def _high_pass(trace: Trace, rng: Generator) -> Trace:
    order, hz = int(rng.integers(1, 3)), rng.uniform(0.3, 1.6)
    return filtered(trace, order, hz, "high") if rng.random() < 1 / 2 else trace


def _low_pass(trace: Trace, rng: Generator) -> Trace:
    order, hz = int(rng.integers(1, 5)), rng.uniform(25.0, 60.0)
    return filtered(trace, order, hz, "low") if rng.random() < 1 / 2 else trace


def _noise(trace: Trace, rng: Generator) -> Trace:
    white, pink = rng.uniform(0, 0.15, 2) * trace.spread_uv
    n_samples = len(trace.samples_uv)
    trace = trace.plus(white * rng.standard_normal(n_samples))
    return trace.plus(pink * _pink(n_samples, rng))


def _pink(n_samples: int, rng: Generator) -> Array:
    """Return noise of which each octave holds the same power, of spread 1."""
    lines = np.fft.rfft(rng.standard_normal(n_samples))
    lines[1:] /= np.sqrt(np.arange(1, len(lines)))
    lines[0] = 0
    noise = np.fft.irfft(lines, n_samples)
    return np.asarray(noise / noise.std())


def _mains(trace: Trace, rng: Generator) -> Trace:
    share, hz = rng.uniform(0.05, 1.0), float(rng.choice([50.0, 60.0]))
    return humming(trace, share, hz) if rng.random() < 1 / 3 else trace


def _drift(trace: Trace, rng: Generator) -> Trace:
    share, hz = rng.uniform(0, 3), rng.uniform(0.02, 0.25)
    return humming(trace, share, hz) if rng.random() < 1 / 3 else trace


def _blinks(trace: Trace, rng: Generator) -> Trace:
    """Blinks: bumps of a third of a second, now and then, all of one sign."""
    if rng.random() > 1 / 4:
        return trace
    width_s, size = rng.uniform(0.08, 0.2), rng.uniform(1, 5) * trace.spread_uv
    count = rng.poisson(rng.uniform(0.1, 0.4) * trace.times_s[-1])
    bumps = [
        np.exp(-0.5 * ((trace.times_s - at_s) / width_s) ** 2)
        for at_s in rng.uniform(0, trace.times_s[-1], count)
    ]
    return trace.plus(size * np.sum([np.zeros_like(trace.times_s), *bumps], axis=0))


def _muscle(trace: Trace, rng: Generator) -> Trace:
    """Muscle: noise above 20 Hz that swells and goes within seconds."""
    if rng.random() > 1 / 4:
        return trace
    noise = Trace(rng.standard_normal(len(trace.samples_uv)), trace.rate_hz)
    buzz = filtered(noise, 2, 20.0, "high")
    pace, phase = rng.uniform(0.05, 0.3), rng.uniform(0, 2 * np.pi)
    swell = np.clip(np.sin(2 * np.pi * pace * trace.times_s + phase), 0, None)
    size = rng.uniform(0.2, 1.5) * trace.spread_uv / buzz.spread_uv
    return trace.plus(size * swell * buzz.samples_uv)
