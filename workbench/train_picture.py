"""A training as a picture: ROC, calibration, operating points, importance."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_curve

from eeg.features import NAMES
from workbench.train_evaluation import Evaluation
from workbench.train_figures import by_windows, importance

STYLE: Final = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e8eb",
    "svg.hashsalt": "vigil",
}
INK: Final = "#2b2f36"
FAINT: Final = "#8a9099"
ALARM: Final = "#d6453d"
TITLE: Final = (
    "Windows of 4 s of recordings not seen; selected pieces, no continuous EEG"
)
NEAR: Final = 0.1
"""The corner of the ROC that matters: beyond, nobody would listen any more."""

BINS: Final = 10


def draw(evaluations: Sequence[Evaluation], best: Evaluation, file: Path) -> None:
    """Write the picture; the same evaluations give the same file."""
    with mpl.rc_context(STYLE):  # type: ignore[arg-type] # its names are a union
        figure = Figure(figsize=(11, 8.5), layout="constrained")
        figure.suptitle(TITLE, x=0.01, ha="left")
        left, right = figure.subplots(2, 2)
        _roc(left[0], evaluations, best)
        _calibration(left[1], best)
        _operating_points(right[0], best)
        _importance(right[1], best)
        figure.savefig(file, metadata={"Date": None}, facecolor="white")


def _roc(axes: Axes, evaluations: Sequence[Evaluation], best: Evaluation) -> None:
    axes.set_title("ROC, seizures against all the rest")
    axes.set(xlabel="false positive windows", ylabel="seizure windows found")
    axes.set(xlim=(0, NEAR), ylim=(1 - 2 * NEAR, 1.005))
    for each in evaluations:
        false, found, _ = roc_curve(each.plain.rows.seizure, each.plain.probability)
        label = f"{each.candidate.name}, {by_windows(each.plain).auc:.4f}"
        axes.plot(false, found, label=label, linewidth=2 if each is best else 1)
    axes.legend(frameon=False, loc="lower right")


def _calibration(axes: Axes, best: Evaluation) -> None:
    axes.set_title("Calibration")
    axes.set(xlabel="probability told", ylabel="seizures among")
    held, told = calibration_curve(
        best.plain.rows.seizure, best.plain.probability, n_bins=BINS
    )
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
    axes.plot(told, held, marker="o", color=INK)


def _operating_points(axes: Axes, best: Evaluation) -> None:
    axes.set_title("Operating points")
    axes.set(xlabel="threshold", ylabel="share of windows", ylim=(0.8, 1.005))
    thresholds = np.linspace(0.01, 0.99, 99)
    fires = best.plain.probability[:, None] >= thresholds
    seizure = best.plain.rows.seizure
    axes.plot(thresholds, fires[seizure].mean(axis=0), label="sensitivity", color=ALARM)
    axes.plot(
        thresholds, 1 - fires[~seizure].mean(axis=0), label="specificity", color=INK
    )
    for number, (fitted, _) in enumerate(best.folds):
        label = "the five folds' own" if number == 0 else None
        axes.axvline(fitted.threshold, color=FAINT, linewidth=0.8, label=label)
    axes.legend(frameon=False, loc="lower center")


def _importance(axes: Axes, best: Evaluation) -> None:
    axes.set_title("AUC of E against D lost without")
    worth = importance(best, np.random.default_rng(0))
    order = np.argsort(worth)
    axes.barh([NAMES[i] for i in order], worth[order], color=INK)
    axes.tick_params(axis="y", labelsize=7, length=0)
    axes.grid(visible=False, axis="y")
