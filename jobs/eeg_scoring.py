"""The Python function that a query calls to score windows.

A pandas function: a batch of windows in, a row a window out. It keeps nothing
from one call to the next, and loads the model once in the life of a worker.
"""

import logging
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyflink.table import DataTypes
from pyflink.table.udf import (
    FunctionContext,
    ScalarFunction,
    UserDefinedScalarFunctionWrapper,
    udf,
)

from eeg.packets import PacketError, decoded
from eeg.window import LEAST_RATE_HZ, MOST_RATE_HZ, Window

if TYPE_CHECKING:
    from eeg.scoring import Scored

logger = logging.getLogger(__name__)

Row = dict[str, Any]

RESULT: Final = {
    "model": DataTypes.STRING(),
    "threshold": DataTypes.DOUBLE(),
    "probability": DataTypes.DOUBLE(),
    "log_line_length": DataTypes.DOUBLE(),
    "good_channels": DataTypes.BIGINT(),
    "channel_probability": DataTypes.ARRAY(DataTypes.DOUBLE()),
    "channel_quality": DataTypes.ARRAY(DataTypes.STRING()),
    "channel_amplitude_uv": DataTypes.ARRAY(DataTypes.DOUBLE()),
}
"""What is said of a window; of a broken one, that no channel is good."""


class Scoring(Protocol):
    """What scores windows: ``eeg.scoring.Scorer``, or a test's stand-in."""

    @property
    def model(self) -> str:
        """Which model it is."""

    @property
    def threshold(self) -> float:
        """The probability from which on it speaks of a seizure."""

    def score(self, windows: Sequence[Window], /) -> "list[Scored]":
        """Return what is known of each window, in their order."""


def trained() -> Scoring:
    """Return the scorer of the trained model."""
    from eeg.scoring import Scorer  # noqa: PLC0415 - seconds, for those that score

    return Scorer.load()


class ScoreWindows(ScalarFunction):  # type: ignore[misc]  # PyFlink has no types
    """Scores windows of samples as they travel, the earliest second first."""

    def __init__(self, load: Callable[[], Scoring] = trained) -> None:
        """Say where the model comes from."""
        self._load = load

    def open(self, function_context: FunctionContext) -> None:  # noqa: ARG002
        """Load the model, once in the life of a worker."""
        self._scorer = self._load()

    def is_deterministic(self) -> bool:
        """Return that calling it twice is not calling it once: it costs too much."""
        return False

    def eval(
        self,
        channels: pd.Series,
        rate_hz: pd.Series,
        uv_per_count: pd.Series,
        *samples: pd.Series,
    ) -> pd.DataFrame:
        """Score each window that there is."""
        seconds = zip(*samples, strict=True)
        rows = zip(channels, rate_hz, uv_per_count, seconds, strict=True)
        windows = [_window(*row) for row in rows]
        said = iter(self._scored([window for window in windows if window]))
        told = [self._row(next(said) if window else None) for window in windows]
        return pd.DataFrame(told, columns=list(RESULT), dtype=object)

    def _scored(self, windows: Sequence[Window]) -> "list[Scored | None]":
        """Return what is known of each window; nothing of one that cannot be scored.

        One patient's odd signal must not stop all others: raised, it would come
        again after each restart.
        """
        try:
            return [*self._scorer.score(windows)]
        except Exception:
            if len(windows) == 1:
                logger.exception("a window cannot be scored")
                return [None]
            return [each for window in windows for each in self._scored([window])]

    def _row(self, scored: "Scored | None") -> Row:
        from eeg.patient import (  # noqa: PLC0415 - as above
            patient_log_line_length,
            patient_probability,
        )

        if scored is None:
            return self._nothing()
        return {
            **self._nothing(),
            "probability": _known(patient_probability(scored)),
            "log_line_length": _known(patient_log_line_length(scored)),
            "good_channels": scored.quality.count("good"),
            "channel_probability": _shown(scored.probability, decimals=4),
            "channel_quality": list(scored.quality),
            "channel_amplitude_uv": _shown(scored.amplitude_uv, decimals=1),
        }

    def _nothing(self) -> Row:
        return dict.fromkeys(RESULT) | {
            "model": self._scorer.model,
            "threshold": self._scorer.threshold,
            "good_channels": 0,
        }


def _window(
    channels: Sequence[str],
    rate_hz: float,
    uv_per_count: float,
    samples: Sequence[str | None],
) -> Window | None:
    """Return the window, if it is whole and each of its seconds can be read."""
    known = [each for each in samples if each is not None]
    if len(known) < len(samples) or not LEAST_RATE_HZ <= rate_hz <= MOST_RATE_HZ:
        return None
    try:
        samples_uv = decoded(known, channels, rate_hz, uv_per_count)
    except PacketError:
        return None
    except Exception:
        logger.exception("a window cannot be taken apart")
        return None
    return Window(rate_hz, tuple(channels), samples_uv)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _shown(numbers: NDArray[np.float64], decimals: int) -> list[float | None]:
    """Return ``numbers`` as far as anybody reads them: each digit is sent for ever."""
    rounded = np.round(numbers, decimals).tolist()
    return [None if math.isnan(number) else number for number in rounded]


def score(function: ScoreWindows) -> UserDefinedScalarFunctionWrapper:
    """Return ``function`` in the form that a table environment registers."""
    fields = [DataTypes.FIELD(name, of) for name, of in RESULT.items()]
    return udf(
        function,
        result_type=DataTypes.ROW(fields),
        func_type="pandas",
        deterministic=False,
    )
