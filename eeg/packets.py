"""Samples as they travel in a message: base64 of little-endian int16.

A message is one second of one recording. Sample ``i`` was taken ``i / rate_hz``
after the recording's start, so a second of 173.61 Hz has 173 or 174 samples of
each channel and none is lost or doubled.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pybase64
from numpy.typing import NDArray

Counts = NDArray[np.int16]

MOST_COUNT: Final = 32_767
"""The greatest count; -32768 is left to amplifiers that rail there."""

_WIRE: Final = np.dtype("<i2")


class PacketError(ValueError):
    """What is wrong with a message's samples: a name, a colon, what was given."""


def encoded(counts: Counts) -> bytes:
    """Return ``counts``, shape (n_channels, n_samples), as they travel."""
    return pybase64.b64encode(counts.astype(_WIRE).tobytes())


def decoded(
    seconds: Iterable[str | bytes],
    channels: Sequence[str],
    rate_hz: float,
    uv_per_count: float,
) -> NDArray[np.float32]:
    """Return the samples of messages that follow one another, in microvolt.

    They have the shape (n_channels, n_samples). Refuses what ``unpacked`` refuses.
    """
    counts = [unpacked(each, channels, rate_hz, uv_per_count) for each in seconds]
    return np.concatenate(counts, axis=1) * np.float32(uv_per_count)


def unpacked(
    samples: str | bytes, channels: Sequence[str], rate_hz: float, uv_per_count: float
) -> Counts:
    """Return a message's samples.

    Returns
    -------
    ndarray of int16, shape (n_channels, n_samples)
        Counts; each is worth ``uv_per_count`` microvolt.

    Raises
    ------
    PacketError
        ``wrong_rate``, ``wrong_scale``, ``wrong_channels``, ``wrong_base64`` or
        ``wrong_length``, and what was given.
    """
    _check(channels, rate_hz, uv_per_count)
    try:
        raw = pybase64.b64decode(samples, validate=True)
    except (ValueError, TypeError) as error:
        msg = f"wrong_base64: {error}"
        raise PacketError(msg) from None
    n_samples, rest = divmod(len(raw), len(channels) * _WIRE.itemsize)
    if rest or not math.floor(rate_hz) <= n_samples <= math.ceil(rate_hz):
        msg = (
            f"wrong_length: {len(raw)} bytes are no second"
            f" of {len(channels)} channels at {rate_hz:g} Hz"
        )
        raise PacketError(msg)
    return np.frombuffer(raw, _WIRE).reshape(len(channels), n_samples)


def _check(channels: Sequence[str], rate_hz: float, uv_per_count: float) -> None:
    if not 1.0 <= rate_hz < math.inf:
        msg = f"wrong_rate: {rate_hz:g} Hz"
        raise PacketError(msg)
    if not 0.0 < uv_per_count < math.inf:
        msg = f"wrong_scale: {uv_per_count:g} uV a count"
        raise PacketError(msg)
    if not len(channels) or len(set(channels)) < len(channels):
        msg = f"wrong_channels: {len(channels)} names, {len(set(channels))} different"
        raise PacketError(msg)


def first_sample(second: int, rate_hz: float) -> int:
    """Return the number of the first sample taken in ``second`` or later."""
    return math.ceil(round(second * rate_hz, _EXACT))


def whole_seconds(n_samples: int, rate_hz: float) -> int:
    """Return how many whole seconds ``n_samples`` are."""
    seconds = math.floor(n_samples / rate_hz)
    return seconds + (first_sample(seconds + 1, rate_hz) <= n_samples)


_EXACT: Final = 6
"""Decimals of a sample's number that are trusted: 3 * 173.61 is 520.83 and no more."""


def quantised(samples_uv: NDArray[np.float32], uv_per_count: float) -> Counts:
    """Return the nearest counts, within what an int16 holds; NaN is 0."""
    counts = np.rint(np.nan_to_num(samples_uv / np.float32(uv_per_count)))
    return np.clip(counts, -MOST_COUNT, MOST_COUNT).astype(np.int16)
