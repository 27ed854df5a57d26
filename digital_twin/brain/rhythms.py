"""The background: noise with a spectrum for each electrode, second after second.

A block of two seconds is noise of the spectrum wanted; each second is the end of
one block faded into the beginning of the next, by a sine and a cosine, so that
power neither rises nor falls on the way. Nothing is above ``HIGHEST_HZ``, as
behind an amplifier's filter.

What the sources do not say is our choice, by eye: how wide a bell is, how far it is
seen, and how people differ.

References
----------
Niedermeyer, E., Lopes da Silva, F. H. (2005). Electroencephalography: Basic
Principles, Clinical Applications, and Related Fields, 5th ed. Lippincott.
Buzsaki, G., Draguhn, A. (2004). Neuronal oscillations in cortical networks.
Science, 304(5679), 1926-1929.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.brain.scalp import ELECTRODES, MIXING, Signal, around
from digital_twin.cohort import Array

HIGHEST_HZ: Final = 70
"""The filter before sampling: Nuwer, M. R. et al. (1998). IFCN standards for digital
recording of clinical EEG. Electroencephalogr Clin Neurophysiol 106(3): 259-261."""

BLOCK_S: Final = 2
_LOWEST_HZ: Final = 0.5
"""The slowest there is in two seconds, and what amplifiers commonly let pass; our
choice."""

_HZ: Final = np.arange(1, BLOCK_S * HIGHEST_HZ + 1) / BLOCK_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A part of the background: where in the spectrum, where on the scalp.

    ``peak_hz`` lies within ``between_hz`` of the mean from patient to patient;
    ``electrodes`` are those that see it most (none: all alike).
    """

    name: str
    source: str
    peak_hz: float
    width_hz: float
    between_hz: float = 0.0
    electrodes: tuple[str, ...] = ()
    reach_rad: float = 1.0


_GLOSSARY: Final = (
    "Noachtar, S. et al. (1999). A glossary of terms most commonly used by clinical "
    "electroencephalographers. Electroencephalogr Clin Neurophysiol Suppl 52: 21-41."
)
_SLEEP: Final = (
    "Silber, M. H. et al. (2007). The visual scoring of sleep in adults. J Clin Sleep "
    "Med 3(2): 121-131."
)

RHYTHMS: Final = (
    Rhythm(
        name="slow",
        source=f"0.5 to 2 Hz in deep sleep: {_SLEEP}",
        peak_hz=1.6,
        width_hz=0.7,
        between_hz=0.2,
    ),
    Rhythm(
        name="theta",
        source=f"4 to 8 Hz: {_GLOSSARY} That it is in the middle is our choice.",
        peak_hz=6.0,
        width_hz=0.9,
        between_hz=0.4,
        electrodes=("Fz",),
    ),
    Rhythm(
        name="alpha",
        source=f"8 to 13 Hz, at the back of the head, with closed eyes: {_GLOSSARY} In "
        "most people about 10 Hz: Niedermeyer and Lopes da Silva (2005), as above.",
        peak_hz=10.0,
        width_hz=0.6,
        between_hz=0.7,
        electrodes=("O1", "O2"),
        reach_rad=0.9,
    ),
    Rhythm(
        name="spindle",
        source=f"11 to 16 Hz, mostly 12 to 14, in the middle: {_SLEEP}",
        peak_hz=13.0,
        width_hz=0.6,
        electrodes=("Cz",),
    ),
    Rhythm(
        name="beta",
        source=f"Above 13 Hz, in front: {_GLOSSARY}",
        peak_hz=20.0,
        width_hz=3.0,
        between_hz=1.0,
        electrodes=("F3", "F4"),
    ),
)
"""The bells of the spectrum; what falls off with 1/f is below them all."""

