"""One window that nobody can score does not take the others with it."""

from collections.abc import Sequence
from typing import NoReturn

import pandas as pd
import pytest

from eeg.model import ModelError
from eeg.scoring import Scored
from eeg.window import Window
from jobs import score_eeg
from jobs.eeg_scoring import ScoreWindows
from tests.jobs.eeg_seconds import CHANNELS, RATE_HZ, StandIn, second

SECONDS = 4


class Fragile(StandIn):
    """Cannot bear a window that begins with seven counts."""

    def score(self, windows: Sequence[Window]) -> list[Scored]:
        """Return what stands in each window, or give up on all of them."""
        if any(window.samples_uv[0, 0] == 7 * 0.5 for window in windows):
            msg = "seven"
            raise ZeroDivisionError(msg)
        return super().score(windows)


def scored(*begins: int, rate_hz: float = RATE_HZ) -> pd.DataFrame:
    """Score windows of whole seconds, each from a number of counts on."""
    function = ScoreWindows(Fragile)
    function.open(None)
    n = len(begins)
    samples = [
        pd.Series([second(t + k, rate_hz=rate_hz)["samples"] for t in begins])
        for k in range(SECONDS)
    ]
    named = pd.Series([list(CHANNELS)] * n)
    settings = pd.Series([rate_hz] * n), pd.Series([0.5] * n)
    return function.eval(named, *settings, *samples)


def test_the_others_are_scored() -> None:
    told = scored(1, 7, 9)
    assert told["probability"].tolist() == [0.512, None, 0.512]
    assert told["good_channels"].tolist() == [2, 0, 2]
    assert told["model"].tolist() == ["stand-in 1"] * 3


def test_no_window_at_all_is_no_error() -> None:
    assert scored().empty


@pytest.mark.parametrize(
    ("rate_hz", "is_scored"), [(99.0, False), (100.0, True), (20_000.0, True)]
)
def test_a_rate_that_the_model_cannot_use_is_not_scored(
    rate_hz: float, *, is_scored: bool
) -> None:
    [probability] = scored(1, rate_hz=rate_hz)["probability"]
    assert (probability is not None) is is_scored


def test_a_model_that_does_not_fit_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unfit() -> NoReturn:
        msg = "threshold is 0.4 on the card, 0.5 here"
        raise ModelError(msg)

    monkeypatch.setattr(score_eeg, "trained", unfit)
    with pytest.raises(SystemExit, match=r"^threshold is 0\.4 on the card, 0\.5 here$"):
        score_eeg.demand_model()
