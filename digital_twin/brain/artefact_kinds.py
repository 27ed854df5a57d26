"""The artefacts there are, as data, and their waves.

How often one comes, how loud it is, for how long and how far it is seen is our choice
where the source does not say, by eye: between a quiet and a restless day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.brain.scalp import ELECTRODES
from digital_twin.cohort import Array

Wave = Callable[[Array, float, np.random.Generator], Array]
"""Seconds since its onset, shape (samples,), the mains' frequency, and noise ->
what each electrode would see at full weight, shape (electrodes or 1, samples)."""

Range = tuple[float, float]


def _blink(since_s: Array, _mains_hz: float, _rng: np.random.Generator) -> Array:
    """Return lids that close for 0.13 s, every 0.9 s; our choice."""
    bump = np.exp(-(((np.mod(since_s, 0.9) - 0.2) / 0.08) ** 2))
    return np.asarray(bump[None, :])


def _muscle(since_s: Array, _mains_hz: float, rng: np.random.Generator) -> Array:
    """Return noise, the stronger the higher its frequency, root mean square 1."""
    noise = rng.standard_normal((len(ELECTRODES), since_s.size + 1))
    return np.asarray(np.diff(noise) / np.sqrt(2.0))


def _chewing(since_s: Array, mains_hz: float, rng: np.random.Generator) -> Array:
    """Return muscles, one and a half times a second."""
    bites = np.sin(np.pi * 1.5 * since_s) ** 4
    return np.asarray(bites * _muscle(since_s, mains_hz, rng))


def _pop(since_s: Array, _mains_hz: float, _rng: np.random.Generator) -> Array:
    """Return a step that the amplifier forgets in 0.3 s, as a filter of 0.5 Hz does."""
    return np.asarray(np.exp(-since_s / 0.3)[None, :])


def _mains(since_s: Array, mains_hz: float, _rng: np.random.Generator) -> Array:
    return np.asarray(np.sin(2.0 * np.pi * mains_hz * since_s)[None, :])


def _nothing(since_s: Array, _mains_hz: float, _rng: np.random.Generator) -> Array:
    return np.zeros((1, since_s.size))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of artefact.

    It comes ``per_hour`` to somebody awake (``eyes_open``: with open eyes;
    ``asleep_too``: also in sleep), and is seen round ``electrodes``, or at one
    electrode by chance (``single``), which ``silences`` may cut off.
    """

    name: str
    source: str
    per_hour: float
    duration_s: Range
    amplitude_uv: Range
    wave: Wave
    electrodes: tuple[str, ...] = ELECTRODES
    reach_rad: float = 0.6
    single: bool = False
    silences: bool = False
    eyes_open: bool = False
    asleep_too: bool = False


_KNOWN: Final = (
    "Tatum, W. O., Dworetzky, B. A., Schomer, D. L. (2011). Artifact and recording "
    "concepts in EEG. J Clin Neurophysiol 28(3): 252-263."
)

KINDS: Final = (
    Kind(
        name="blink",
        source="Above 50 uV near the eyes, less with distance: Verleger, R. (1993). "
        "Valid identification of blink artefacts: are they larger than 50 uV in EEG "
        "records? Electroencephalogr Clin Neurophysiol 87(6): 354-363. 17 a minute at "
        "rest: Bentivoglio, A. R. et al. (1997). Analysis of blink rate patterns in "
        "normal subjects. Mov Disord 12(6): 1028-1034. That they come in runs of one "
        "to four, about twelve a minute, is our choice.",
        per_hour=400.0,
        duration_s=(0.5, 3.0),
        amplitude_uv=(80.0, 200.0),
        wave=_blink,
        electrodes=("Fp1", "Fp2"),
        eyes_open=True,
    ),
    Kind(
        name="muscle",
        source="Fast, most of all in front and at the temples: Gasser, T. et al. "
        "(2005). Correction of muscle artefacts in the EEG power spectrum. Clin "
        "Neurophysiol 116(9): 2044-2050.",
        per_hour=15.0,
        duration_s=(1.0, 10.0),
        amplitude_uv=(20.0, 80.0),
        wave=_muscle,
        electrodes=("T7", "T8", "F7", "F8"),
        reach_rad=0.5,
    ),
    Kind(
        name="chewing",
        source="1.57 bites a second, for 13 s at a time: Po, J. M. C. et al. (2011). "
        "Time-frequency analysis of chewing activity in the natural environment. J "
        "Dent Res 90(10): 1206-1210. That bites are louder than other muscles is our "
        "choice.",
        per_hour=3.0,
        duration_s=(5.0, 15.0),
        amplitude_uv=(60.0, 150.0),
        wave=_chewing,
        electrodes=("T7", "T8"),
        reach_rad=0.8,
    ),
    Kind(
        name="electrode_pop",
        source=_KNOWN,
        per_hour=6.0,
        duration_s=(1.5, 2.5),
        amplitude_uv=(150.0, 500.0),
        wave=_pop,
        single=True,
        asleep_too=True,
    ),
    Kind(
        name="mains",
        source=_KNOWN,
        per_hour=1.5,
        duration_s=(20.0, 90.0),
        amplitude_uv=(20.0, 60.0),
        wave=_mains,
        asleep_too=True,
    ),
    Kind(
        name="electrode_off",
        source="Our choice: it shows nothing, where the amplifier knows; others hum.",
        per_hour=1.0,
        duration_s=(20.0, 120.0),
        amplitude_uv=(0.0, 0.0),
        wave=_nothing,
        single=True,
        silences=True,
        asleep_too=True,
    ),
)
"""Every kind there is."""
