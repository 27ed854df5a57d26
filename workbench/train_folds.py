"""Which rows are learned from and which are judged, and the guard between them.

Windows of one recording are siblings: a model that has seen one knows the others. So
folds are of recordings. The other way, by window, is kept to show what it would claim.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from workbench.train_rows import Rows

SEED: Final = 1
Folds = NDArray[np.int64]


class LeakageError(Exception):
    """A recording is on both sides of a split."""


def by_recording(rows: Rows, n_folds: int) -> Folds:
    """Return each row's fold; a recording's rows, changed or not, share theirs."""
    kfold = StratifiedGroupKFold(n_folds, shuffle=True, random_state=SEED)
    kind = rows.seizure.astype(int) + rows.hard
    folds = _numbers(kfold.split(rows.features, kind, rows.recording), len(rows))
    demand_apart(rows.recording, folds)
    return folds


def by_window(rows: Rows, n_folds: int) -> Folds:
    """Return each row's fold, drawn for each window by itself: it leaks."""
    kfold = StratifiedKFold(n_folds, shuffle=True, random_state=SEED)
    return _numbers(kfold.split(rows.features, rows.seizure), len(rows))


def demand_apart(recording: NDArray[np.int64], folds: Folds) -> None:
    """Refuse folds that have a recording on both sides of a split.

    Raises
    ------
    LeakageError
        If it is so, with how many recordings.
    """
    pairs = np.unique(np.column_stack([recording, folds]), axis=0)
    shared = len(pairs) - len(np.unique(recording))
    if shared:
        msg = f"recordings on both sides of a split: {shared} times"
        raise LeakageError(msg)


def _numbers(splits: Iterator[tuple[Folds, Folds]], n_rows: int) -> Folds:
    folds = np.empty(n_rows, np.int64)
    for number, (_, judged) in enumerate(splits):
        folds[judged] = number
    return folds
