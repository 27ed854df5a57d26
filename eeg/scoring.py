"""From windows to a probability per channel."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from eeg.conditioning import bridged, conditioned
from eeg.features import amplitude_uv, features, log_line_length
from eeg.model import Model, load
from eeg.quality import GOOD, qualities
from eeg.window import Window

DEFAULT: Final[Traversable] = resources.files("eeg") / "models" / "seizure"
"""The model in service: found in a folder, and in a zip archive just as well."""

ROWS_AT_ONCE: Final = 64
"""So many rows fit a core's own cache."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What is known of each channel of one window, in the window's order.

    Attributes
    ----------
    probability
        Of a seizure, shape (n_channels,); NaN where the channel was left out.
    quality
        "good", or why the channel was left out.
    log_line_length
        ln(uV/s), NaN where left out: what a background is learned from.
    amplitude_uv
        Typical peak, in microvolt, for the board; NaN where left out.
    """

    probability: NDArray[np.float64]
    quality: tuple[str, ...]
    log_line_length: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]


class Scorer:
    """The channel model, loaded once per worker."""

    def __init__(self, model: Model) -> None:
        """Score with ``model``."""
        self._model = model

    @property
    def model(self) -> str:
        """Return which model it is: its kind, and how its digest begins."""
        return f"{self._model.card.kind} {self._model.card.sha256[:8]}"

    @property
    def threshold(self) -> float:
        """Return the card's: a probability of at least this fires."""
        return self._model.card.threshold

    @classmethod
    def load(cls, folder: Traversable = DEFAULT) -> Self:
        """Return the scorer of the model in ``folder``.

        One thread from now on: a worker shares its cores with others, and rows are
        too short to be worth a second thread.

        Raises
        ------
        ModelError
            If the model does not fit its card, this code, or the libraries.
        """
        threadpool_limits(1)
        return cls(load(folder))

    def score(self, windows: Sequence[Window]) -> list[Scored]:
        """Return what is known of each window, in their order.

        Windows of one rate and length are scored together, whatever their channels.
        """
        alike: dict[tuple[float, int], list[int]] = defaultdict(list)
        for place, window in enumerate(windows):
            alike[window.rate_hz, window.samples_uv.shape[1]].append(place)
        found: dict[int, Scored] = {}
        for (rate_hz, _), places in alike.items():
            rows = [windows[place].samples_uv for place in places]
            scored = self._rows(np.concatenate(rows).astype(np.float32), rate_hz)
            found |= zip(places, _cut(scored, map(len, rows)), strict=True)
        return [found[place] for place in range(len(windows))]

    def _rows(self, samples_uv: NDArray[np.float32], rate_hz: float) -> Scored:
        """Return what is known of rows that are alike, as if they were one window."""
        parts = [
            _measured(samples_uv[first : first + ROWS_AT_ONCE], rate_hz)
            for first in range(0, len(samples_uv), ROWS_AT_ONCE)
        ]
        quality, numbers = zip(*parts, strict=True)
        flat = tuple(each for part in quality for each in part)
        good = np.array([each == GOOD for each in flat])
        table = np.concatenate(numbers)
        known = np.full((3, len(flat)), np.nan)
        known[0, good] = self._model.probability(table[:, 2:])
        known[1:, good] = table[:, :2].T
        return Scored(known[0], flat, known[1], known[2])


def _measured(
    samples_uv: NDArray[np.float32], rate_hz: float
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return each row's quality; of the good ones loudness, amplitude and features."""
    quality = qualities(samples_uv, rate_hz)
    good = np.array([each == GOOD for each in quality], bool)
    rows = conditioned(bridged(samples_uv[good]), rate_hz)
    columns = (log_line_length(rows), amplitude_uv(rows), features(rows))
    return quality, np.column_stack(columns)


def _cut(scored: Scored, sizes: Iterable[int]) -> list[Scored]:
    """Return the windows that were scored as one, each by itself again."""
    ends = np.cumsum([0, *sizes])
    return [
        Scored(
            scored.probability[a:b],
            scored.quality[a:b],
            scored.log_line_length[a:b],
            scored.amplitude_uv[a:b],
        )
        for a, b in itertools.pairwise(ends)
    ]
