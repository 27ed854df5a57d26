"""Which channels can be judged at all, and why the others cannot.

A broken channel must neither ring nor reassure, so it is named and left out. What is
looked at does not change with an amplifier's gain or offset: repeated extreme
values, not microvolts, say that an amplifier is at its limit. Only two bounds are in
microvolt, and leave a factor of five on either side of any EEG.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eeg.conditioning import Array, bridged, without_trend
from eeg.waveform import mean_square

Mask = NDArray[np.bool_]

GOOD: Final = "good"
MISSING: Final = "missing"
FLAT: Final = "flat"
RAILED: Final = "railed"
CLIPPED: Final = "clipped"
MAINS: Final = "mains"
DISCONNECTED: Final = "disconnected"
REASONS: Final = (MISSING, FLAT, RAILED, CLIPPED, MAINS, DISCONNECTED)
"""Why a channel is left out; of several reasons, the first of these is named."""

MOST_MISSING_SHARE: Final = 0.1
"""Shorter gaps are bridged by a straight line; more would be a made-up window."""

STILL_S: Final = 0.5
MOST_STILL: Final = 1
"""Half seconds without any change: living tissue has none, one may be a pop's rail."""

LEAST_LEVELS: Final = 4
"""Different values in a window: fewer are the amplifier's last bit, not EEG."""

FLAT_UV: Final = 0.5
"""Peak to peak: no scalp amplifier resolves less; electrical silence is 2 uV."""

RAILED_SHARE: Final = 0.25
"""Share of samples at the very highest or lowest value."""

CLIPPED_SHARE: Final = 0.01
OUTERMOST_SHARE: Final = 0.05
PILED_SHARE: Final = 0.5
"""Clipped: half of all that lies in the outermost twentieth of the range is at its
very end. A wave that merely turns there has a third of it, and less."""

CLIPPED_LEVELS: Final = 100
"""With fewer different values, a wave's top is one count wide and looks clipped."""

MAINS_HZ: Final = (50.0, 60.0)
MAINS_TIMES: Final = 10.0
"""Power of the mains over that of all else: it is filtered out anyhow, but an
amplifier, or an electrode, that picks up so much follows nothing else faithfully."""

OPEN_UV: Final = 30_000.0
"""Peak to peak: what an open input reaches and no brain does."""

WHITE_RATIO: Final = 1.5
"""Mean square of the steps over that of the samples: 2 for white noise, which is
all that an open input has; well below 1 for EEG and muscle."""


def qualities(samples_uv: Array, rate_hz: float) -> tuple[str, ...]:
    """Return "good" for each channel, or the first reason to leave it out.

    Parameters
    ----------
    samples_uv
        Shape (n_rows, n_samples), microvolt; NaN where nothing was measured.
    rate_hz
        Of all rows.
    """
    rows = bridged(samples_uv)
    ordered = np.sort(rows, axis=1)
    n_levels = np.count_nonzero(ordered[:, 1:] > ordered[:, :-1], axis=1) + 1
    lowest, highest = ordered[:, :1], ordered[:, -1:]
    at_ends = np.array([_share(ordered == end) for end in (lowest, highest)])
    varying = without_trend(rows)
    found = (
        _share(~np.isfinite(samples_uv)) > MOST_MISSING_SHARE,
        (n_levels < LEAST_LEVELS)
        | ((highest - lowest)[:, 0] < FLAT_UV)
        | _still(rows, rate_hz),
        at_ends.max(axis=0) > RAILED_SHARE,
        (n_levels >= CLIPPED_LEVELS) & _piled(ordered, at_ends),
        _drowned(varying, rate_hz),
        ((highest - lowest)[:, 0] > OPEN_UV) | _white(varying),
    )
    return tuple(map(str, np.select(found, REASONS, GOOD)))


def _share(mask: Mask) -> NDArray[np.float64]:
    """Return how much of each row is true."""
    return np.asarray(np.count_nonzero(mask, axis=1) / mask.shape[1])


def _still(rows: Array, rate_hz: float) -> Mask:
    length = max(2, round(STILL_S * rate_hz))
    n_blocks = rows.shape[1] // length
    blocks = rows[:, : n_blocks * length].reshape(len(rows), n_blocks, length)
    moves = (blocks[:, :, 1:] != blocks[:, :, :-1]).any(axis=2)
    return np.asarray(n_blocks - moves.sum(axis=1) > MOST_STILL)


def _piled(ordered: Array, at_ends: NDArray[np.float64]) -> Mask:
    """Return where the outermost samples are piled up at one of the ends."""
    lowest, highest = ordered[:, :1], ordered[:, -1:]
    reach = np.float32(OUTERMOST_SHARE) * (highest - lowest)
    outermost = np.array(
        [_share(ordered <= lowest + reach), _share(ordered >= highest - reach)]
    )
    piled = (at_ends > CLIPPED_SHARE) & (at_ends > PILED_SHARE * outermost)
    return np.asarray(piled.any(axis=0))


def _drowned(varying: Array, rate_hz: float) -> Mask:
    """Return where the power at a mains frequency outweighs all the rest."""
    waves = varying @ _probe(varying.shape[1], rate_hz)
    mains = (waves**2).reshape(len(waves), len(MAINS_HZ), 2).sum(axis=2).max(axis=1) / 2
    return np.asarray(mains > MAINS_TIMES * (mean_square(varying) - mains))


@lru_cache(maxsize=16)
def _probe(n_samples: int, rate_hz: float) -> Array:
    """Return a tapered cosine and sine for each mains frequency, as columns.

    They read off a wave's size, half a hertz to either side; shape (n_samples, 4).
    """
    taper = np.hanning(n_samples)[:, None]
    turns = 2 * np.pi * np.outer(np.arange(n_samples) / rate_hz, np.repeat(MAINS_HZ, 2))
    waves = np.cos(turns - np.resize([0, np.pi / 2], len(turns[0])))
    return np.asarray(waves * taper * (2 / taper.sum()), np.float32)


def _white(varying: Array) -> Mask:
    steps = varying[:, 1:] - varying[:, :-1]
    return np.asarray(mean_square(steps) > WHITE_RATIO * mean_square(varying))
