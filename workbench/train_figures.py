"""What is told of a judgement: by window, and by recording."""

from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, roc_auc_score

from workbench.train_candidates import Candidate
from workbench.train_evaluation import FOLDS, Evaluation, Judged, unseen
from workbench.train_folds import by_recording, by_window
from workbench.train_rows import Rows

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of a judgement.

    ``auc_hard`` is of the seizures against the set that is hardest to tell from them;
    sensitivity and specificity are at the threshold of the training folds.
    """

    auc: float
    auc_hard: float
    sensitivity: float
    specificity: float
    brier: float


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the figures move when recordings change."""

    auc: float
    sensitivity: float
    specificity: float

    @property
    def largest(self) -> float:
        """Return the larger move of sensitivity and specificity, in either sense."""
        return max(abs(self.sensitivity), abs(self.specificity))


def by_windows(judged: Judged) -> Figures:
    """Return the figures with each window counted as one."""
    return _figures(judged.rows, judged.probability, judged.fires)


def by_recordings(judged: Judged) -> Figures:
    """Return the figures with each recording counted as one: the mean of its windows.

    A recording fires when at least half of its windows do.
    """
    _, first, number = np.unique(
        judged.rows.recording, return_index=True, return_inverse=True
    )
    count = np.bincount(number)
    chosen = np.zeros(len(judged.rows), bool)
    chosen[first] = True
    one_each = judged.rows.where(chosen)
    in_order = number[chosen]
    probability = (np.bincount(number, judged.probability) / count)[in_order]
    fires = (np.bincount(number, judged.fires) / count)[in_order] >= HALF
    return _figures(one_each, probability, fires)


HALF: Final = 0.5


def shift(evaluation: Evaluation, change: str) -> Shift:
    """Return what a change does to a candidate's figures by window."""
    plain = by_windows(evaluation.plain)
    moved = by_windows(evaluation.changed[change])
    return Shift(
        moved.auc - plain.auc,
        moved.sensitivity - plain.sensitivity,
        moved.specificity - plain.specificity,
    )


def largest_shift(evaluation: Evaluation) -> float:
    """Return the largest move of sensitivity or specificity under any change."""
    return max(shift(evaluation, change).largest for change in evaluation.changed)


def leaky_and_honest(candidate: Candidate, rows: Rows) -> dict[str, float]:
    """Return the area under the curve with folds by window, and by recording.

    Both of the same rows, so that the split alone makes the difference.
    """
    splits = {"by window (leaks)": by_window, "by recording": by_recording}
    return {
        name: float(
            roc_auc_score(rows.seizure, unseen(candidate, rows, split(rows, FOLDS)))
        )
        for name, split in splits.items()
    }


def importance(evaluation: Evaluation, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return what each feature is worth, shape (n_features,).

    It is the loss of area under the curve, seizures against the hard set, when the
    feature's values are shuffled among recordings the model had not seen.
    """
    n_features = evaluation.plain.rows.features.shape[1]
    lost = np.zeros(n_features)
    for fitted, judged in evaluation.folds:
        rows = judged.rows.where(judged.rows.hard)
        whole = roc_auc_score(rows.seizure, fitted.probability(rows))
        for column in range(n_features):
            shuffled = rows.features.copy()
            shuffled[:, column] = rng.permutation(shuffled[:, column])
            without = fitted.probability(replace(rows, features=shuffled))
            lost[column] += whole - roc_auc_score(rows.seizure, without)
    return lost / len(evaluation.folds)


def rounded(figures: Figures | Shift) -> dict[str, float]:
    """Return figures as a card shows them."""
    return {name: round(value, 4) for name, value in asdict(figures).items()}


def _figures(rows: Rows, probability: Array, fires: NDArray[np.bool_]) -> Figures:
    return Figures(
        auc=float(roc_auc_score(rows.seizure, probability)),
        auc_hard=float(roc_auc_score(rows.seizure[rows.hard], probability[rows.hard])),
        sensitivity=float(fires[rows.seizure].mean()),
        specificity=float((~fires[~rows.seizure]).mean()),
        brier=float(brier_score_loss(rows.seizure, probability)),
    )