_ROW: Final = {rhythm.name: row for row, rhythm in enumerate(RHYTHMS, 1)}
_EVERYWHERE: Final = np.ones(len(ELECTRODES))
_TOPOGRAPHY: Final = np.array(
    [_EVERYWHERE]
    + [
        around(r.electrodes, r.reach_rad) if r.electrodes else _EVERYWHERE
        for r in RHYTHMS
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a patient's background is like.

    ``shapes`` has the shape (patients, parts, frequencies), each sums to 1;
    ``loudness`` has the shape (patients,): how strong all of it is on the scalp.
    """

    shapes: Array
    loudness: Array


def traits(n: int, rng: np.random.Generator) -> Traits:
    """Draw ``n`` patients; that loudness differs by a quarter is our choice."""
    peaks = np.array([[r.peak_hz for r in RHYTHMS]])
    between = np.array([[r.between_hz for r in RHYTHMS]])
    peaks = peaks + between * np.clip(rng.standard_normal((n, len(RHYTHMS))), -2, 2)
    width = np.array([[[r.width_hz] for r in RHYTHMS]])
    bells = np.exp(-0.5 * ((_HZ - peaks[:, :, None]) / width) ** 2)
    steep = np.broadcast_to(1.0 / np.maximum(_HZ, _LOWEST_HZ), (n, 1, _HZ.size))
    shapes = np.concatenate([steep, bells], axis=1)
    loudness = np.exp(0.25 * np.clip(rng.standard_normal(n), -2, 2))
    return Traits(shapes=shapes / shapes.sum(axis=2, keepdims=True), loudness=loudness)


def strengths_uv(depth: Array, eyes_open: Array, slowing: Array) -> Array:
    """Return how strong each part is, shape (patients, parts), root mean square.

    All of it is our choice, by eye, near what the references say from trough to peak,
    which is about three times as much: alpha mostly below 50 uV, beta below 30
    (Noachtar 1999), slow waves of deep sleep above 75 (Silber 2007). Alpha and beta
    fade and slow waves come as sleep gets deeper, theta and spindles in between.

    Parameters
    ----------
    depth : ndarray, shape (patients,)
        Of sleep, from 0 to 1.
    eyes_open : ndarray, shape (patients,)
        1 for open, 0 for closed.
    slowing : ndarray, shape (patients,)
        After a seizure: 1 at its end, back to 0.
    """
    awake = 1.0 - depth
    uv = np.empty((depth.size, len(RHYTHMS) + 1))
    uv[:, 0] = 9.0 + 3.0 * depth
    uv[:, _ROW["slow"]] = 2.0 + 32.0 * depth**2 + 35.0 * slowing
    uv[:, _ROW["theta"]] = 4.0 + 10.0 * depth * awake
    uv[:, _ROW["alpha"]] = 22.0 * awake**3 * (1.0 - 0.75 * eyes_open) * (1.0 - slowing)
    uv[:, _ROW["spindle"]] = 18.0 * (depth * awake) ** 2 * 4.0
    uv[:, _ROW["beta"]] = 4.0 * (1.0 - 0.6 * depth) * (1.0 - 0.5 * slowing)
    return uv


def block(who: Traits, uv: Array, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Return two seconds of noise, shape (patients, electrodes, samples)."""
    n = BLOCK_S * rate_hz
    bins = min(_HZ.size, n // 2 - 1)
    power = (who.loudness[:, None] * uv) ** 2
    weighted = (power[:, :, None] * who.shapes[:, :, :bins]).astype(np.float32)
    amplitude = np.sqrt((_TOPOGRAPHY.T**2).astype(np.float32) @ weighted)
    parts = rng.standard_normal((*amplitude.shape, 2), dtype=np.float32)
    noise = MIXING @ parts.view(np.complex64)[..., 0]
    spectrum = np.zeros((*amplitude.shape[:2], bins + 1), np.complex64)
    spectrum[:, :, 1:] = noise * amplitude * np.float32(n / 2)
    return np.asarray(np.fft.irfft(spectrum, n), np.float32)


def second(before: Signal, behind: Signal) -> Signal:
    """Return the second in which block ``before`` ends and ``behind`` begins."""
    n = before.shape[-1] // BLOCK_S
    angle = np.pi / 2.0 * (np.arange(n) + 0.5) / n
    fade, rise = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    return np.asarray(before[..., n:] * fade + behind[..., :n] * rise)
