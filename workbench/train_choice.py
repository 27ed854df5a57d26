"""Which candidate goes into service, and what its card says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED

import numpy as np
from skops import io

from eeg.conditioning import HIGH_HZ, LOW_HZ, RATE_HZ
from eeg.features import NAMES
from eeg.model import CARD_FILE, LIBRARIES, MODEL_FILE, Card, load, sha256
from eeg.window import WINDOW_S
from workbench.train_evaluation import FOLDS, INNER_FOLDS, Evaluation, Fitted
from workbench.train_figures import (
    by_recordings,
    by_windows,
    importance,
    largest_shift,
    rounded,
    shift,
)

AS_GOOD: Final = 0.002
"""Areas under the curve that differ by less are alike: other folds differ as much."""

THRESHOLD_CHOSEN: Final = (
    "where sensitivity and specificity meet, on unchanged windows judged by models"
    f" that had not seen their recording ({INNER_FOLDS} folds of what was learned from)"
)
CAUTIONS: Final = (
    "Not a medical device. Nothing was validated on continuous scalp EEG.",
    "Figures are of selected pieces of 23.6 s: they tell no false alarms in a day.",
    "Who was recorded is not published: folds are of recordings, not of people.",
    "Sets C, D and E are from inside the skull, A and B from the scalp.",
    "E against D is the fair comparison: the same electrodes.",
    "Calibrated for one seizure window in five, as in the archive.",
)


def chosen(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return the one that should carry over best.

    Of those that are free of gain, and under the change that suits them least about
    as good as the best, seizures against the hard set: the one that changes move least.
    """
    fair = [each for each in evaluations if each.candidate.gain_free]
    best_auc = max(map(worst_hard_auc, fair))
    good = [each for each in fair if worst_hard_auc(each) > best_auc - AS_GOOD]
    return min(good, key=largest_shift)


def worst_hard_auc(evaluation: Evaluation) -> float:
    """Return the area under the curve against the hard set, at its worst change."""
    return min(by_windows(each).auc_hard for each in evaluation.changed.values())


@dataclass(frozen=True, slots=True)
class Source:
    """What was learned from: files with their digests, and what is in them."""

    files: Mapping[str, str]
    recordings: Mapping[str, int]
    windows: int
    left_out: int
    augmented_copies: int


def save(
    folder: Path,
    fitted: Fitted,
    source: Source,
    scores: Mapping[str, Any],
) -> Card:
    """Write the model and the card that fits it; return the card.

    Raises
    ------
    ModelError
        If what was written would be refused in service.
    """
    vars(fitted.estimator).pop("named_estimators_", None)  # would be written twice
    data = io.dumps(fitted.estimator, compression=ZIP_DEFLATED)
    card = Card(
        kind=fitted.candidate.name,
        features=NAMES,
        rate_hz=RATE_HZ,
        band_hz=(LOW_HZ, HIGH_HZ),
        window_s=WINDOW_S,
        sha256=sha256(data),
        calibration=fitted.calibration,
        threshold=fitted.threshold,
        threshold_chosen=THRESHOLD_CHOSEN,
        versions={name: metadata.version(name) for name in LIBRARIES},
        training=asdict(source),
        scores=dict(scores),
        cautions=CAUTIONS,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(data)
    (folder / CARD_FILE).write_text(card.model_dump_json(indent=2) + "\n")
    return load(folder).card


def scores(
    evaluations: Sequence[Evaluation], best: Evaluation, leaky: Mapping[str, float]
) -> dict[str, Any]:
    """Return all figures as the card holds them."""
    worth = importance(best, np.random.default_rng(0))
    return {
        "folds": f"{FOLDS} of recordings",
        "by_window": rounded(by_windows(best.plain)),
        "by_recording": rounded(by_recordings(best.plain)),
        "moved_by": {name: rounded(shift(best, name)) for name in best.changed},
        "candidates_by_window": {
            each.candidate.name: {
                **rounded(by_windows(each.plain)),
                "largest_shift": round(largest_shift(each), 4),
            }
            for each in evaluations
        },
        "warning_auc_by_way_of_splitting": {
            name: round(auc, 4) for name, auc in leaky.items()
        },
        "loss_of_hard_auc_without": {
            name: round(float(loss), 4) for name, loss in zip(NAMES, worth, strict=True)
        },
    }
